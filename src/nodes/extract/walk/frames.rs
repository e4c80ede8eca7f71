//! What encloses the present node: definitions (frames) and the nodes around one (wraps).

use tree_sitter::Node;

use crate::nodes::extract::rules::INERT;
use crate::nodes::extract::spec::{Scope, Text, Wrapper};

use super::tree::Walk;

/// A frame of a tree inside a tree is never left before its end.
const OUTERMOST: u32 = u32::MAX;

/// A definition or section that is open.
#[derive(Clone, Debug)]
pub(in crate::nodes::extract) struct Frame {
    /// Of its node.
    pub depth: u32,
    pub scope: Scope,
    /// Its entry; none for what has no name.
    pub entry: Option<usize>,
    /// The entry whose qualified name goes before names in here.
    pub prefix: Option<usize>,
    /// How many named definitions are open, this one included.
    pub rank: u8,
    /// Visibility of members from here on, where the language has sections of it.
    pub access: Option<&'static str>,
    /// Level of a section that goes on over its siblings; 0: it is its node.
    pub level: u8,
    /// End of what such a section holds so far.
    pub end: u32,
}

impl Frame {
    /// The same frame around another tree.
    pub fn outermost(mut self) -> Self {
        self.depth = OUTERMOST;
        self.level = 0;
        self
    }
}

/// A node around a definition that belongs to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wrap {
    pub depth: u32,
    /// Are its bytes the definition's?
    pub adopts: bool,
    pub start: u32,
    pub end: u32,
    /// Where the signature starts.
    pub head: Option<u32>,
    pub doc: Option<(u32, u32)>,
    pub exports: bool,
}

impl Walk<'_> {
    /// The nearest enclosing definition's scope.
    pub(super) fn within(&self) -> Scope {
        self.frames.last().map_or(Scope::Namespace, |f| f.scope)
    }

    /// How many named definitions are open.
    pub(super) fn rank(&self) -> u8 {
        self.frames.last().map_or(0, |f| f.rank)
    }

    /// Opens a frame at the node of `depth`.
    pub(super) fn enclose(&mut self, depth: u32, scope: Scope, entry: Option<usize>) {
        let outer = self.frames.last();
        let inherited = outer.and_then(|f| f.prefix);
        self.frames.push(Frame {
            depth,
            scope,
            entry,
            prefix: if scope == Scope::Open { inherited } else { entry.or(inherited) },
            rank: self.rank().saturating_add(u8::from(entry.is_some())),
            access: None,
            level: 0,
            end: 0,
        });
    }

    /// Is anything open that leaving a node at `depth` could close or extend?
    pub(super) fn encloses(&self, depth: u32) -> bool {
        self.frames.last().is_some_and(|f| f.depth >= depth && f.depth != OUTERMOST)
            || self.wraps.last().is_some_and(|w| w.depth >= depth)
    }

    /// Closes what ends with the node at `depth`.
    pub(super) fn leave(&mut self, node: Node<'_>, depth: u32) {
        while self.wraps.last().is_some_and(|w| w.depth >= depth) {
            self.wraps.pop();
        }
        while let Some(top) = self.frames.last_mut() {
            let closes = top.depth > depth || (top.depth == depth && top.level == 0);
            if closes && top.depth != OUTERMOST {
                self.close_section();
                continue;
            }
            if top.depth == depth && node.is_named() && !self.rules.action(node.kind_id()).has(INERT) {
                top.end = top.end.max(node.end_byte() as u32);
            }
            return;
        }
    }

    pub(super) fn leave_all(&mut self) {
        while !self.frames.is_empty() {
            self.close_section();
        }
    }

    /// Pops the last frame; a section that went on over its siblings gets its end.
    fn close_section(&mut self) {
        let Some(frame) = self.frames.pop() else { return };
        if frame.level == 0 {
            return;
        }
        if let Some(entry) = frame.entry.and_then(|at| self.entries.get_mut(at)) {
            entry.end = entry.end.max(frame.end);
        }
        if let Some(outer) = self.frames.last_mut().filter(|f| f.level > 0 && f.depth == frame.depth) {
            outer.end = outer.end.max(frame.end);
        }
    }

    /// Ends the sections beside a new one of `level` that starts at `start`.
    pub(super) fn close_sections(&mut self, depth: u32, level: u8, start: u32) {
        while let Some(top) = self.frames.last_mut().filter(|f| f.depth == depth && f.level >= level) {
            top.end = start;
            self.close_section();
        }
    }

    /// Notes a node around a definition.
    pub(super) fn wrap(&mut self, wrapper: &Wrapper, node: Node<'_>, depth: u32) {
        let run = self.take_run(node);
        let outer = self.wraps.last().copied().filter(|w| w.depth + 1 == depth && w.adopts);
        let start = node.start_byte() as u32;
        let mut wrap = Wrap {
            depth,
            adopts: !wrapper.single || node.named_child_count() == 1,
            start: run.and_then(|r| r.lead).unwrap_or(start),
            end: node.end_byte() as u32,
            head: wrapper.head.then_some(start),
            doc: run.and_then(|r| r.doc),
            exports: wrapper.exports,
        };
        if let Some(outer) = outer {
            wrap.start = outer.start;
            wrap.end = outer.end;
            wrap.head = outer.head.or(wrap.head);
            wrap.doc = wrap.doc.or(outer.doc);
            wrap.exports |= outer.exports;
        }
        self.wraps.push(wrap);
    }

    /// Notes a statement that changes the visibility of the members after it.
    pub(super) fn access(&mut self, node: Node<'_>, depth: u32) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.scope != Scope::Type || frame.depth.saturating_add(2) != depth {
            return;
        }
        let text = self.bytes.get(node.byte_range()).unwrap_or_default();
        let access = match text.strip_suffix(b":").unwrap_or(text).trim_ascii() {
            b"public" => "public",
            b"protected" => "protected",
            b"private" => "private",
            _ => return,
        };
        frame.access = Some(access);
    }

    /// The qualified name of `name` here.
    pub(super) fn qualify(&self, qualifier: Option<&str>, name: &str) -> String {
        let prefix = self.frames.last().and_then(|f| f.prefix).and_then(|at| self.entries.get(at));
        let prefix = prefix.map_or("", |e| match &e.qualified {
            Text::Made(text) => text.as_str(),
            Text::Fixed(text) => text,
            Text::Span(..) => "",
        });
        let mut out = String::with_capacity(prefix.len() + name.len() + 2);
        out.push_str(super::text::cut(prefix, super::text::PREFIX_BYTES));
        for part in qualifier.into_iter().chain([name]).filter(|part| !part.is_empty()) {
            if !out.is_empty() {
                out.push_str(self.rules.spec.separator);
            }
            out.push_str(part);
        }
        out
    }
}
