//! Erlang.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Scope, Text};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: ":",
    definitions: &[
        Definition::new("module_attribute", "module").special("module", module).scope(Scope::Namespace),
        Definition::new("fun_decl", "function").special("function", function).scope(Scope::Function),
        Definition::new("pp_define", "macro").special("macro", made).body("replacement"),
        Definition::new("record_decl", "struct").special("record", made).scope(Scope::Type),
        Definition::new("record_field", "field").special("field", field),
        Definition::new("type_alias", "type").special("type", made).body("ty"),
        Definition::new("opaque", "type").special("type", made).body("ty"),
        Definition::new("nominal", "type").special("type", made).body("ty"),
        Definition::new("callback", "callback").special("callback", made),
    ],
    references: &[
        Reference::special("call", "call", call),
        Reference::import("behaviour_attribute", "name"),
        Reference::import("import_attribute", "module"),
        Reference::import("pp_include", "file"),
        Reference::import("pp_include_lib", "file"),
    ],
    identifiers: &["atom"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    leading: &["spec"],
    inert: &["field_type", "spec"],
    ..LanguageSpec::empty("erlang", 1, || tree_sitter_erlang::LANGUAGE.into(), "tree-sitter-erlang 0.21.0")
};

/// The text of a name without the quotes of an atom.
fn plain(name: Node<'_>, context: &Context<'_>) -> Text {
    super::parts::unquoted(name, context)
}

/// The rest of the file is the module's.
fn module(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut named = Named::new(plain(name, context));
    named.level = 1;
    found.push(named);
}

/// Named by its field `name` or `fun`, or by that of its head.
fn made(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let head = node.child_by_field_name("lhs").or_else(|| node.child_by_field_name("name"));
    let Some(head) = head.or_else(|| node.child_by_field_name("fun")) else { return };
    let named = Named::new(plain(head.child_by_field_name("name").unwrap_or(head), context));
    let named = named.body(node.child_by_field_name("fields"));
    // Types hold nothing that is called.
    let typed = matches!(node.kind(), "type_alias" | "opaque" | "nominal" | "callback");
    found.push(if typed { named.sealed() } else { named });
}

/// A field of a record's declaration, not one of its uses.
fn field(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let declared = context.within == Scope::Type;
    if let Some(name) = node.child_by_field_name("name").filter(|_| declared) {
        found.push(Named::new(plain(name, context)));
    }
}

/// The clause of a declaration and its name.
fn clause(node: Node<'_>) -> Option<(Node<'_>, Node<'_>)> {
    let clause = (node.kind() == "fun_decl").then(|| node.child_by_field_name("clause")).flatten()?;
    Some((clause, clause.child_by_field_name("name")?))
}

/// The declaration beside another, over comments.
fn beside(node: Node<'_>, after: bool) -> Option<Node<'_>> {
    let mut at = node;
    loop {
        at = if after { at.next_named_sibling() } else { at.prev_named_sibling() }?;
        if !at.is_extra() {
            return Some(at);
        }
    }
}

/// A function with all its clauses: the grammar has a declaration for each, and all but the last end with `;`.
fn function(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some((first, name)) = clause(node) else { return };
    let word = context.text(name);
    let goes_on = |n: Node<'_>| context.text(n).ends_with(b";");
    let is_same = |n: Node<'_>| clause(n).is_some_and(|(_, other)| context.text(other) == word);
    if beside(node, false).is_some_and(|before| goes_on(before) && is_same(before)) {
        found.push(Named::nameless(Scope::Function));
        return;
    }
    let mut last = node;
    while goes_on(last) {
        let Some(next) = beside(last, true).filter(|next| is_same(*next)) else { break };
        last = next;
    }
    let body = child(first, &["clause_body"]);
    found.push(Named::new(plain(name, context)).body(body).until(last));
}

/// A call of a function of this module or, behind `module:`, of another.
fn call<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let callee = node.child_by_field_name("expr")?;
    let remote = node.parent().filter(|n| n.kind() == "remote");
    let module = remote.and_then(|n| n.child_by_field_name("module")).and_then(|n| n.child_by_field_name("module"));
    match module.filter(|n| n.kind() == "atom" && callee.kind() == "atom") {
        Some(module) => Some(Referred::Behind(module, callee)),
        None => Some(Referred::Callee(callee)),
    }
}
