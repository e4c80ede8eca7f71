//! A look at the text before any parser sees it.
//!
//! One pass, no recursion, linear time: it finds what a YAML parser would pay for (nesting, aliases) and what
//! Sawmill does not read (tags, a second document, tabs). It follows quotes, comments, block scalars and plain
//! text over several lines, which is all that is needed to tell an indicator from text. Where it might be
//! fooled by a malformed file, the parser's own limits still stand behind it.

use std::sync::Arc;

use super::codes;
use super::mistake::{Mistake, SourceText, Span};
use crate::base::limits::{CONFIG_ALIASES, CONFIG_DEPTH};

/// Most tags that are reported; nobody reads more.
const MOST_TAGS: usize = 20;

/// What the text has that must not reach a parser.
pub fn check(file: &Arc<SourceText>) -> Result<(), Vec<Mistake>> {
    let mut scan = Scan::new(&file.text);
    scan.run();
    let mistakes = scan.found.mistakes(file);
    if mistakes.is_empty() { Ok(()) } else { Err(mistakes) }
}

#[derive(Default)]
struct Found {
    too_deep: Option<usize>,
    aliases: usize,
    alias_over: Option<Span>,
    tags: Vec<Span>,
    tab: Option<usize>,
    document: Option<usize>,
}

impl Found {
    fn mistakes(&self, file: &Arc<SourceText>) -> Vec<Mistake> {
        let mut out = Vec::new();
        if let Some(at) = self.too_deep {
            out.push(too_deep(file, Span::new(at, at + 1)));
        }
        if let Some(span) = self.alias_over {
            let message = format!("{} aliases; at most {CONFIG_ALIASES} are read", self.aliases);
            out.push(
                Mistake::at(&codes::TOO_MANY_ALIASES, message, file, span, "one alias too many")
                    .help("write values out, or use `params:` in a pipeline and `defaults:` in a workspace"),
            );
        }
        for span in self.tags.iter().copied() {
            out.push(
                Mistake::at(&codes::CUSTOM_TAG, "YAML tags are not read", file, span, "a tag")
                    .help("remove the tag; quote a value that must be text"),
            );
        }
        if let Some(at) = self.tab {
            let span = Span::new(at, at + 1);
            out.push(
                Mistake::at(&codes::TAB, "YAML indents with spaces, not with tabs", file, span, "a tab")
                    .help("replace the tab by spaces"),
            );
        }
        if let Some(at) = self.document {
            let span = Span::new(at, at + 3);
            out.push(
                Mistake::at(
                    &codes::SECOND_DOCUMENT,
                    "the file holds more than one YAML document",
                    file,
                    span,
                    "another document starts here",
                )
                .help("keep one document in each file; a pipeline has its own file in `pipelines/`"),
            );
        }
        out
    }
}

/// Said by the scan and, for aliases that nest, by the tree.
pub fn too_deep(file: &Arc<SourceText>, span: Span) -> Mistake {
    let message = format!("values nest deeper than {CONFIG_DEPTH} levels");
    Mistake::at(&codes::TOO_DEEP, message, file, span, "one level too deep")
        .help("no setting of Sawmill nests that deep")
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    line_start: usize,
    /// Columns of the open block collections.
    blocks: Vec<usize>,
    flow: usize,
    /// Plain text ended the last line; lines indented deeper than this column continue it.
    plain: Option<usize>,
    /// The same inside brackets, where columns do not matter.
    flow_plain: bool,
    /// Something other than comments and directives was seen.
    content: bool,
    found: Found,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text: text.as_bytes(),
            at: 0,
            line_start: 0,
            blocks: Vec::new(),
            flow: 0,
            plain: None,
            flow_plain: false,
            content: false,
            found: Found::default(),
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        // The end of the text reads as the end of a line.
        self.text.get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    fn blank_at(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t' | b'\n' | b'\r')
    }

    fn run(&mut self) {
        while self.at < self.text.len() {
            self.line();
            // A quoted or block scalar may have left us on a later line, always before its end.
            self.skip_while(|c| c != b'\n');
            self.at += 1;
        }
    }

    fn skip_while(&mut self, hold: impl Fn(u8) -> bool) {
        while self.text.get(self.at).is_some_and(|c| hold(*c)) {
            self.at += 1;
        }
    }

    /// One line, or several where a scalar spans them.
    fn line(&mut self) {
        self.line_start = self.at;
        self.skip_while(|c| c == b' ');
        let indent = self.at - self.line_start;
        if self.flow == 0 {
            let spaces_end = self.at;
            self.skip_while(|c| c == b' ' || c == b'\t');
            let has_content = !matches!(self.peek(0), b'\n' | b'\r' | b'#');
            let continues = self.plain.is_some_and(|column| indent > column || self.at > spaces_end);
            if has_content && self.at > spaces_end && !continues {
                self.found.tab.get_or_insert(spaces_end);
            }
            if !has_content {
                return;
            }
            if indent == 0 && self.marker() {
                return;
            }
            if continues {
                return;
            }
            self.plain = None;
            self.content = true;
        }
        if self.flow_plain && !matches!(self.peek(0), b'#' | b'\n' | b'\r') {
            self.flow_plain = self.plain_text();
        }
        self.tokens();
    }

    /// Is this line `---`, `...` or a directive?
    fn marker(&mut self) -> bool {
        let is = |scan: &Self, word: &[u8]| scan.text[scan.at..].starts_with(word) && scan.blank_at(3);
        if is(self, b"---") {
            if self.content {
                self.found.document.get_or_insert(self.at);
            }
            self.content = true;
            self.blocks.clear();
            self.plain = None;
            self.at += 3;
            self.tokens();
            return true;
        }
        is(self, b"...") || (self.peek(0) == b'%' && !self.content)
    }

    /// The tokens of a line from here on.
    fn tokens(&mut self) {
        let mut parent = None;
        loop {
            self.skip_while(|c| matches!(c, b' ' | b'\t' | b'\r'));
            let column = self.at - self.line_start.min(self.at);
            let after_blank = self.at == 0 || matches!(self.text.get(self.at - 1), Some(b' ' | b'\t' | b'\n'));
            match self.peek(0) {
                b'\n' => return,
                b'#' if after_blank => return,
                b'-' | b'?' if self.flow == 0 && self.blank_at(1) => {
                    self.open_block(column);
                    parent = Some(column);
                    self.at += 1;
                }
                b'[' | b'{' => {
                    self.flow_plain = false;
                    self.open_flow();
                }
                b']' | b'}' if self.flow > 0 => {
                    self.flow -= 1;
                    self.at += 1;
                }
                b',' if self.flow > 0 => self.at += 1,
                b':' if self.blank_at(1) || self.flow > 0 => self.at += 1,
                b'&' => {
                    self.word();
                }
                b'*' => self.alias(),
                b'!' => self.tag(),
                b'|' | b'>' if self.flow == 0 => {
                    self.block_scalar(parent);
                    return;
                }
                quote @ (b'"' | b'\'') => {
                    let first = self.first_of_block(&mut parent, column);
                    self.quoted(quote);
                    if first {
                        self.open_block(column);
                    }
                }
                _ => {
                    let before = parent;
                    let first = self.first_of_block(&mut parent, column);
                    if first {
                        self.open_block(column);
                    }
                    let to_the_end = self.plain_text();
                    if self.flow > 0 {
                        self.flow_plain = to_the_end;
                    } else if to_the_end {
                        // An item's text continues deeper than its dash, a key's deeper than the key.
                        self.plain = if first { before } else { parent }.or(Some(0));
                    }
                }
            }
        }
    }

    /// The first key of a line opens (or stays in) the mapping at its column.
    fn first_of_block(&self, parent: &mut Option<usize>, column: usize) -> bool {
        let first = self.flow == 0 && parent.is_none_or(|p| p < column && self.dash_only(p, column));
        if first {
            *parent = Some(column);
        }
        first
    }

    /// Are there only dashes and spaces between the last indicator and `column`?
    fn dash_only(&self, from: usize, column: usize) -> bool {
        let line = self.line_start;
        self.text
            .get(line + from..line + column)
            .is_some_and(|part| part.iter().all(|c| matches!(c, b'-' | b'?' | b' ' | b'\t')))
    }

    fn open_block(&mut self, column: usize) {
        while self.blocks.last().is_some_and(|top| *top > column) {
            self.blocks.pop();
        }
        if self.blocks.last() != Some(&column) {
            self.blocks.push(column);
            self.note_depth();
        }
    }

    fn open_flow(&mut self) {
        self.flow += 1;
        self.note_depth();
        self.at += 1;
    }

    fn note_depth(&mut self) {
        // Text that stands alone on a line counts as a level here; the tree counts exactly.
        if self.blocks.len() + self.flow > CONFIG_DEPTH + 1 {
            self.found.too_deep.get_or_insert(self.at);
        }
    }

    /// An anchor, an alias or a tag: an indicator and what is written to it.
    fn word(&mut self) -> Span {
        let start = self.at;
        self.at += 1;
        self.skip_while(|c| !matches!(c, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']' | b'{' | b'}'));
        Span::new(start, self.at)
    }

    fn alias(&mut self) {
        let span = self.word();
        self.found.aliases += 1;
        if self.found.aliases == CONFIG_ALIASES + 1 {
            self.found.alias_over = Some(span);
        }
    }

    fn tag(&mut self) {
        let span = self.word();
        if self.found.tags.len() < MOST_TAGS {
            self.found.tags.push(span);
        }
    }

    fn quoted(&mut self, quote: u8) {
        self.at += 1;
        while let Some(c) = self.text.get(self.at) {
            self.at += 1;
            match *c {
                b'\\' if quote == b'"' => self.at += 1,
                b'\'' if quote == b'\'' && self.text.get(self.at) == Some(&b'\'') => self.at += 1,
                c if c == quote => return,
                _ => {}
            }
        }
    }

    /// Plain text up to an indicator or the end of the line; true when it runs to the end of the line.
    fn plain_text(&mut self) -> bool {
        let start = self.at;
        loop {
            match self.peek(0) {
                b'\n' | b'\r' => return true,
                b':' if self.at > start
                    && (self.blank_at(1) || (self.flow > 0 && matches!(self.peek(1), b',' | b']' | b'}'))) =>
                {
                    return false;
                }
                b'#' if self.at > start && matches!(self.text.get(self.at - 1), Some(b' ' | b'\t')) => return false,
                b',' | b'[' | b']' | b'{' | b'}' if self.flow > 0 => {
                    // An indicator that cannot start a token here must still be passed.
                    self.at += usize::from(self.at == start);
                    return false;
                }
                _ => self.at += 1,
            }
        }
    }

    /// Skips the lines of a block scalar: those that are blank or indented deeper than its parent.
    fn block_scalar(&mut self, parent: Option<usize>) {
        loop {
            self.skip_while(|c| c != b'\n');
            let next = self.at + 1;
            let rest = self.text.get(next..).unwrap_or_default();
            let indent = rest.iter().take_while(|c| **c == b' ').count();
            let blank = matches!(rest.get(indent), Some(b'\n' | b'\r'));
            if rest.is_empty() || !(blank || parent.is_none_or(|p| indent > p)) {
                return;
            }
            self.at = next + indent;
        }
    }
}
