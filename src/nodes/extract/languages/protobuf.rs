//! Protocol Buffers.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Scope};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("package", "package").special("package", package).scope(Scope::Namespace),
        part("message", "message").scope(Scope::Type),
        part("group", "message").scope(Scope::Type),
        part("enum", "enum").scope(Scope::Type),
        part("service", "service").scope(Scope::Type),
        part("rpc", "rpc"),
        part("field", "field"),
        part("map_field", "field"),
        part("oneof", "oneof").scope(Scope::Open),
        part("oneof_field", "field"),
        part("enum_field", "constant"),
        part("extend", "extend").scope(Scope::Open),
    ],
    references: &[Reference::import("import", "path")],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["option", "field_options", "reserved"],
    ..LanguageSpec::empty("protobuf", 2, || tree_sitter_proto::LANGUAGE.into(), "tree-sitter-proto 0.6.0")
};

const fn part(node: &'static str, kind: &'static str) -> Definition {
    Definition::new(node, kind).special("part", named)
}

fn named(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let names = ["message_name", "enum_name", "service_name", "rpc_name", "identifier", "full_ident"];
    if let Some(name) = child(node, &names) {
        found.push(Named::node(name).body(child(node, &["message_body", "enum_body"])));
    }
}

/// The rest of the file is the package's.
fn package(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = child(node, &["full_ident"]) else { return };
    let mut named = Named::node(name);
    named.level = 1;
    found.push(named);
}
