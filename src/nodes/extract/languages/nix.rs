//! Nix.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LAST, LanguageSpec, Named, Reference, Referred, Scope, Text,
};

/// A path of attributes with more bytes is no name.
const PATH_BYTES: usize = 200;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[Definition::new("binding", "attribute").special("binding", binding).body("expression").levels(4)],
    references: &[
        Reference::special("apply_expression", "call", call),
        Reference::special("path_expression", "path", path),
        Reference::special("spath_expression", "path", path),
    ],
    tails: &[
        ("apply_expression", "function"),
        ("select_expression", "attrpath"),
        ("attrpath", LAST),
        ("variable_expression", "name"),
    ],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    ..LanguageSpec::empty("nix", 1, || tree_sitter_nix::LANGUAGE.into(), "tree-sitter-nix 0.3.0")
};

/// An attribute by its path; a function, where its value is one.
fn binding(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(path) = node.child_by_field_name("attrpath") else { return };
    let text = context.text(path);
    let inside = match text {
        [b'"', inner @ .., b'"'] if !inner.is_empty() && !inner.contains(&b'"') => 1,
        _ => 0,
    };
    if text.len() > PATH_BYTES {
        return;
    }
    let name = Text::Span(path.start_byte() as u32 + inside, path.end_byte() as u32 - inside);
    let is_function = node.child_by_field_name("expression").is_some_and(|value| value.kind() == "function_expression");
    let named = Named::new(name).scope(Scope::Namespace);
    found.push(if is_function { named.kind("function") } else { named });
}

/// A function with all its arguments: `f a b` applies what `f a` gives. `import` is told by its path.
fn call<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let function = node.child_by_field_name("function")?;
    let inner = node
        .parent()
        .is_some_and(|n| n.kind() == "apply_expression" && n.child_by_field_name("function") == Some(node));
    if inner {
        return None;
    }
    let innermost = std::iter::successors(Some(function), |n| {
        n.child_by_field_name("function").filter(|_| n.kind() == "apply_expression")
    });
    let callee = innermost.last()?;
    (!matches!(context.text(callee), b"import" | b"builtins.import")).then_some(Referred::Callee(callee))
}

/// Every path that is written whole is one of a file that the value needs.
fn path<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    (!context.text(node).contains(&b'$')).then_some(Referred::Import(node))
}
