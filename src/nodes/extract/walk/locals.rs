//! Names that functions declare for themselves, and the references that mean them.
//!
//! Each name is there in a stretch of bytes of a scope. Of several names around a reference that of the innermost scope
//! is meant; where that stands for a value, the reference is marked.

use std::collections::{HashMap, HashSet};

use tree_sitter::Node;

use crate::nodes::extract::locals::{NodeRule, Opens, Reach, Sort};
use crate::nodes::extract::spec::{Role, Text};

use super::entry::Entry;
use super::tree::Walk;

/// `visibility` of a reference that begins with a local name.
const LOCAL: &str = "local";
/// `visibility` of a reference that begins with what an import in a function brought.
const IMPORTED: &str = "imported";
/// Most nodes inside each other in a pattern.
const DEPTH: usize = 200;
/// Longest name, in bytes.
const NAME: usize = 200;

/// A scope that is open.
#[derive(Clone, Copy, Debug)]
struct Open {
    start: u32,
    end: u32,
    opens: Opens,
}

/// A name, where it is there, and the name bound before it.
#[derive(Clone, Copy, Debug)]
struct Bound {
    name: (u32, u32),
    /// First byte of the scope.
    scope: u32,
    from: u32,
    until: u32,
    sort: Sort,
}

/// What is known of the local names of a tree while it is walked.
#[derive(Default)]
pub(super) struct Locals {
    open: Vec<Open>,
    bound: Vec<Bound>,
    /// References whose callee is not kept as written, each with the first byte of that.
    heads: Vec<(usize, u32)>,
}

impl Locals {
    /// Before another tree.
    pub fn restart(&mut self) {
        self.open.clear();
        self.bound.clear();
        self.heads.clear();
    }

    pub fn note_head(&mut self, entry: usize, callee: Node<'_>) {
        self.heads.push((entry, callee.start_byte() as u32));
    }

    /// The innermost scope of those that `opens` allows.
    fn around(&self, function: bool) -> Option<Open> {
        let mut open = self.open.iter().rev();
        let found = open.find(|open| !function || open.opens != Opens::Block).copied();
        found.filter(|open| open.opens != Opens::Type)
    }
}

impl Walk<'_> {
    /// Does at a node what concerns local names.
    pub(super) fn meet_locals(&mut self, node: Node<'_>) {
        let rules = self.rules;
        let Some(rule) = rules.locals.of(node.kind_id()) else { return };
        let start = node.start_byte() as u32;
        while self.locals.open.pop_if(|open| open.end <= start).is_some() {}
        self.bind(rule, node, |reach| reach != Reach::Own && reach != Reach::Body);
        if let Some(opens) = rule.opens {
            self.locals.open.push(Open { start, end: node.end_byte() as u32, opens });
        }
        self.bind(rule, node, |reach| reach == Reach::Own || reach == Reach::Body);
    }

    fn bind(&mut self, rule: &NodeRule, node: Node<'_>, concerned: impl Fn(Reach) -> bool) {
        let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
        for (part, bind) in rule.binds.iter().filter(|(_, bind)| concerned(bind.reach)) {
            let around = self.locals.around(bind.reach == Reach::Function);
            let stretch = match (bind.reach, around) {
                (Reach::Own, _) => (start, start, end),
                (Reach::Body, _) => {
                    let body = node.child_by_field_name("body").map_or(start, |body| body.start_byte() as u32);
                    (start, body, end)
                }
                (Reach::Block | Reach::Function, Some(open)) => (open.start, open.start, open.end),
                (Reach::Start, Some(open)) => (open.start, start, open.end),
                (Reach::Behind, Some(open)) => (open.start, end, open.end),
                (_, None) => continue,
            };
            if let Some(step) = part.fixed() {
                step.take(node).into_iter().for_each(|part| self.bind_names(part, stretch, bind.sort));
                continue;
            }
            let mut cursor = node.walk();
            let mut more = cursor.goto_first_child();
            while more {
                if part.is(cursor.field_id(), cursor.node()) {
                    self.bind_names(cursor.node(), stretch, bind.sort);
                }
                more = cursor.goto_next_sibling();
            }
        }
    }

    /// Binds every name of a pattern.
    fn bind_names(&mut self, pattern: Node<'_>, (scope, from, until): (u32, u32, u32), sort: Sort) {
        let rules = self.rules;
        let mut cursor = pattern.walk();
        let mut kinds: Vec<u16> = Vec::new();
        loop {
            let node = cursor.node();
            if !self.count_node() {
                return;
            }
            let id = node.kind_id();
            let is_name = rules.locals.is_name(id);
            let passes = rules.locals.passes(kinds.last().copied(), cursor.field_id(), node);
            if is_name && !passes && self.may_bind(node) {
                let name = (node.start_byte() as u32, node.end_byte() as u32);
                self.locals.bound.push(Bound { name, scope, from, until, sort });
            }
            if !is_name && !passes && kinds.len() < DEPTH && cursor.goto_first_child() {
                kinds.push(id);
                continue;
            }
            while !cursor.goto_next_sibling() {
                if kinds.pop().is_none() || !cursor.goto_parent() {
                    return;
                }
            }
        }
    }

    fn may_bind(&self, name: Node<'_>) -> bool {
        let first = self.bytes.get(name.start_byte());
        !self.rules.spec.locals.lower || !first.is_some_and(u8::is_ascii_uppercase)
    }

    /// Does a plain node bind a name inside?
    pub(super) fn binds_within(&self, node: Node<'_>) -> bool {
        self.bytes.get(node.byte_range()).is_some_and(|text| self.rules.locals.has_sign(text))
    }

    /// Marks the references that begin with a local name, among the entries from `first` on.
    pub(super) fn mark_locals(&mut self, first: usize) {
        let bytes = self.bytes;
        if self.locals.bound.is_empty() {
            return;
        }
        let entries = self.entries.get_mut(first..).unwrap_or_default();
        let is_defined = |entry: &&Entry| entry.role == Role::Definition;
        let defined: HashSet<u32> =
            entries.iter().filter(is_defined).filter_map(|entry| start_of(&entry.name)).collect();
        // The last of each name, and from each to the one before it.
        let mut last: HashMap<&[u8], usize> = HashMap::with_capacity(self.locals.bound.len());
        let mut before: Vec<Option<usize>> = Vec::with_capacity(self.locals.bound.len());
        for (at, bound) in self.locals.bound.iter_mut().enumerate() {
            let name = bytes.get(bound.name.0 as usize..bound.name.1 as usize).unwrap_or_default();
            before.push(last.insert(name, at));
            if defined.contains(&bound.name.0) {
                bound.sort = Sort::Item;
            }
        }
        let mut heads = self.locals.heads.iter().peekable();
        for (number, entry) in (first..).zip(entries) {
            let head = heads.next_if(|(of, _)| *of == number).map(|(_, start)| *start);
            if entry.role != Role::Reference || entry.kind != "call" {
                continue;
            }
            let Some(at) = head.or_else(|| start_of(&entry.qualified)) else { continue };
            let word = word(bytes, at);
            // A module is no value where their members are told apart.
            if at != entry.start && self.rules.spec.separator != "." {
                continue;
            }
            let mut next = last.get(word).copied();
            let mut meant: Option<(u32, std::cmp::Reverse<Sort>)> = None;
            while let Some(bound) = next.and_then(|at| self.locals.bound.get(at)) {
                if bound.from <= at && at < bound.until {
                    meant = meant.max(Some((bound.scope, std::cmp::Reverse(bound.sort))));
                }
                next = next.and_then(|at| before.get(at).copied().flatten());
            }
            entry.visibility = match meant {
                Some((_, std::cmp::Reverse(Sort::Value))) => Some(LOCAL),
                Some((_, std::cmp::Reverse(Sort::Import))) => Some(IMPORTED),
                _ => None,
            };
        }
    }
}

fn start_of(text: &Text) -> Option<u32> {
    match text {
        Text::Span(start, _) => Some(*start),
        _ => None,
    }
}

/// The word that begins at `at`.
fn word(bytes: &[u8], at: u32) -> &[u8] {
    let rest = bytes.get(at as usize..).unwrap_or_default();
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || *b >= 0x80;
    let length = rest.iter().take(NAME).take_while(|b| is_word(b)).count();
    rest.get(..length).unwrap_or_default()
}
