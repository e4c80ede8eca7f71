//! A file's outline as a tree over its lines.

use std::ops::Range;

use arrow::array::{Array, StringArray, UInt32Array};

use super::text::{Coding, Text};
use super::zones::{Zone, Zones};
use crate::base::Unescaped;
use crate::table::{Batch, TableError};

/// Sections that are elements of their document: they are no part of it that a heading opens.
const ELEMENTS: [&str; 6] = ["block", "fence", "notebook", "script", "style", "template"];

/// The columns of the `outline` table that chunks are made from.
pub(super) struct Columns<'a> {
    pub(super) path: &'a StringArray,
    region: &'a UInt32Array,
    language: &'a StringArray,
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
            language: outline.column("language")?,
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
    /// Text of another language: cut for itself.
    Region,
}

/// A definition or section.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) qualified_name: &'a str,
    pub(super) signature: &'a str,
    pub(super) visibility: Option<&'a str>,
    pub(super) build: Build,
    /// Known as a symbol, never cut out of the text around it: stands in a fence of no known language, or has a region
    /// inside.
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
    pub(super) zones: Zones<'a>,
    /// Bytes of comments that document no definition. In order.
    pub(super) comments: Vec<(u32, u32)>,
    /// Bytes of elements around their regions: fence marks, tags, what a notebook has besides its cells. In order.
    marks: Vec<Range<u32>>,
    /// The text of regions whose bytes are JSON strings, by the regions' bytes. In order.
    strings: Vec<(Range<u32>, Unescaped)>,
}

/// An element that may hold regions.
struct Element {
    end: u32,
    /// Where the last of its regions ended.
    upto: u32,
    holds: bool,
}

impl Element {
    /// What stands before its next region.
    fn before(&mut self, region: &Item<'_>) -> Option<Range<u32>> {
        let before = self.upto..region.start;
        (self.holds, self.upto) = (true, self.upto.max(region.end));
        (before.start < before.end).then_some(before)
    }
}

/// What a row is inside of.
#[derive(Clone, Copy, Default)]
struct Around {
    item: Option<usize>,
    element: Option<usize>,
}

impl<'a> Tree<'a> {
    /// The tree of the rows `rows`, which are those of one file.
    pub(super) fn new(columns: &Columns<'a>, rows: Range<usize>, text: &Text<'_>, zones: Zones<'a>) -> Self {
        let mut tree = Self { zones, ..Self::empty() };
        let mut elements: Vec<Element> = Vec::new();
        let mut around: Vec<Around> = Vec::with_capacity(rows.len());
        for row in rows {
            let above = columns.parent.is_valid(row).then(|| columns.parent.value(row) as usize);
            let mut inside = above.and_then(|p| around.get(p).copied()).unwrap_or_default();
            let role = columns.role.value(row);
            if role == "comment" {
                tree.comments.extend(columns.bytes(row, text));
            } else if role != "reference" {
                let mut item = columns.item(row, text);
                if ELEMENTS.contains(&item.kind) && item.build == Build::Section {
                    tree.fences.push(item.first..item.last);
                    inside.element = Some(elements.len());
                    elements.push(Element { end: item.end, upto: item.start, holds: false });
                } else {
                    item.parent = inside.item;
                    if item.build == Build::Region {
                        let element = inside.element.take().and_then(|at| elements.get_mut(at));
                        tree.marks.extend(element.and_then(|element| element.before(&item)));
                        tree.unescape(&item, text);
                    }
                    item.inner = inside.element.is_some();
                    inside.item = Some(tree.items.len());
                    tree.items.push(item);
                }
            }
            around.push(inside);
        }
        tree.marks.extend(elements.iter().filter(|e| e.holds && e.upto < e.end).map(|e| e.upto..e.end));
        tree.marks.sort_unstable_by_key(|mark| (mark.start, mark.end));
        tree.dissolve();
        tree.link();
        tree
    }

    fn empty() -> Self {
        Self {
            items: Vec::new(),
            roots: Vec::new(),
            fences: Vec::new(),
            zones: Zones::default(),
            comments: Vec::new(),
            marks: Vec::new(),
            strings: Vec::new(),
        }
    }

    /// Keeps the text of a cell of a notebook. What stands in a cell is text of the cell.
    fn unescape(&mut self, item: &Item<'_>, text: &Text<'_>) {
        if item.kind == "cell" && self.strings.last().is_none_or(|(cell, _)| cell.end <= item.start) {
            self.strings.push((item.start..item.end, Unescaped::new(text.bytes, item.start, item.end)));
        }
    }

    /// A definition around a region cannot be cut as one thing: what stands in it becomes its neighbours' neighbour.
    fn dissolve(&mut self) {
        for region in 0..self.items.len() {
            let mut next = self.items.get(region).filter(|i| i.build == Build::Region).and_then(|i| i.parent);
            while let Some(item) = next.and_then(|at| self.items.get_mut(at)) {
                if item.inner {
                    break;
                }
                item.inner = item.build < Build::Section;
                next = item.parent;
            }
        }
    }

    /// Hangs each item under the nearest one around it that is cut.
    fn link(&mut self) {
        for place in 0..self.items.len() {
            let mut parent = self.items.get(place).and_then(|i| i.parent);
            while let Some(item) = parent.and_then(|at| self.items.get(at)).filter(|i| i.inner) {
                parent = item.parent;
            }
            let bounds = parent.and_then(|at| self.items.get(at)).map(|above| (above.first, above.last));
            let Some(item) = self.items.get_mut(place) else { continue };
            if let Some((first, last)) = bounds {
                // Children stay inside, whatever the rows say.
                item.first = item.first.clamp(first, last);
                item.last = item.last.clamp(item.first, last);
            }
            if item.inner || item.first >= item.last {
                continue;
            }
            match parent.and_then(|at| self.items.get_mut(at)) {
                Some(above) => above.children.push(place),
                None => self.roots.push(place),
            }
        }
    }

    /// Is there nothing in `start..end` but blank lines and what stands around regions?
    pub(super) fn is_marks(&self, text: &Text<'_>, start: u32, end: u32) -> bool {
        let (first, last) = (text.line_of(start), text.line_of(end.saturating_sub(1)));
        (first..=last).all(|line| {
            let at = text.start(line);
            let mark = self.marks.get(self.marks.partition_point(|mark| mark.end <= at));
            text.is_blank(line) || mark.is_some_and(|mark| mark.start <= at)
        })
    }

    /// The text of `start..end`, and whether its UTF-8 is exactly these bytes.
    pub(super) fn text(&self, text: &Text<'_>, start: u32, end: u32) -> (String, bool) {
        let cell = self.strings.get(self.strings.partition_point(|(cell, _)| cell.end <= start));
        match cell.filter(|(cell, _)| cell.start <= start && end <= cell.end) {
            Some((_, strings)) => (Coding::Utf8.decode(strings.between(start, end)).0, false),
            None => text.coding.decode(text.span(start, end)),
        }
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
    /// The embedded regions among `rows`, in order. There are none where a character has two bytes.
    pub(super) fn zones(&self, rows: Range<usize>, len: u32, coding: Coding) -> Zones<'a> {
        let narrow = !matches!(coding, Coding::Utf16 { .. });
        let regions = rows.filter(|row| narrow && self.role.value(*row) == "region");
        let zone = |row: usize| Zone {
            start: self.start_byte.value(row).min(len),
            end: self.end_byte.value(row).min(len),
            region: self.region.value(row),
            language: self.language.is_valid(row).then(|| self.language.value(row)),
        };
        Zones::new(&regions.map(zone).collect::<Vec<_>>(), len)
    }

    /// The bytes of a row; none where it is empty.
    fn bytes(&self, row: usize, text: &Text<'_>) -> Option<(u32, u32)> {
        let (start, end) = (self.start_byte.value(row), self.end_byte.value(row).min(text.bytes.len() as u32));
        (start < end).then_some((start, end))
    }

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
            build: match self.kind.value(row) {
                _ if self.role.value(row) == "section" => Build::Section,
                _ if self.role.value(row) == "region" => Build::Region,
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
