//! The walk itself.

use tree_sitter::{Node, Range};

use crate::base::Limits;
use crate::nodes::extract::embed::Embedded;
use crate::nodes::extract::rules::{
    ACCESS, Action, BUSY, COMMENT, INERT, LEADING, LEAF, MACRO_BODY, OPAQUE, PLAIN, REPARSED, Rules,
};
use crate::nodes::extract::spec::{Named, Scope};

use super::docs::Run;
use super::entry::Entry;
use super::frames::{Frame, Wrap};
use super::locals::Locals;
use super::refer::MacroCall;
use super::uses::Uses;

/// Which limit ended the walk before the tree's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::nodes::extract) enum Truncated {
    Depth,
    Nodes,
}

/// The inside of a macro call that may hold definitions, and what encloses it.
#[derive(Clone, Debug)]
pub(in crate::nodes::extract) struct Region {
    pub range: Range,
    pub frame: Option<Frame>,
}

/// The state of a walk over one file; one walk may read several trees of it.
pub(in crate::nodes::extract) struct Walk<'a> {
    pub(super) rules: &'a Rules,
    pub(super) bytes: &'a [u8],
    pub(super) frames: Vec<Frame>,
    pub(super) wraps: Vec<Wrap>,
    pub(super) run: Option<Run>,
    /// The last run that has ended, and the start of the node that it ended before.
    pub(super) passed: Option<(u32, Run)>,
    /// The last call outside functions.
    pub(super) call: Option<MacroCall>,
    pub(super) found: Vec<Named>,
    pub entries: Vec<Entry>,
    /// 1-based, ascending within a tree, with repetitions.
    pub error_lines: Vec<i32>,
    pub truncated: Option<Truncated>,
    pub regions: Vec<Region>,
    /// Comments outside functions, on lines of their own, neighbours together.
    pub(super) asides: Vec<(u32, u32)>,
    /// Text of other languages, to be read by whoever knows them.
    pub embedded: Vec<Embedded>,
    pub(super) uses: Uses<'a>,
    pub(super) locals: Locals,
    /// Has the tree errors?
    pub(super) errors: bool,
    /// The first trigger behind the last node that was asked about.
    trigger: usize,
    nodes_left: u32,
    pub(super) max_depth: u32,
}

impl<'a> Walk<'a> {
    pub fn new(rules: &'a Rules, bytes: &'a [u8], limits: &Limits) -> Self {
        Self {
            rules,
            bytes,
            frames: Vec::new(),
            wraps: Vec::new(),
            run: None,
            passed: None,
            call: None,
            found: Vec::new(),
            entries: Vec::new(),
            error_lines: Vec::new(),
            truncated: None,
            regions: Vec::new(),
            asides: Vec::new(),
            embedded: Vec::new(),
            uses: Uses::default(),
            locals: Locals::default(),
            errors: false,
            trigger: 0,
            nodes_left: limits.tree_nodes,
            max_depth: limits.tree_depth,
        }
    }

    pub fn nodes_left(&self) -> u32 {
        self.nodes_left
    }

    /// Counts a node that is visited; false when there may be no more.
    pub(super) fn count_node(&mut self) -> bool {
        match self.nodes_left.checked_sub(1) {
            Some(left) => self.nodes_left = left,
            None => self.truncated = Some(Truncated::Nodes),
        }
        self.truncated != Some(Truncated::Nodes)
    }

    /// Reads a whole tree; `inside` is what encloses it.
    pub fn read(&mut self, root: Node<'_>, inside: Option<Frame>) {
        let first = self.entries.len();
        self.locals.restart();
        self.walk(root, inside);
        self.mark_locals(first);
    }

    fn walk(&mut self, root: Node<'_>, inside: Option<Frame>) {
        self.frames.clear();
        self.frames.extend(inside.map(Frame::outermost));
        self.wraps.clear();
        (self.run, self.passed, self.call) = (None, None, None);
        self.trigger = 0;
        self.uses.restart();
        self.errors = root.has_error();
        let mut cursor = root.walk();
        let mut depth = 0;
        // Depth of the node around the present one that has no error: nothing in it has.
        let mut sound = u32::MAX;
        loop {
            let node = cursor.node();
            if !self.count_node() {
                return;
            }
            let action = self.rules.action(node.kind_id());
            let mut into = !action.has(LEAF);
            if action.has(BUSY) {
                into = self.visit(node, action, depth);
            } else if self.run.is_some() {
                self.pass(node, depth);
            }
            if into && action.has(PLAIN) {
                into = self.triggers(node);
            }
            if !into && self.holds_types(node, action) {
                self.types_in(node, false);
            }
            if self.errors && depth <= sound {
                sound = if node.has_error() { u32::MAX } else { depth };
                if sound == u32::MAX {
                    into = true;
                    self.note_error(node);
                }
            }
            if into && depth >= self.max_depth && node.child_count() > 0 {
                self.truncated = self.truncated.or(Some(Truncated::Depth));
                into = false;
            }
            if into && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            loop {
                if self.encloses(depth) {
                    self.leave(cursor.node(), depth);
                }
                if cursor.goto_next_sibling() {
                    break;
                }
                if !cursor.goto_parent() {
                    self.leave_all();
                    return;
                }
                depth = depth.saturating_sub(1);
            }
        }
    }

    /// Does a trigger stand inside a node, behind its first byte? Nodes come in order of their starts, so that each byte is
    /// searched once.
    pub(super) fn triggers(&mut self, node: Node<'_>) -> bool {
        let from = node.start_byte() + 1;
        if self.trigger < from {
            let [first, second] = self.rules.spec.triggers;
            let rest = self.bytes.get(from..).unwrap_or_default();
            self.trigger = memchr::memchr2(first, second, rest).map_or(usize::MAX, |at| from + at);
        }
        self.trigger < node.end_byte() || self.binds_within(node)
    }

    fn note_error(&mut self, node: Node<'_>) {
        if node.is_error() || node.is_missing() {
            self.error_lines.push(i32::try_from(node.start_position().row + 1).unwrap_or(i32::MAX));
        }
    }

    /// Does what the table says at a node; is its inside to be read, too?
    fn visit(&mut self, node: Node<'_>, action: Action, depth: u32) -> bool {
        if action.has(COMMENT) {
            self.comment(node, depth);
            return false;
        }
        if action.has(LEADING) {
            self.leading(node, depth);
            return !action.has(INERT);
        }
        self.pass(node, depth);
        if action.has(ACCESS) {
            self.access(node, depth);
        }
        if let Some(wrapper) = self.rules.wrapper(action) {
            self.wrap(wrapper, node, depth);
        }
        if action.has(MACRO_BODY) && self.within() != Scope::Function {
            self.define_by_macro(node, depth);
        }
        let mut into = !action.has(INERT);
        let rules = self.rules;
        if let Some(rule) = rules.definition(action) {
            into &= self.define(rule, node, depth);
        } else if action.has(OPAQUE) {
            self.enclose(depth, Scope::Function, None);
        }
        if let Some(rule) = rules.reference(action) {
            self.refer(rule, node);
        }
        self.meet_types(node, action);
        self.meet_locals(node);
        if action.has(REPARSED) {
            self.set_aside(node);
        }
        into
    }

    /// Remembers the inside of a macro call in braces, where definitions may stand.
    fn set_aside(&mut self, node: Node<'_>) {
        if self.within() == Scope::Function {
            return;
        }
        let last = (node.child_count()).checked_sub(1).and_then(|at| node.child(at));
        let Some(braces) = last.filter(|b| self.bytes.get(b.start_byte()) == Some(&b'{')) else { return };
        let close = (braces.child_count()).checked_sub(1).and_then(|at| braces.child(at));
        let (Some(open), Some(close)) = (braces.child(0), close) else { return };
        let range = Range {
            start_byte: open.end_byte(),
            end_byte: close.start_byte(),
            start_point: open.end_position(),
            end_point: close.start_position(),
        };
        if range.start_byte < range.end_byte {
            self.regions.push(Region { range, frame: self.frames.last().cloned() });
        }
    }
}
