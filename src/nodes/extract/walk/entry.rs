//! What a walk finds, and its way into rows.

use std::cmp::Reverse;

use crate::nodes::extract::spec::{Role, Text};
use crate::table::schema::outline::OutlineRow;

use super::text;

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
    /// Of a region.
    pub language: Option<&'static str>,
}

/// Where a row stands: the number of its region, and that region's language.
#[derive(Clone, Copy, Default)]
struct Place {
    region: u32,
    language: Option<&'static str>,
}

/// The rows of `path`, in order, each with its parent. Regions are numbered as they come; what stands in one is of its
/// language.
pub(in crate::nodes::extract) fn rows(path: &str, mut entries: Vec<Entry>, bytes: &[u8]) -> Vec<OutlineRow> {
    // Stable: of two with the same bytes the one found first encloses the other.
    entries.sort_by_key(|e| (e.start, Reverse(e.end)));
    let mut open: Vec<(u32, u32)> = Vec::new();
    let mut rows: Vec<OutlineRow> = Vec::with_capacity(entries.len());
    let mut places: Vec<Place> = Vec::with_capacity(entries.len());
    let mut regions = 0;
    for (at, entry) in entries.into_iter().enumerate() {
        while let Some((last, _)) = open.pop_if(|(_, end)| *end < entry.end || *end <= entry.start) {
            if let (Some((doc, _)), Some(before)) = (entry.doc, rows.get_mut(last as usize)) {
                yield_to(before, doc, entry.start, bytes);
            }
        }
        let around = open.last().and_then(|(row, _)| places.get(*row as usize)).copied().unwrap_or_default();
        let place = if entry.role == Role::Region {
            regions += 1;
            Place { region: regions, language: entry.language }
        } else {
            around
        };
        places.push(place);
        let (name, mut qualified_name) = (owned(entry.name, bytes), owned(entry.qualified, bytes));
        if entry.role == Role::Reference && qualified_name == name {
            qualified_name.clear();
        }
        rows.push(OutlineRow {
            path: path.to_owned(),
            ordinal: at as u32,
            region: place.region,
            language: place.language.map(str::to_owned),
            role: entry.role.name().to_owned(),
            kind: entry.kind.to_owned(),
            name,
            qualified_name,
            signature: owned(entry.signature, bytes),
            visibility: entry.visibility.map(str::to_owned),
            doc_start: entry.doc.map(|(start, _)| start),
            doc_end: entry.doc.map(|(_, end)| end),
            start_byte: entry.start,
            end_byte: entry.end,
            body_start: Some(entry.body).filter(|body| *body < entry.end),
            parent: open.last().map(|(ordinal, _)| *ordinal),
        });
        if !matches!(entry.role, Role::Reference | Role::Comment) {
            open.push((at as u32, entry.end));
        }
    }
    rows
}

/// Some grammars count comments behind a block to the block. Those that document the next definition are its own.
fn yield_to(row: &mut OutlineRow, doc: u32, next: u32, bytes: &[u8]) {
    if row.start_byte < doc && doc < row.end_byte && row.end_byte <= next {
        let kept = bytes.get(row.start_byte as usize..doc as usize).unwrap_or_default().trim_ascii_end();
        row.end_byte = row.start_byte + kept.len() as u32;
        row.body_start = row.body_start.filter(|body| *body < row.end_byte);
    }
}

fn owned(text: Text, bytes: &[u8]) -> String {
    match text {
        Text::Made(text) => text,
        other => text::name(&other, bytes).into_owned(),
    }
}
