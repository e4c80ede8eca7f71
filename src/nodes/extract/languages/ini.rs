//! INI.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Scope, Text};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("section", "section").special("section", section).scope(Scope::Namespace),
        Definition::new("setting", "key").special("setting", setting),
    ],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    ..LanguageSpec::empty("ini", 1, || tree_sitter_ini::LANGUAGE.into(), "tree-sitter-ini 1.4.0")
};

fn section(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = child(node, &["section_name"]).and_then(|head| child(head, &["text"])) else { return };
    found.push(Named::node(name).body(child(node, &["setting"])).trimmed(node, context));
}

fn setting(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = child(node, &["setting_name"]) else { return };
    let (start, length) = (name.start_byte(), context.text(name).trim_ascii_end().len());
    let mut named = Named::new(Text::Span(start as u32, (start + length) as u32)).trimmed(node, context);
    named = named.body(child(node, &["setting_value"]));
    found.push(named);
}
