//! The references of a shard's files, from `outline` and `chunks`.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use arrow::array::{Array, BinaryArray, StringArray, UInt32Array};

use super::around::{Around, around, is_word};
use super::bindings::{Import, read};
use super::crates::MODULE;
use super::kinds::stem;
use super::locals::{self, Declared};
use super::rules::{Binds, COLONS, Imports, Locals, Rules, of};
use super::words;
use super::written::{Written, made};
use crate::base::Cancel;
use crate::nodes::{Before, Binding, NodeError, Reference, References, ReferringFile, Relation, SeenBy};
use crate::table::{Batch, TableError};

/// Kind of a region whose bytes are strings of JSON.
const CELL: &str = "cell";

/// Columns of `outline` that are read.
pub(super) struct Outline<'a> {
    path: &'a StringArray,
    role: &'a StringArray,
    pub(super) kind: &'a StringArray,
    name: &'a StringArray,
    pub(super) qualified_name: &'a StringArray,
    pub(super) start_byte: &'a UInt32Array,
    pub(super) end_byte: &'a UInt32Array,
    body_start: &'a UInt32Array,
    parent: &'a UInt32Array,
    visibility: &'a StringArray,
}

/// Columns of `chunks` that are read.
struct Chunks<'a> {
    path: &'a StringArray,
    chunk_id: &'a StringArray,
    language: &'a StringArray,
    start_line: &'a UInt32Array,
    start_byte: &'a UInt32Array,
    end_byte: &'a UInt32Array,
    text: &'a StringArray,
    text_bytes: &'a BinaryArray,
}

impl<'a> Outline<'a> {
    fn of(batch: &'a Batch) -> Result<Self, TableError> {
        Ok(Self {
            path: batch.column("path")?,
            role: batch.column("role")?,
            kind: batch.column("kind")?,
            name: batch.column("name")?,
            qualified_name: batch.column("qualified_name")?,
            start_byte: batch.column("start_byte")?,
            end_byte: batch.column("end_byte")?,
            body_start: batch.column("body_start")?,
            parent: batch.column("parent")?,
            visibility: batch.column("visibility")?,
        })
    }

    /// The relation of a row that is a reference.
    fn relation(&self, row: usize) -> Option<Relation> {
        if self.role.value(row) != "reference" {
            return None;
        }
        match self.kind.value(row) {
            "call" => Some(Relation::Calls),
            "import" => Some(Relation::Imports),
            "uses" => Some(Relation::Uses),
            "extends" => Some(Relation::Extends),
            "implements" => Some(Relation::Implements),
            _ => None,
        }
    }

    /// The definitions around a row of the file that begins at row `first`, the innermost first.
    fn around(&self, first: usize, row: usize, found: &mut Vec<usize>) {
        found.clear();
        let mut at = row;
        // Parents stand before their children, so this ends.
        while self.parent.is_valid(at) {
            let parent = first + self.parent.value(at) as usize;
            if parent >= at {
                break;
            }
            at = parent;
            if self.role.value(at) == "definition" {
                found.push(at);
            }
        }
    }

    fn function(&self, row: usize) -> Option<locals::Function> {
        let start = self.start_byte.value(row) as usize;
        let is_function = matches!(self.kind.value(row), "function" | "method" | "constructor" | "macro");
        let body = if self.body_start.is_valid(row) { self.body_start.value(row) as usize } else { start };
        is_function.then_some(locals::Function { start, body })
    }
}

impl<'a> Chunks<'a> {
    fn of(batch: &'a Batch) -> Result<Self, TableError> {
        Ok(Self {
            path: batch.column("path")?,
            chunk_id: batch.column("chunk_id")?,
            language: batch.column("language")?,
            start_line: batch.column("start_line")?,
            start_byte: batch.column("start_byte")?,
            end_byte: batch.column("end_byte")?,
            text: batch.column("text")?,
            text_bytes: batch.column("text_bytes")?,
        })
    }

    fn bytes(&self, row: usize) -> &'a [u8] {
        if self.text_bytes.is_valid(row) { self.text_bytes.value(row) } else { self.text.value(row).as_bytes() }
    }

    /// Which of `rows`, which tile a file, holds byte `at`.
    fn holding(&self, rows: &Range<usize>, at: u32) -> Option<usize> {
        let starts = self.start_byte.values().get(rows.clone())?;
        let row = rows.start + starts.partition_point(|start| *start <= at).checked_sub(1)?;
        (at < self.end_byte.value(row)).then_some(row)
    }
}

/// The rows of each path, in order.
fn by_path(paths: &StringArray) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = (start < paths.len()).then(|| paths.value(start))?;
        let mut end = start + 1;
        while end < paths.len() && paths.value(end) == first {
            end += 1;
        }
        Some(std::mem::replace(&mut start, end)..end)
    })
}

/// What the files of a shard refer to.
pub fn references(outline: &Batch, chunks: &Batch, cancel: &Cancel) -> Result<References, NodeError> {
    let (outline, chunks) = (Outline::of(outline)?, Chunks::of(chunks)?);
    let mut found = References::default();
    let mut tiles = by_path(chunks.path).peekable();
    for rows in by_path(outline.path) {
        cancel.check()?;
        let path = outline.path.value(rows.start);
        while tiles.next_if(|tile| chunks.path.value(tile.start) < path).is_some() {}
        let Some(tile) = tiles.next_if(|tile| chunks.path.value(tile.start) == path) else {
            let what = format!("`outline` has rows of `{path}`, and `chunks` has none");
            return Err(NodeError::Input { what });
        };
        let first = found.rows.len();
        of_file(&outline, rows, &chunks, &tile, &mut found)?;
        if found.rows.len() > first {
            found.files.push(ReferringFile { path: path.to_owned(), rows: first..found.rows.len() });
        }
    }
    found.shrink();
    Ok(found)
}

/// A file of which references are gathered.
pub(super) struct Gather<'a, 'b> {
    pub(super) outline: &'b Outline<'a>,
    chunks: &'b Chunks<'a>,
    /// The file's rows in `outline`.
    rows: Range<usize>,
    /// What the file as a whole defines, once that is asked for.
    tops: OnceCell<HashSet<&'a str>>,
    pub(super) bytes: Vec<u8>,
    line: LineOf,
    /// Rows of the definitions around the present reference, the innermost first.
    pub(super) around: Vec<usize>,
    functions: Vec<locals::Function>,
    declared: RefCell<Declared>,
    /// The innermost module of these, once that is asked for.
    pub(super) module: OnceCell<Option<usize>>,
    /// Whose rows these are: the parent of the present reference.
    parent: Option<u32>,
    /// Of the reference before.
    place: Option<Place>,
    /// Places in [`References::enclosing`] and one, by row.
    pub(super) enclosing: BTreeMap<usize, u32>,
}

/// What references of one chunk and one definition have in common.
#[derive(Clone, Copy)]
struct Place {
    chunk: usize,
    reference: Reference,
}

fn of_file(
    outline: &Outline<'_>,
    rows: Range<usize>,
    chunks: &Chunks<'_>,
    tile: &Range<usize>,
    found: &mut References,
) -> Result<(), NodeError> {
    let mut gather = Gather {
        outline,
        chunks,
        rows: rows.clone(),
        tops: OnceCell::new(),
        bytes: Vec::new(),
        line: LineOf::default(),
        around: Vec::new(),
        functions: Vec::new(),
        declared: RefCell::default(),
        module: OnceCell::new(),
        parent: None,
        place: None,
        enclosing: BTreeMap::new(),
    };
    for row in rows.clone() {
        let Some(relation) = outline.relation(row) else { continue };
        if gather.bytes.is_empty() {
            tile.clone().for_each(|chunk| gather.bytes.extend_from_slice(chunks.bytes(chunk)));
            let cells = rows.clone().filter(|row| outline.role.value(*row) == "region");
            for cell in cells.filter(|row| outline.kind.value(*row) == CELL) {
                let span = outline.start_byte.value(cell) as usize..outline.end_byte.value(cell) as usize;
                gather.bytes.get_mut(span).map(unescape);
            }
        }
        let at = outline.start_byte.value(row);
        let chunk = chunks.holding(tile, at).ok_or_else(|| NodeError::Input {
            what: format!("byte {at} of `{}` lies in no chunk", outline.path.value(row)),
        })?;
        gather.one(relation, row, chunk, found);
    }
    Ok(())
}

impl<'a> Gather<'a, '_> {
    fn one(&mut self, relation: Relation, row: usize, chunk: usize, found: &mut References) {
        let (outline, chunks) = (self.outline, self.chunks);
        let at = outline.start_byte.value(row);
        let name = outline.name.value(row);
        let language = if chunks.language.is_valid(chunk) { chunks.language.value(chunk) } else { "" };
        let rules = of(language);
        let moved = self.surround(row);
        // References mostly come in runs of one chunk and one definition: what these are is found once for each.
        let place = match self.place.filter(|place| !moved && place.chunk == chunk) {
            Some(place) => place.reference,
            None => self.place(language, &rules, chunk, found),
        };
        let line = self.line.of(chunks, chunk, at);
        let mut reference = Reference { relation, line, at, ..place };
        if relation == Relation::Imports {
            reference.scope = found.intern(self.innermost_module());
            self.import(&rules, row, reference, found);
            return;
        }
        let (name, written, before) = if relation == Relation::Uses {
            self.used(&rules, row, name)
        } else {
            self.named(&rules, row, name, around(&rules, &self.bytes, at as usize))
        };
        if before == Written::Nothing && words::is_never(language, &name) {
            return;
        }
        reference.name = found.intern(&name);
        reference.written = found.intern(&written);
        reference.before = before.interned(found);
        found.rows.push(reference);
    }

    /// What all references of `chunk` have that stand in the present definition.
    fn place(&mut self, language: &str, rules: &Rules, chunk: usize, found: &mut References) -> Reference {
        let scope = self.around.first().map_or("", |row| self.outline.qualified_name.value(*row));
        let reference = Reference {
            relation: Relation::Uses,
            line: 0,
            chunk: found.intern(self.chunks.chunk_id.value(chunk)),
            language: found.intern(language),
            name: 0,
            written: 0,
            scope: found.intern(scope),
            within: self.enclosing(language, found),
            module: found.intern(self.module(rules)),
            at: 0,
            before: Before::Nothing,
        };
        self.place = Some(Place { chunk, reference });
        reference
    }

    /// Finds what stands around `row`; is it another definition than before?
    fn surround(&mut self, row: usize) -> bool {
        let outline = self.outline;
        let parent = outline.parent.is_valid(row).then(|| outline.parent.value(row));
        if self.parent == parent {
            return false;
        }
        (self.parent, self.module) = (parent, OnceCell::new());
        outline.around(self.rows.start, row, &mut self.around);
        self.functions.clear();
        self.functions.extend(self.around.iter().filter_map(|row| outline.function(*row)));
        true
    }

    fn import(&self, rules: &Rules, row: usize, reference: Reference, found: &mut References) {
        let (start, end) = (self.outline.start_byte.value(row) as usize, self.outline.end_byte.value(row) as usize);
        let written = self.outline.qualified_name.value(row);
        // `mod x;` of Rust names a file: the outline says `self::x`, the text does not.
        let is_module = rules.binds == Binds::Rust
            && written.starts_with("self::")
            && !self.bytes.get(start..end).is_some_and(|text| text.starts_with(b"self"));
        let mut reference = reference;
        let imports = if is_module {
            // The module that it names is none that it stands in.
            reference.scope = found.intern("");
            let path = written.replacen("self::", MODULE, 1);
            vec![Import { path, ..Import::new(written, Vec::new()) }]
        } else {
            read(rules.binds, &self.bytes, start, end)
        };
        let alias = (rules.family == "csharp").then(|| self.alias(start)).flatten();
        let extent = self.extent(rules, found);
        let is_package = extent.end == u32::MAX && is_package(rules, self.outline.path.value(row));
        for import in imports {
            let seen_by = if is_package && import.seen_by == SeenBy::File { SeenBy::Both } else { import.seen_by };
            let at = found.rows.len() as u32;
            let written = found.intern(&import.written);
            let name = found.intern(alias.as_deref().unwrap_or(&import.path));
            found.rows.push(Reference { name, written, ..reference });
            for name in import.names {
                let (local, member) = (found.intern(&name.local), found.intern(&name.member));
                found.bindings.push(Binding { row: at, local, member, extent, seen_by });
            }
        }
    }

    /// The name before the sign `=` that stands before what a `using` of C# names.
    fn alias(&self, at: usize) -> Option<String> {
        let before =
            self.bytes.get(at.saturating_sub(LONGEST)..at)?.trim_ascii_end().strip_suffix(b"=")?.trim_ascii_end();
        let name = before.rsplit(|b| !is_word(*b)).next().filter(|name| !name.is_empty())?;
        Some(String::from_utf8_lossy(name).into_owned())
    }

    /// As [`named`](Self::named), of a type: no value hides it, and the outline has its path.
    fn used<'n>(&self, rules: &Rules, row: usize, name: &'n str) -> (Cow<'n, str>, String, Written) {
        let written = self.outline.qualified_name.value(row);
        let path = written.strip_suffix(name).unwrap_or_default().trim_matches([':', '.', '\\']);
        let written = if written.is_empty() { name } else { written }.to_owned();
        let before = if !path.is_empty() {
            Written::Path(path.to_owned())
        } else if is_tag(rules, &self.bytes, self.outline.start_byte.value(row) as usize) {
            Written::Tag
        } else {
            Written::Nothing
        };
        (name.into(), written, before)
    }

    /// What the reference in `row` names, as it is written, and what stands before it.
    fn named<'n>(&self, rules: &Rules, row: usize, name: &'n str, around: Around) -> (Cow<'n, str>, String, Written) {
        let at = self.outline.start_byte.value(row) as usize;
        let end = at + name.len();
        let whole = |start: usize| {
            let text = String::from_utf8_lossy(self.bytes.get(start..end).unwrap_or_default());
            if text.len() > LONGEST || text.contains(char::is_whitespace) { name.to_owned() } else { text.into_owned() }
        };
        match around {
            Around::Nothing if self.is_local(rules, row, at, name) => (name.into(), name.to_owned(), Written::Local),
            Around::Nothing => (name.into(), name.to_owned(), Written::Nothing),
            Around::Own(start) => (name.into(), whole(start), Written::Own),
            Around::Value => {
                let written = self.outline.qualified_name.value(row);
                let written = if written.ends_with(name) { written } else { name };
                (name.into(), written.to_owned(), Written::Value)
            }
            Around::Path { start, end } => {
                let path: String = String::from_utf8_lossy(self.bytes.get(start..end).unwrap_or_default())
                    .chars()
                    .filter(|c| !c.is_whitespace())
                    .collect();
                let first = path.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).next();
                let first = first.unwrap_or_default();
                let is_made = rules.imports == Imports::Ruby && name == "new" && path.starts_with(char::is_uppercase);
                if is_made {
                    return made(&path, whole(start));
                }
                let before = if rules.binds == Binds::Go && self.is_receiver(&path) {
                    Written::Own
                } else if rules.of_names != COLONS && self.is_local(rules, row, at, first) {
                    Written::Value
                } else {
                    Written::Path(path.clone())
                };
                (name.into(), whole(start), before)
            }
        }
    }

    /// Is `name`, with which the reference in `row` begins, one that a function around declares for itself?
    fn is_local(&self, rules: &Rules, row: usize, at: usize, name: &str) -> bool {
        if rules.locals == Locals::Tree {
            return match self.outline.visibility.is_valid(row).then(|| self.outline.visibility.value(row)) {
                Some("local") => true,
                // An import in a function hides what the file defines.
                Some("imported") => self.is_top(name),
                _ => false,
            };
        }
        self.declared.borrow_mut().has(rules.locals, &self.bytes, &self.functions, at, name.as_bytes())
    }

    /// Does the file as a whole define `name`?
    fn is_top(&self, name: &str) -> bool {
        let (outline, rows): (&Outline<'a>, _) = (self.outline, self.rows.clone());
        let tops = self.tops.get_or_init(|| {
            let is_top = |row: &usize| outline.role.value(*row) == "definition" && outline.parent.is_null(*row);
            rows.filter(is_top).map(|row| outline.name.value(row)).collect()
        });
        tops.contains(name)
    }

    /// Is `name` what the Go method around calls its receiver?
    fn is_receiver(&self, name: &str) -> bool {
        self.functions.iter().any(|function| {
            let head = self.bytes.get(function.start..function.body).unwrap_or_default();
            let receiver = head.strip_prefix(b"func").map(<[u8]>::trim_ascii_start).and_then(|h| h.strip_prefix(b"("));
            receiver.is_some_and(|r| r.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b" ")))
        })
    }
}

/// Does the file at `path` stand for a directory, so that what it imports is what others import from it?
fn is_package(rules: &Rules, path: &str) -> bool {
    match rules.binds {
        Binds::Python => stem(path) == "__init__",
        Binds::Script => stem(path) == "index",
        _ => false,
    }
}

/// Longest target that is kept as written, in bytes.
const LONGEST: usize = 160;

/// Does a word that tells structures from other types of C stand before `at`?
fn is_tag(rules: &Rules, bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(16)..at).unwrap_or_default().trim_ascii_end();
    let last = before.rsplit(|b| !is_word(*b)).next().unwrap_or_default();
    rules.family == "c" && matches!(last, b"struct" | b"union" | b"enum")
}

/// Puts in the place of each escape of JSON what it stands for, and a blank.
fn unescape(text: &mut [u8]) {
    let mut at = 0;
    while let Some([escape, means, ..]) = text.get_mut(at..) {
        if *escape != b'\\' {
            at += 1;
            continue;
        }
        match *means {
            b'n' | b'r' => (*escape, *means) = (b'\n', b' '),
            b't' => (*escape, *means) = (b'\t', b' '),
            _ => *escape = b' ',
        }
        at += 2;
    }
}

/// Counts lines on from the last place that was asked for.
#[derive(Default)]
struct LineOf {
    chunk: usize,
    at: usize,
    lines: u32,
}

impl LineOf {
    fn of(&mut self, chunks: &Chunks<'_>, chunk: usize, at: u32) -> u32 {
        let offset = (at - chunks.start_byte.value(chunk)) as usize;
        if self.chunk != chunk || offset < self.at {
            *self = Self { chunk, at: 0, lines: 0 };
        }
        let between = chunks.bytes(chunk).get(self.at..offset).unwrap_or_default();
        self.lines += memchr::memchr_iter(b'\n', between).count() as u32;
        self.at = offset;
        chunks.start_line.value(chunk) + self.lines
    }
}
