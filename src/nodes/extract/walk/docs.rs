//! What stands directly before a definition: comments that document it, attributes that belong to it.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Role, Scope, Text};

use super::entry::Entry;
use super::tree::Walk;

/// Fewest bytes of comments that have a row of their own: less is a label or a ruler.
const LEAST: usize = 80;

/// Neighbouring comments and attributes with no blank line between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    depth: u32,
    start: u32,
    /// Bytes of the documentation.
    pub doc: Option<(u32, u32)>,
    /// Start of the first attribute.
    pub lead: Option<u32>,
    /// End of its last part.
    end: u32,
}

impl Walk<'_> {
    pub(super) fn comment(&mut self, node: Node<'_>, depth: u32) {
        if self.run.is_some_and(|run| run.depth < depth) {
            // Inside an attribute.
            return;
        }
        let bytes = self.bytes.get(node.byte_range()).unwrap_or_default();
        // Some grammars count the line end to a line comment.
        let length = bytes.trim_ascii_end().len();
        let (start, end) = (node.start_byte(), node.start_byte() + length);
        self.aside(start, end);
        let markers = self.rules.spec.docs.markers;
        let documents = markers.is_empty() || markers.iter().any(|m| bytes.starts_with(m.as_bytes()));
        match self.run.filter(|run| run.depth == depth && self.adjoins(run.end, start)) {
            Some(mut run) => {
                if documents {
                    let from = run.doc.map_or(start as u32, |(from, _)| from);
                    run.doc = Some((from, end as u32));
                }
                run.end = end as u32;
                self.run = Some(run);
            }
            // A comment behind something on its line is about that.
            None if documents && self.starts_line(start) => {
                let doc = Some((start as u32, end as u32));
                self.run = Some(Run { depth, start: start as u32, doc, lead: None, end: end as u32 });
            }
            None => self.run = None,
        }
    }

    /// Remembers a comment outside functions. What is said inside one belongs to its code.
    fn aside(&mut self, start: usize, end: usize) {
        if self.within() == Scope::Function || !self.starts_line(start) {
            return;
        }
        let above = self.asides.last().copied().filter(|(_, upto)| self.adjoins(*upto, start));
        match (above, self.asides.last_mut()) {
            (Some(_), Some(last)) => last.1 = end as u32,
            _ => self.asides.push((start as u32, end as u32)),
        }
    }

    /// The string that is the first statement of a file and so documents it.
    pub fn opening_string(&self, root: Node<'_>) -> Option<(u32, u32)> {
        let mut first = (0..root.named_child_count().min(16) as u32).filter_map(|at| root.named_child(at));
        let first = first.find(|n| !n.is_extra()).filter(|_| self.rules.spec.docs.docstring)?;
        string_of(first)
    }

    /// Adds comments outside functions as entries, without those that document a definition.
    pub fn comments(&mut self, opening: Option<(u32, u32)>) {
        let mut asides = std::mem::take(&mut self.asides);
        asides.extend(opening);
        asides.sort_unstable();
        let mut docs: Vec<(u32, u32)> = self.entries.iter().filter_map(|entry| entry.doc).collect();
        docs.sort_unstable();
        let mut docs = docs.into_iter().peekable();
        for (start, end) in asides {
            while docs.next_if(|(_, upto)| *upto <= start).is_some() {}
            let end = docs.peek().map_or(end, |(from, _)| end.min(*from));
            let bytes = self.bytes.get(start as usize..end as usize).unwrap_or_default().trim_ascii_end();
            if bytes.len() >= LEAST {
                self.entries.push(comment(start, start + bytes.len() as u32));
            }
        }
    }

    pub(super) fn leading(&mut self, node: Node<'_>, depth: u32) {
        let (start, end) = (node.start_byte(), node.end_byte() as u32);
        if self.run.is_some_and(|run| run.depth < depth) {
            return;
        }
        let run = self.run.filter(|run| run.depth == depth && self.adjoins(run.end, start));
        let mut run = run.unwrap_or(Run { depth, start: start as u32, doc: None, lead: None, end });
        run.lead = run.lead.or(Some(start as u32));
        run.end = end;
        self.run = Some(run);
    }

    /// Ends the run before a node; what starts where that node does may still have it.
    pub(super) fn pass(&mut self, node: Node<'_>, depth: u32) {
        let Some(run) = self.run.filter(|run| run.depth >= depth) else { return };
        let start = node.start_byte();
        // Some grammars have line ends for nodes.
        if !node.is_named() && self.bytes.get(start) == Some(&b'\n') {
            return;
        }
        self.run = None;
        if self.adjoins(run.end, start) && (run.depth == depth || self.indent(run.start) == self.indent(start as u32)) {
            self.passed = Some((start as u32, run));
        }
    }

    /// The run directly before a node, once.
    pub(super) fn take_run(&mut self, node: Node<'_>) -> Option<Run> {
        let (at, run) = self.passed.take()?;
        (at as usize == node.start_byte()).then_some(run)
    }

    /// Blanks between the start of the line and `at`.
    fn indent(&self, at: u32) -> usize {
        let before = self.bytes.get(..at as usize).unwrap_or_default();
        before.iter().rev().take_while(|b| matches!(b, b' ' | b'\t')).count()
    }

    /// No blank line and nothing else between the two offsets.
    fn adjoins(&self, from: u32, to: usize) -> bool {
        let Some(between) = self.bytes.get(from as usize..to) else { return false };
        between.iter().filter(|b| **b == b'\n').take(2).count() < 2 && between.trim_ascii().is_empty()
    }

    fn starts_line(&self, at: usize) -> bool {
        let before = self.bytes.get(..at).unwrap_or_default();
        matches!(before.iter().rev().find(|b| !matches!(b, b' ' | b'\t')), None | Some(b'\n' | b'\r' | 0xBF))
    }
}

fn comment(start: u32, end: u32) -> Entry {
    let none = || Text::Fixed("");
    Entry {
        role: Role::Comment,
        kind: "comment",
        name: none(),
        qualified: none(),
        signature: none(),
        visibility: None,
        doc: None,
        start,
        end,
        body: end,
        language: None,
    }
}

/// The bytes of a string that is a statement.
pub(super) fn string_of(statement: Node<'_>) -> Option<(u32, u32)> {
    let text =
        statement.named_child(0).filter(|n| n.kind() == "string" && statement.kind() == "expression_statement")?;
    Some((text.start_byte() as u32, text.end_byte() as u32))
}
