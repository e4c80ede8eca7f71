//! What a walk finds, and its way into rows.

use std::cmp::Reverse;

use crate::nodes::extract::spec::{Role, Text};
use crate::table::schema::outline::OutlineRow;

use super::text::name;

/// A row of the outline before its place in the file's order is known.
#[derive(Clone, Debug)]
pub(in crate::nodes::extract) struct Entry {
    pub role: Role,
    pub kind: &'static str,
    pub name: Text,
    pub qualified: Text,
    pub signature: Text,
    pub visibility: Option<&'static str>,
    pub doc: Option<(u32, u32)>,
    pub start: u32,
    pub end: u32,
    pub body: u32,
}

/// The rows of `path`, in order, each with its parent.
pub(in crate::nodes::extract) fn rows(path: &str, mut entries: Vec<Entry>, bytes: &[u8]) -> Vec<OutlineRow> {
    // Stable: of two with the same bytes the one found first encloses the other.
    entries.sort_by_key(|e| (e.start, Reverse(e.end)));
    let mut open: Vec<(u32, u32)> = Vec::new();
    let mut rows = Vec::with_capacity(entries.len());
    for (at, entry) in entries.into_iter().enumerate() {
        while open.last().is_some_and(|(_, end)| *end < entry.end || *end <= entry.start) {
            open.pop();
        }
        rows.push(OutlineRow {
            path: path.to_owned(),
            ordinal: at as u32,
            region: 0,
            role: entry.role.name().to_owned(),
            kind: entry.kind.to_owned(),
            name: owned(entry.name, bytes),
            qualified_name: owned(entry.qualified, bytes),
            signature: owned(entry.signature, bytes),
            visibility: entry.visibility.map(str::to_owned),
            doc_start: entry.doc.map(|(start, _)| start),
            doc_end: entry.doc.map(|(_, end)| end),
            start_byte: entry.start,
            end_byte: entry.end,
            body_start: entry.body,
            parent: open.last().map(|(ordinal, _)| *ordinal),
        });
        if entry.role != Role::Reference {
            open.push((at as u32, entry.end));
        }
    }
    rows
}

fn owned(text: Text, bytes: &[u8]) -> String {
    match text {
        Text::Made(text) => text,
        other => name(&other, bytes).into_owned(),
    }
}
