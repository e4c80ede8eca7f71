//! A file's outline as a tree over its lines.

use std::ops::Range;

use arrow::array::{Array, StringArray, UInt32Array};

use super::text::Text;
use crate::table::{Batch, TableError};

/// The columns of the `outline` table that chunks are made from.
pub(super) struct Columns<'a> {
    pub(super) path: &'a StringArray,
    region: &'a UInt32Array,
    role: &'a StringArray,
    kind: &'a StringArray,
    name: &'a StringArray,
    qualified_name: &'a StringArray,
    signature: &'a StringArray,
    visibility: &'a StringArray,
    doc_start: &'a UInt32Array,
    doc_end: &'a UInt32Array,
    start_byte: &'a UInt32Array,
    end_byte: &'a UInt32Array,
    body_start: &'a UInt32Array,
    parent: &'a UInt32Array,
}

impl<'a> Columns<'a> {
    pub(super) fn new(outline: &'a Batch) -> Result<Self, TableError> {
        Ok(Self {
            path: outline.column("path")?,
            region: outline.column("region")?,
            role: outline.column("role")?,
            kind: outline.column("kind")?,
            name: outline.column("name")?,
            qualified_name: outline.column("qualified_name")?,
            signature: outline.column("signature")?,
            visibility: outline.column("visibility")?,
            doc_start: outline.column("doc_start")?,
            doc_end: outline.column("doc_end")?,
            start_byte: outline.column("start_byte")?,
            end_byte: outline.column("end_byte")?,
            body_start: outline.column("body_start")?,
            parent: outline.column("parent")?,
        })
    }
}

/// Kinds of units of infrastructure. In code they are definitions like others.
const UNITS: [&str; 10] =
    ["chart", "data", "input", "job", "module", "output", "play", "provider", "resource", "service"];

/// What an item is to its neighbours, from that which shares a chunk most readily.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Build {
    /// Data (a key, a constant, a rule of a style sheet), or without a body of several lines.
    Low,
    /// With a body of several lines.
    Tall,
    /// What a file of records is kept for, with a body of several lines: a job, a service, a resource. It shares no chunk
    /// with others of its sort.
    Unit,
    /// A part of a document that a heading opens: never shares.
    Section,
}

/// A definition or section.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) qualified_name: &'a str,
    pub(super) signature: &'a str,
    pub(super) visibility: Option<&'a str>,
    pub(super) region: u32,
    pub(super) build: Build,
    /// Stands in a fence: known as a symbol, never cut out of the text around it.
    pub(super) inner: bool,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) doc: Option<(u32, u32)>,
    /// First line, documentation above included.
    pub(super) first: u32,
    /// Line after the last.
    pub(super) last: u32,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
}

/// Definitions and sections of one file, in source order.
pub(super) struct Tree<'a> {
    pub(super) items: Vec<Item<'a>>,
    /// Those without a parent, in source order.
    pub(super) roots: Vec<usize>,
    /// Lines of fences, which are better not cut.
    pub(super) fences: Vec<Range<u32>>,
}

impl<'a> Tree<'a> {
    /// The tree of the rows `rows`, which are those of one file.
    pub(super) fn new(columns: &Columns<'a>, rows: Range<usize>, text: &Text<'_>) -> Self {
        let mut tree = Self { items: Vec::new(), roots: Vec::new(), fences: Vec::new() };
        // For each row the item that encloses the rows below it, and whether they stand in a fence.
        let mut around: Vec<(Option<usize>, bool)> = Vec::with_capacity(rows.len());
        for row in rows {
            let above = columns.parent.is_valid(row).then(|| columns.parent.value(row) as usize);
            let (parent, fenced) = above.and_then(|p| around.get(p).copied()).unwrap_or((None, false));
            let role = columns.role.value(row);
            if role == "reference" {
                around.push((parent, fenced));
                continue;
            }
            let mut item = columns.item(row, text);
            if item.kind == "fence" {
                tree.fences.push(item.first..item.last);
                around.push((parent, true));
                continue;
            }
            item.inner = fenced;
            around.push((Some(tree.items.len()), fenced));
            tree.add(item, parent);
        }
        tree
    }

    fn add(&mut self, mut item: Item<'a>, parent: Option<usize>) {
        let place = self.items.len();
        item.parent = parent;
        let siblings = match parent.and_then(|p| self.items.get_mut(p)) {
            Some(above) => {
                // Children stay inside, whatever the rows say.
                item.first = item.first.clamp(above.first, above.last);
                item.last = item.last.clamp(item.first, above.last);
                &mut above.children
            }
            None => &mut self.roots,
        };
        if !item.inner && item.first < item.last {
            siblings.push(place);
        }
        self.items.push(item);
    }

    pub(super) fn get(&self, item: usize) -> Option<&Item<'a>> {
        self.items.get(item)
    }

    /// `item` and what encloses it, innermost first.
    pub(super) fn chain(&self, item: Option<usize>) -> impl Iterator<Item = &Item<'a>> {
        let mut next = item;
        std::iter::from_fn(move || {
            let found = self.items.get(next?)?;
            next = found.parent;
            Some(found)
        })
    }
}

impl<'a> Columns<'a> {
    fn item(&self, row: usize, text: &Text<'_>) -> Item<'a> {
        let len = text.bytes.len() as u32;
        let end = self.end_byte.value(row).min(len);
        let start = self.start_byte.value(row).min(end);
        let doc = (self.doc_start.is_valid(row) && self.doc_end.is_valid(row))
            .then(|| (self.doc_start.value(row), self.doc_end.value(row).min(len)))
            .filter(|(from, to)| from < to);
        let top = doc.filter(|(_, to)| *to <= start).map_or(start, |(from, _)| from);
        let last = if start < end { text.line_of(end - 1) + 1 } else { text.line_of(start) };
        let body = if self.body_start.is_valid(row) { self.body_start.value(row).clamp(start, end) } else { end };
        Item {
            kind: self.kind.value(row),
            name: self.name.value(row),
            qualified_name: self.qualified_name.value(row),
            signature: self.signature.value(row),
            visibility: self.visibility.is_valid(row).then(|| self.visibility.value(row)),
            region: self.region.value(row),
            build: match self.kind.value(row) {
                _ if self.role.value(row) == "section" => Build::Section,
                "key" | "rule" | "field" | "constant" | "variable" => Build::Low,
                kind if body < end && text.line_of(body) + 1 < last => {
                    if UNITS.contains(&kind) {
                        Build::Unit
                    } else {
                        Build::Tall
                    }
                }
                _ => Build::Low,
            },
            inner: false,
            start,
            end,
            doc,
            first: text.line_of(top),
            last,
            parent: None,
            children: Vec::new(),
        }
    }
}
