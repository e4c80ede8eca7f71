//! SQL: what is created.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LanguageSpec, Named, Place, Reference, Scope, Text,
};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        created("create_table", "table").scope(Scope::Type),
        created("create_view", "view"),
        created("create_materialized_view", "view"),
        created("create_function", "function").scope(Scope::Function),
        created("create_trigger", "trigger"),
        created("create_index", "index"),
        created("create_type", "type").scope(Scope::Type),
        created("create_sequence", "sequence"),
        created("create_schema", "schema"),
        created("create_database", "database"),
        created("create_role", "role"),
        created("create_extension", "extension"),
        Definition::new("keyword_create", "statement").special("lost", lost).place(Place::NotLocal),
        Definition::new("column_definition", "field").special("column", column).place(Place::Member),
    ],
    references: &[Reference::call("invocation", FIRST)],
    tails: &[("object_reference", "name")],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment", "marginalia"], markers: &[], docstring: false },
    semicolon: true,
    ..LanguageSpec::empty("sql", 2, || tree_sitter_sequel::LANGUAGE.into(), "tree-sitter-sequel 0.3.11")
};

const fn created(node: &'static str, kind: &'static str) -> Definition {
    Definition::new(node, kind).special("object", object)
}

/// The object by its name, its schema before it.
fn object(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let parts = ["object_reference", "identifier"];
    let Some(reference) = node.child_by_field_name("column").or_else(|| child(node, &parts)) else { return };
    let name = reference.child_by_field_name("name").unwrap_or(reference);
    let body = child(node, &["column_definitions", "function_body", "create_query", "index_fields"]);
    let mut named = Named::new(unquoted(name, context)).body(body);
    named.qualifier = reference.child_by_field_name("schema").map(|schema| match unquoted(schema, context) {
        Text::Span(start, end) => Text::Span(start, end),
        other => other,
    });
    found.push(named);
}

fn column(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    found.push(Named::new(unquoted(name, context)));
}

/// The text of a name without any dialect's quotes.
fn unquoted(node: Node<'_>, context: &Context<'_>) -> Text {
    match context.text(node) {
        [b'"', _, .., b'"'] | [b'\'', _, .., b'\''] | [b'`', _, .., b'`'] => {
            Text::Span(node.start_byte() as u32 + 1, node.end_byte() as u32 - 1)
        }
        _ => Text::of(node),
    }
}

/// Longest statement that is looked for its end, in bytes.
const STATEMENT: usize = 64 << 10;

/// A statement that the grammar does not know (procedures) or got wrong: read by its words, up to its `;`.
fn lost(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    if node.parent().is_none_or(|n| !n.is_error()) {
        return;
    }
    let start = node.start_byte();
    let statement = context.bytes.get(start..context.bytes.len().min(start + STATEMENT)).unwrap_or_default();
    let mut kind = None;
    let mut at = 0;
    for _ in 0..12 {
        let rest = statement.get(at..).unwrap_or_default();
        at += rest.len() - rest.trim_ascii_start().len();
        let rest = statement.get(at..).unwrap_or_default();
        let ends = |b: &u8| b.is_ascii_whitespace() || b"(;,".contains(b);
        let word = rest.get(..rest.iter().position(ends).unwrap_or(rest.len())).unwrap_or_default();
        if let Some(kind) = kind.filter(|_| !is_one_of(word, &["if", "not", "exists", "concurrently"])) {
            found.extend(recovered(kind, start, at, word, statement));
            return;
        }
        at += word.len();
        kind = kind.or(match word.to_ascii_lowercase().as_slice() {
            b"function" => Some("function"),
            b"procedure" | b"proc" => Some("procedure"),
            b"table" => Some("table"),
            b"view" => Some("view"),
            b"trigger" => Some("trigger"),
            b"type" => Some("type"),
            b"package" => Some("package"),
            b"" => return,
            _ => None,
        });
    }
}

fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    words.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(word))
}

/// `schema.name` at `at` of a statement that starts at `start`.
fn recovered(kind: &'static str, start: usize, at: usize, word: &[u8], statement: &[u8]) -> Option<Named> {
    let is_quote = |b: &u8| b"\"`[]".contains(b);
    let dot = memchr::memrchr(b'.', word).map_or(0, |dot| dot + 1);
    let bare = |from: usize, to: usize| {
        let part = word.get(from..to)?;
        let opens = usize::from(part.first().is_some_and(is_quote));
        let closes = usize::from(part.last().is_some_and(is_quote));
        (opens + closes < part.len())
            .then(|| Text::Span((start + at + from + opens) as u32, (start + at + to - closes) as u32))
    };
    let mut named = Named::new(bare(dot, word.len())?).kind(kind);
    named.qualifier = dot.checked_sub(1).and_then(|dot| bare(0, dot));
    let behind = at + word.len();
    named.until = Some((start + behind + end(statement.get(behind..)?)) as u32);
    named.body = Some((start + behind) as u32);
    Some(named)
}

/// Behind the `;` that ends a statement; one in dollar quotes does not.
fn end(rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = rest.get(at..).and_then(|rest| memchr::memchr2(b';', b'$', rest)) {
        at += found;
        let inside = rest.get(at..).unwrap_or_default();
        if inside.first() == Some(&b';') {
            return at + 1;
        }
        let tag = inside.iter().skip(1).position(|b| !b.is_ascii_alphanumeric() && *b != b'_').map_or(0, |n| n + 1);
        if inside.get(tag) != Some(&b'$') {
            at += 1;
            continue;
        }
        let (open, behind) = inside.split_at(tag + 1);
        match memchr::memmem::find(behind, open) {
            Some(close) => at += close + 2 * open.len(),
            // Looking further would cost a pass for each.
            None => return rest.len(),
        }
    }
    rest.len()
}
