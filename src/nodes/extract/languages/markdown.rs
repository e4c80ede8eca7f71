//! Markdown: blocks only; what stands inside a paragraph is not looked at. Fences and front matter are regions.

use tree_sitter::Node;

use crate::nodes::extract::embed::{self, Embedded};
use crate::nodes::extract::spec::{Context, Definition, LanguageSpec, Named, Place, Scope, Text};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: " > ",
    definitions: &[
        heading("atx_heading"),
        heading("setext_heading"),
        Definition::new("fenced_code_block", "fence").special("language", language).section(),
        Definition::new("minus_metadata", "block").special("front_matter", front_matter).section(),
        Definition::new("plus_metadata", "block").special("front_matter", front_matter).section(),
    ],
    // A heading in a quotation or list does not divide the document.
    opaque: &["block_quote", "list"],
    inert: &["inline", "paragraph", "pipe_table", "html_block", "indented_code_block"],
    ..LanguageSpec::empty("markdown", 2, || tree_sitter_md::LANGUAGE.into(), "tree-sitter-md 0.5.4")
};

const fn heading(node: &'static str) -> Definition {
    Definition::new(node, "section")
        .special("heading", headed)
        .place(Place::NotLocal)
        .scope(Scope::Namespace)
        .section()
        .flat()
}

/// A heading by its text; its section goes on to the next of its level or a higher one.
fn headed(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let children = node.named_child_count().min(8) as u32;
    let markers = (0..children).filter_map(|at| node.named_child(at)).map(|marker| marker.kind());
    let level = markers.fold(6, |level, marker| match marker {
        "atx_h1_marker" | "setext_h1_underline" => 1,
        "atx_h2_marker" | "setext_h2_underline" => 2,
        "atx_h3_marker" => 3,
        "atx_h4_marker" => 4,
        "atx_h5_marker" => 5,
        _ => level,
    });
    let text = node.child_by_field_name("heading_content").map(|n| context.text(n)).unwrap_or_default();
    let text = text.trim_ascii();
    // A closing run of `#` is no part of the heading.
    let open = text.iter().rev().skip_while(|b| **b == b'#').count();
    let closed = open < text.len() && text.get(..open).is_some_and(|t| t.is_empty() || t.ends_with(b" "));
    let text = if closed { text.get(..open).unwrap_or(text).trim_ascii() } else { text };
    let mut named = Named::new(Text::Made(String::from_utf8_lossy(text).into_owned()));
    named.level = level;
    named.signature = ["", "h1", "h2", "h3", "h4", "h5", "h6"].get(usize::from(level)).copied();
    named.body = Some(node.end_byte() as u32);
    found.push(named);
}

/// The language of a fenced block, empty where none is named.
fn language(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let info = node.child_by_field_name("info_string");
    let language = info.and_then(|info| info.named_child(0)).filter(|n| n.kind() == "language");
    let children = node.named_child_count() as u32;
    let content = (0..children.min(8)).filter_map(|at| node.named_child(at)).find(|n| n.kind() == "code_fence_content");
    let mut named = language.map_or_else(|| Named::new(Text::Made(String::new())), Named::node).body(content);
    named.signature = Some("");
    let known = info.and_then(|info| embed::language(context.text(info)));
    if let (Some(known), Some(content)) = (known, content) {
        named.embedded.extend(code(known, content, context.bytes));
    }
    found.push(named);
}

/// The text of a fence, without the marks of quotations and the indentation of lists that stand before its lines.
fn code(language: &'static str, content: Node<'_>, bytes: &[u8]) -> Option<Embedded> {
    let region = Embedded::new(language, "fence", content.start_byte(), content.end_byte(), bytes)?.example();
    let mut cursor = content.walk();
    let mut ranges = Vec::new();
    let mut at = region.start;
    for mark in content
        .named_children(&mut cursor)
        .filter(|n| n.kind() == "block_continuation" && n.start_byte() < n.end_byte())
    {
        let (start, end) = (mark.start_byte() as u32, mark.end_byte() as u32);
        if at < start {
            ranges.push((at, start));
        }
        at = at.max(end);
    }
    if ranges.is_empty() && at == region.start {
        return Some(region);
    }
    if at < region.end {
        ranges.push((at, region.end));
    }
    Some(region.ranges(ranges))
}

/// What stands before a document between lines of `---` (YAML) or `+++` (TOML).
fn front_matter(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let text = context.text(node).trim_ascii_end();
    let language = embed::language(if text.starts_with(b"+") { b"toml" } else { b"yaml" });
    let first = memchr::memchr(b'\n', text).map(|at| at + 1);
    let last = memchr::memrchr(b'\n', text).map(|at| at + 1);
    let (Some(language), Some(first), Some(last)) = (language, first, last) else { return };
    let mut named = Named::new(Text::Fixed("front matter"));
    named.body = Some((node.start_byte() + first) as u32);
    named.signature = Some("");
    let region = (first < last)
        .then(|| Embedded::new(language, "block", node.start_byte() + first, node.start_byte() + last, context.bytes));
    named.embedded.extend(region.flatten().map(Embedded::example));
    found.push(named);
}
