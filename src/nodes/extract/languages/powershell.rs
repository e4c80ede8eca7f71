//! PowerShell.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LanguageSpec, Named, Reference, Referred, Scope, Text, Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("function_statement", "function").special("function", function),
        Definition::new("class_statement", "class").special("class", braced).scope(Scope::Type),
        Definition::new("enum_statement", "enum").special("class", braced).scope(Scope::Type),
        Definition::new("enum_member", "constant").special("member", braced),
        Definition::new("class_method_definition", "method").special("method", method),
        Definition::new("class_property_definition", "property").special("property", property),
        Definition::new("assignment_expression", "variable").special("assigned", assigned),
    ],
    references: &[
        Reference::special("command", "command", command),
        Reference::special("invokation_expression", "invocation", invocation),
    ],
    tails: &[("command_name_expr", FIRST), ("member_name", FIRST)],
    identifiers: &["command_name", "simple_name"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["script_block_expression"],
    inert: &["attribute_list", "type_literal", "param_block", "function_parameter_declaration"],
    visibility: Visibility::Words(&Words {
        nodes: &["class_attribute"],
        meanings: &[("hidden", "private")],
        top: None,
        member: Some("public"),
    }),
    ..LanguageSpec::empty("powershell", 1, || tree_sitter_powershell::LANGUAGE.into(), "tree-sitter-powershell 0.26.6")
};

/// The bytes of a node without `global:` and its like, or the `$` of a variable, before them.
fn local(node: Node<'_>, context: &Context<'_>) -> Text {
    let text = context.text(node);
    let scope = memchr::memrchr(b':', text).map_or(0, |at| at + 1);
    let sign = usize::from(scope == 0 && text.starts_with(b"$"));
    Text::Span((node.start_byte() + scope + sign) as u32, node.end_byte() as u32)
}

fn function(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = parts::part(node, &["function_name"]) else { return };
    let body = parts::part(node, &["{"]);
    found.push(Named::new(local(name, context)).scope(Scope::Function).body(body));
}

fn braced(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let name = parts::part(node, &["simple_name"]);
    found.extend(name.map(|name| Named::node(name).body(parts::part(node, &["{"]))));
}

/// A method; one without a type is a constructor.
fn method(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = parts::part(node, &["simple_name"]) else { return };
    let named = Named::node(name).scope(Scope::Function).body(parts::part(node, &["{"]));
    let typed = parts::part(node, &["type_literal"]).is_some();
    found.push(if typed { named } else { named.kind("constructor") });
}

fn property(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(parts::part(node, &["variable"]).map(|name| Named::new(local(name, context))));
}

/// A plain variable outside functions.
fn assigned(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(left) = node.named_child(0).filter(|_| context.within != Scope::Function) else { return };
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_:".contains(b);
    if context.text(left).strip_prefix(b"$").is_some_and(|rest| rest.iter().all(plain)) {
        found.push(Named::new(local(left, context)).body(node.child_by_field_name("value")));
    }
}

/// A command; `. file`, `using module x` and `Import-Module x` import.
fn command<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let name = node.child_by_field_name("command_name")?;
    let word = context.text(name);
    let sign = parts::part(node, &["command_invokation_operator"]);
    if sign.is_some_and(|sign| context.text(sign) == b".") {
        return Some(Referred::Import(name));
    }
    let skipped = match word.len() {
        5 if word.eq_ignore_ascii_case(b"using") => 1,
        13 if word.eq_ignore_ascii_case(b"Import-Module") => 0,
        _ => return Some(Referred::Callee(name)),
    };
    let written = |n: &Node<'_>| !matches!(n.kind(), "command_argument_sep" | "command_parameter");
    let elements = node.child_by_field_name("command_elements")?;
    parts::children(elements).filter(written).nth(skipped).map(Referred::Import)
}

fn invocation<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    parts::part(node, &["member_name"]).map(Referred::Callee)
}
