//! What a walk finds, and its way into rows.

use std::borrow::Cow;
use std::cmp::Reverse;

use crate::nodes::extract::spec::{Role, Text};

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

/// A row of the outline, its ordinal and path aside: it stands at its place among those of its file. A file has
/// thousands, so that its texts are those of the file where they can be.
#[derive(Clone, Debug)]
pub(in crate::nodes::extract) struct Line<'a> {
    pub region: u32,
    pub language: Option<&'static str>,
    pub role: Role,
    pub kind: &'static str,
    pub name: Cow<'a, str>,
    pub qualified_name: Cow<'a, str>,
    pub signature: Cow<'a, str>,
    pub visibility: Option<&'static str>,
    pub doc: Option<(u32, u32)>,
    pub start: u32,
    pub end: u32,
    pub body: Option<u32>,
    pub parent: Option<u32>,
}

/// The rows of a file, in order, each with its parent. Regions are numbered as they come; what stands in one is of its
/// language.
pub(in crate::nodes::extract) fn lines(mut entries: Vec<Entry>, bytes: &[u8]) -> Vec<Line<'_>> {
    // Stable: of two with the same bytes the one found first encloses the other.
    entries.sort_by_key(|e| (e.start, Reverse(e.end)));
    let mut open: Vec<(u32, u32)> = Vec::new();
    let mut rows: Vec<Line<'_>> = Vec::with_capacity(entries.len());
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
        let (name, mut qualified_name) = (shown(entry.name, bytes), shown(entry.qualified, bytes));
        if entry.role == Role::Reference && qualified_name == name {
            qualified_name = Cow::Borrowed("");
        }
        rows.push(Line {
            region: place.region,
            language: place.language,
            role: entry.role,
            kind: entry.kind,
            name,
            qualified_name,
            signature: shown(entry.signature, bytes),
            visibility: entry.visibility,
            doc: entry.doc,
            start: entry.start,
            end: entry.end,
            body: Some(entry.body).filter(|body| *body < entry.end),
            parent: open.last().map(|(ordinal, _)| *ordinal),
        });
        if !matches!(entry.role, Role::Reference | Role::Comment) {
            open.push((at as u32, entry.end));
        }
    }
    rows
}

/// Some grammars count comments behind a block to the block. Those that document the next definition are its own.
fn yield_to(row: &mut Line<'_>, doc: u32, next: u32, bytes: &[u8]) {
    if row.start < doc && doc < row.end && row.end <= next {
        let kept = bytes.get(row.start as usize..doc as usize).unwrap_or_default().trim_ascii_end();
        row.end = row.start + kept.len() as u32;
        row.body = row.body.filter(|body| *body < row.end);
    }
}

fn shown(text: Text, bytes: &[u8]) -> Cow<'_, str> {
    match text {
        Text::Made(text) => Cow::Owned(text),
        Text::Fixed(text) => Cow::Borrowed(text),
        Text::Span(start, end) => text::span(bytes, start, end),
    }
}
