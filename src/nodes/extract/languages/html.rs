//! HTML: headings as sections, elements with an id, scripts and styles as regions.

use tree_sitter::Node;

use crate::nodes::extract::embed::{self, Embedded};
use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Scope, Text};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: " > ",
    definitions: &[
        Definition::new("element", "section").special("headed", headed).section(),
        Definition::new("script_element", "script").special("raw", raw).section(),
        Definition::new("style_element", "style").special("raw", raw).section(),
    ],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["start_tag", "end_tag", "self_closing_tag", "script_element", "style_element", "doctype"],
    ..LanguageSpec::empty("html", 3, || tree_sitter_html::LANGUAGE.into(), "tree-sitter-html 0.23.2")
};

/// Most bytes of a heading that are looked at.
const HEADING: usize = 2048;

/// A heading by its text, any other element by its id.
fn headed(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(tag) = node.child(0).filter(|n| matches!(n.kind(), "start_tag" | "self_closing_tag")) else { return };
    let name = tag.named_child(0).map(|n| context.text(n)).unwrap_or_default();
    let level = match name {
        [b'h' | b'H', digit @ b'1'..=b'6'] => digit - b'0',
        _ => 0,
    };
    if level > 0 {
        let end = node.end_byte().min(tag.end_byte() + HEADING);
        let inside = context.bytes.get(tag.end_byte()..end).unwrap_or_default();
        let mut named = Named::new(Text::Made(without_tags(inside)));
        named.level = level;
        named.signature = ["", "h1", "h2", "h3", "h4", "h5", "h6"].get(usize::from(level)).copied();
        named.body = Some(node.end_byte() as u32);
        found.push(named.scope(Scope::Namespace));
        return;
    }
    if let Some(id) = value(tag, context, b"id") {
        let mut named = Named::node(id).kind("element");
        named.body = Some(tag.end_byte() as u32);
        found.push(named);
    }
}

/// The value of the attribute `name`.
fn value<'t>(tag: Node<'t>, context: &Context<'_>, name: &[u8]) -> Option<Node<'t>> {
    let children = tag.named_child_count().min(32) as u32;
    let attributes = (1..children).filter_map(|at| tag.named_child(at)).filter(|n| n.kind() == "attribute");
    for attribute in attributes {
        if attribute.named_child(0).is_some_and(|n| context.text(n).eq_ignore_ascii_case(name)) {
            let value = attribute.named_child(1)?;
            return if value.kind() == "quoted_attribute_value" { value.named_child(0) } else { Some(value) };
        }
    }
    None
}

/// A script or style and its text.
fn raw(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(tag) = node.child(0).filter(|n| n.kind() == "start_tag") else { return };
    let children = node.child_count().min(4);
    let Some(text) = (0..children).filter_map(|at| node.child(at)).find(|n| n.kind() == "raw_text") else { return };
    let attribute = |name| value(tag, context, name).map(|n| context.text(n));
    let (kind, lang) = (attribute(b"type"), attribute(b"lang"));
    let is_script = node.kind() == "script_element";
    let language = if is_script { embed::script(kind, lang) } else { embed::style(kind, lang) };
    let kind = if is_script { "script" } else { "style" };
    let mut named = Named::new(Text::Fixed(kind));
    named.body = Some(text.start_byte() as u32);
    named.signature = Some("");
    let region = language.map(|of| Embedded::new(of, kind, text.start_byte(), text.end_byte(), context.bytes));
    named.embedded.extend(region.flatten());
    found.push(named);
}

/// The text of a heading.
fn without_tags(inside: &[u8]) -> String {
    let mut text = Vec::with_capacity(inside.len());
    let mut in_tag = false;
    for byte in inside {
        match byte {
            b'<' => in_tag = true,
            b'>' if in_tag => in_tag = false,
            _ if !in_tag => text.push(*byte),
            _ => {}
        }
    }
    crate::nodes::extract::walk::fold(&text, 300)
}
