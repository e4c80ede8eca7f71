//! What a reader finds, and the list of readers.

use crate::nodes::extract::embed::Embedded;
use crate::nodes::extract::spec::{Role, Text};
use crate::nodes::extract::walk::{Entry, fold};

use super::{asciidoc, component, rst, text};

/// Longest name, in characters.
const NAME: usize = 300;
/// Most headings whose names stand before a qualified name.
const ABOVE: usize = 6;
/// Most headings inside each other that are kept open.
const OPEN: usize = 32;
const LEVELS: [&str; 7] = ["", "h1", "h2", "h3", "h4", "h5", "h6"];

/// A language that is read by lines.
pub(in crate::nodes::extract) struct Reader {
    /// As in the source layer.
    pub name: &'static str,
    /// Rises whenever it finds something else.
    pub version: u32,
    read: fn(&mut Found<'_>),
}

/// Every language that is read by lines.
pub(in crate::nodes::extract) static READERS: [&Reader; 5] = [
    &Reader { name: "rst", version: 1, read: rst::read },
    &Reader { name: "asciidoc", version: 1, read: asciidoc::read },
    &Reader { name: "text", version: 1, read: text::read },
    &Reader { name: "vue", version: 1, read: component::vue },
    &Reader { name: "svelte", version: 1, read: component::svelte },
];

impl Reader {
    /// What stands in `bytes` from `start`, with offsets of `bytes`.
    pub fn found<'a>(&self, bytes: &'a [u8], start: usize) -> Found<'a> {
        let mut found =
            Found { bytes, start, entries: Vec::new(), embedded: Vec::new(), open: Vec::new(), hidden: Vec::new() };
        (self.read)(&mut found);
        found.close_to(0, bytes.len());
        found
    }
}

/// A section that goes on.
struct Open {
    level: usize,
    entry: usize,
}

/// What has been found so far.
pub(in crate::nodes::extract) struct Found<'a> {
    pub(super) bytes: &'a [u8],
    /// Where the text begins.
    pub(super) start: usize,
    pub entries: Vec<Entry>,
    pub embedded: Vec<Embedded>,
    open: Vec<Open>,
    /// Names of open sections.
    hidden: Vec<String>,
}

impl Found<'_> {
    /// A heading of `level`, from 1: ends the sections of that level and deeper ones, and opens one from `start`, whose
    /// text begins at `body`.
    pub(super) fn heading(&mut self, level: usize, title: &[u8], start: usize, body: usize) {
        let level = level.max(1);
        self.close_to(level, start);
        let name = fold(title.trim_ascii(), NAME);
        let above = self.hidden.len().saturating_sub(ABOVE);
        let names = self.hidden.get(above..).unwrap_or_default().iter().map(String::as_str).chain([name.as_str()]);
        let qualified = names.collect::<Vec<_>>().join(" > ");
        let signature = LEVELS.get(level.min(6)).copied().unwrap_or_default();
        self.push("section", name.clone(), qualified, signature.to_owned(), start, self.bytes.len(), body);
        if self.open.len() < OPEN {
            self.open.push(Open { level, entry: self.entries.len() - 1 });
            self.hidden.push(name);
        } else if let Some(entry) = self.entries.last_mut() {
            entry.end = body as u32;
        }
    }

    /// Ends the open sections of `level` and deeper ones at `end`.
    fn close_to(&mut self, level: usize, end: usize) {
        while let Some(open) = self.open.pop_if(|open| open.level >= level) {
            self.hidden.pop();
            if let Some(entry) = self.entries.get_mut(open.entry) {
                entry.end = end as u32;
            }
        }
    }

    /// An element from `start` to `end` around `embedded`, whose text begins at `body`.
    pub(super) fn element(
        &mut self,
        kind: &'static str,
        name: &[u8],
        span: (usize, usize),
        body: usize,
        embedded: Option<Embedded>,
    ) {
        let name = fold(name, NAME);
        let names = self.hidden.last().map(String::as_str).into_iter().chain([name.as_str()]);
        let qualified = names.collect::<Vec<_>>().join(" > ");
        self.push(kind, name, qualified, String::new(), span.0, span.1, body);
        self.embedded.extend(embedded);
    }

    #[expect(clippy::too_many_arguments, reason = "the columns of a row, in their order")]
    fn push(
        &mut self,
        kind: &'static str,
        name: String,
        qualified: String,
        signature: String,
        start: usize,
        end: usize,
        body: usize,
    ) {
        self.entries.push(Entry {
            role: Role::Section,
            kind,
            name: Text::Made(name),
            qualified: Text::Made(qualified),
            signature: Text::Made(signature),
            visibility: None,
            doc: None,
            start: start as u32,
            end: end as u32,
            body: body as u32,
            language: None,
        });
    }
}
