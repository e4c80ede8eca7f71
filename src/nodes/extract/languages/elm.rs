//! Elm.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LAST, LanguageSpec, Named, Place, Reference, Scope};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("module_declaration", "module").special("module", module).scope(Scope::Namespace),
        Definition::new("value_declaration", "function").special("value", value).body("body").scope(Scope::Function),
        Definition::new("type_alias_declaration", "type")
            .special("alias", alias)
            .body("typeExpression")
            .scope(Scope::Type),
        Definition::new("type_declaration", "type").special("type", custom).scope(Scope::Open),
        Definition::new("union_variant", "constant"),
        Definition::new("field_type", "field").place(Place::Member),
        Definition::new("port_annotation", "port"),
        Definition::new("infix_declaration", "operator").named("operator"),
    ],
    references: &[Reference::call("function_call_expr", "target"), Reference::import("import_clause", "moduleName")],
    tails: &[("value_expr", "name"), ("value_qid", LAST), ("field_access_expr", LAST)],
    identifiers: &["lower_case_identifier", "upper_case_identifier"],
    docs: Docs { comments: &["block_comment", "line_comment"], markers: &[], docstring: false },
    leading: &["type_annotation"],
    inert: &["type_annotation", "exposing_list"],
    ..LanguageSpec::empty("elm", 1, || tree_sitter_elm::LANGUAGE.into(), "tree-sitter-elm 5.9.4")
};

/// The rest of the file is the module's.
fn module(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut named = Named::node(name).body(node.child_by_field_name("exposing"));
    named.level = 1;
    found.push(named);
}

/// A function; without parameters a constant, unless it is local.
fn value(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(head) = node.child_by_field_name("functionDeclarationLeft") else { return };
    let Some(name) = child(head, &["lower_case_identifier"]) else { return };
    let named = Named::node(name);
    if head.named_child_count() > 1 {
        found.push(named);
    } else if context.within != Scope::Function {
        found.push(named.kind("constant"));
    }
}

/// A record is a type with fields.
fn alias(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let made = node.child_by_field_name("typeExpression").and_then(|t| t.named_child(0));
    let is_record = made.is_some_and(|n| n.kind() == "record_type");
    found.push(if is_record { Named::node(name).kind("struct") } else { Named::node(name) });
}

fn custom(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    if let Some(name) = node.child_by_field_name("name") {
        found.push(Named::node(name).kind("enum").body(node.child_by_field_name("unionVariant")));
    }
}
