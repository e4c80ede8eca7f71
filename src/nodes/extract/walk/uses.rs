//! References to types: `uses`, the first of each name in a definition.
//!
//! What is read for types alone is passed over by the walk otherwise, so that each node is visited once.

use std::collections::HashSet;

use tree_sitter::Node;

use crate::nodes::extract::rules::{Action, COMMENT, HOLDER, IDENTIFIER, LEAF, PLAIN, Step, TYPE, VALUE, VARIABLES};
use crate::nodes::extract::spec::{Role, Scope, Text};

use super::entry::Entry;
use super::tree::Walk;

/// Stands for the file among the definitions.
const FILE: usize = usize::MAX;
/// Most type variables of one list.
const VARIABLE_NAMES: usize = 64;
/// Most nodes around the name of a type variable.
const VARIABLE_DEPTH: usize = 6;
/// Longest path of names, in bytes.
const PATH: usize = 160;

/// What is known of the types of a file while it is walked.
#[derive(Default)]
pub(super) struct Uses<'a> {
    /// First bytes of names that are something else: of definitions, of what is extended, of what is made.
    taken: HashSet<u32>,
    /// By definition, the names that it uses.
    seen: HashSet<(usize, &'a [u8])>,
    /// Type variables, each with the end of what declares it.
    variables: Vec<(u32, &'a [u8])>,
    /// The last definition that encloses nothing, and its end.
    leaf: Option<(usize, u32)>,
}

impl Uses<'_> {
    /// Before another tree.
    pub fn restart(&mut self) {
        self.variables.clear();
        self.leaf = None;
    }
}

impl Walk<'_> {
    /// A name that is no reference to a type, by its first byte.
    pub(super) fn take_name(&mut self, name: &Text) {
        if let (Text::Span(start, _), false) = (name, self.rules.spec.types.is_empty()) {
            self.uses.taken.insert(*start);
        }
    }

    /// A definition that encloses nothing has the types of its node.
    pub(super) fn note_leaf(&mut self, node: Node<'_>) {
        if self.within() == Scope::Namespace {
            self.uses.leaf = self.entries.len().checked_sub(1).map(|at| (at, node.end_byte() as u32));
        }
    }

    /// `struct a;` says that there is one, and uses none.
    pub(super) fn note_mention(&mut self, node: Node<'_>, name: Option<Node<'_>>) {
        let rest = self.bytes.get(node.end_byte()..).unwrap_or_default();
        if let (Some(name), Some(b';')) = (name, rest.iter().find(|b| !b.is_ascii_whitespace())) {
            self.take_name(&Text::of(name));
        }
    }

    /// Does at a node what concerns types, when the walk itself comes by.
    pub(super) fn meet_types(&mut self, node: Node<'_>, action: Action) {
        if action.has(VARIABLES) {
            self.declare_variables(node);
        }
        if action.has(TYPE) {
            self.use_type(node);
        }
        let rules = self.rules;
        for part in rules.parts(action) {
            let broken = *part == Step::Itself && self.errors && node.parent().is_some_and(|n| n.is_error());
            if let Some(part) = part.take(node).filter(|_| !broken) {
                self.types_in(part, true);
            }
        }
    }

    /// Reads what is inside `root` for types alone. With `named` every identifier in it names one.
    pub(super) fn types_in(&mut self, root: Node<'_>, named: bool) {
        let rules = self.rules;
        let mut parts: Vec<(usize, usize)> = Vec::new();
        if named {
            parts.push((root.start_byte(), root.end_byte()));
            self.use_quoted(root);
        }
        let mut cursor = root.walk();
        let mut depth = 0_u32;
        loop {
            let node = cursor.node();
            if !self.count_node() {
                return;
            }
            let action = rules.action(node.kind_id());
            let start = node.start_byte();
            let mut into = !action.has(LEAF | COMMENT) && depth < self.max_depth;
            if action.has(VARIABLES) {
                self.declare_variables(node);
            }
            while parts.pop_if(|(_, end)| *end <= start).is_some() {}
            let in_part = parts.iter().any(|(from, end)| (*from..*end).contains(&start));
            if action.has(TYPE) || (action.has(IDENTIFIER) && in_part) {
                self.use_type(node);
            } else if action.has(VALUE) && in_part {
                into = false;
            } else {
                for part in rules.parts(action).iter().filter_map(|part| part.take(node)) {
                    parts.push((part.start_byte(), part.end_byte()));
                    self.use_quoted(part);
                }
            }
            // Parts are read ahead of the walk, which asks for triggers in order.
            if into && !named && !in_part && action.has(PLAIN) && !action.has(HOLDER) {
                into = self.triggers(node);
            }
            if into && cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while !cursor.goto_next_sibling() {
                if !cursor.goto_parent() {
                    return;
                }
                depth = depth.saturating_sub(1);
            }
        }
    }

    /// Is the node one that is read for types alone, where the walk has nothing else to do in it?
    pub(super) fn holds_types(&self, node: Node<'_>, action: Action) -> bool {
        action.has(HOLDER) && !(self.errors && node.has_error())
    }

    /// The names in a list of type variables, which are there to the end of what has the list.
    fn declare_variables(&mut self, node: Node<'_>) {
        let step = self.rules.variables(node.kind_id());
        let Some(list) = step.take(node) else { return };
        let outer = if step == Step::Itself { node.parent().unwrap_or(node) } else { node }.end_byte() as u32;
        // `infer U` of TypeScript is there to the end of the type around it.
        let until = self.uses.leaf.map_or(outer, |(_, end)| end.max(outer));
        let mut names = self.named_variables(list);
        if names.is_empty() {
            let count = list.named_child_count().min(VARIABLE_NAMES) as u32;
            for child in (0..count).filter_map(|at| list.named_child(at)) {
                let before = names.len();
                names.extend(self.named_variables(child));
                if names.len() == before {
                    names.extend(self.variable(child));
                }
            }
        }
        let bytes = self.bytes;
        let texts = names.into_iter().filter_map(|name| bytes.get(name.byte_range()));
        self.uses.variables.extend(texts.map(|text| (until, text)));
    }

    fn is_name(&self, node: Node<'_>) -> bool {
        let action = self.rules.action(node.kind_id());
        action.has(IDENTIFIER) || action.has(TYPE)
    }

    /// The names of type variables where the grammar has a field for them.
    fn named_variables<'t>(&self, node: Node<'t>) -> Vec<Node<'t>> {
        let mut cursor = node.walk();
        let named = node.children_by_field_name("name", &mut cursor).take(VARIABLE_NAMES);
        named.filter(|n| self.is_name(*n)).collect()
    }

    /// The name of one type variable where there is no field: itself, or the first name in it.
    fn variable<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        // A parameter of a template that is a value begins with its type.
        if !self.is_name(node) && !node.kind().contains("type") {
            return None;
        }
        let mut at = node;
        for _ in 0..VARIABLE_DEPTH {
            if self.is_name(at) {
                return Some(at);
            }
            let mut first = (0..at.named_child_count().min(4) as u32).filter_map(|child| at.named_child(child));
            at = first.find(|n| self.is_name(*n)).or_else(|| at.named_child(0))?;
        }
        None
    }

    /// The words of a list that are type variables in `node`.
    pub(super) fn declare_words(&mut self, list: Option<(u32, u32)>, node: Node<'_>) {
        let Some((start, end)) = list else { return };
        let bytes = self.bytes;
        let list = bytes.get(start as usize..end as usize).unwrap_or_default();
        let words = list.split(|b| !is_word(*b)).filter(|word| !word.is_empty()).take(VARIABLE_NAMES);
        self.uses.variables.extend(words.map(|word| (node.end_byte() as u32, word)));
    }

    /// A type that is written as a string, where that is all that a part says.
    fn use_quoted(&mut self, part: Node<'_>) {
        let Some(text) = part.named_child(0).filter(|n| part.named_child_count() == 1 && n.kind() == "string") else {
            return;
        };
        let within = self.bytes.get(text.start_byte() + 1..text.end_byte().saturating_sub(1)).unwrap_or_default();
        if within.iter().all(|b| is_word(*b) || *b == b'.') && !is_literal(self.bytes, text.start_byte()) {
            let last = within.rsplit(|b| *b == b'.').next().unwrap_or_default();
            let end = text.start_byte() + 1 + within.len();
            self.use_name(end - last.len(), end);
        }
    }

    /// A name that stands for a type.
    fn use_type(&mut self, node: Node<'_>) {
        self.use_name(node.start_byte(), node.end_byte());
    }

    fn use_name(&mut self, start: usize, end: usize) {
        let bytes = self.bytes;
        let Some(name) = bytes.get(start..end).filter(|name| is_name(name)) else { return };
        let separator = self.rules.spec.separator.as_bytes();
        if goes_on(separator, bytes.get(end..).unwrap_or_default()) {
            // A name before another: the module or type that has it.
            return;
        }
        let from = path_start(separator, bytes, start);
        let path = bytes.get(from..end).unwrap_or_default();
        let first = path.split(|b| !is_word(*b)).find(|word| !word.is_empty()).unwrap_or(name);
        let spec = self.rules.spec;
        let is_never = spec.types.never.iter().any(|word| word.as_bytes() == first);
        if is_never || self.is_variable(first, start as u32) || self.uses.taken.contains(&(start as u32)) {
            return;
        }
        let owner = self.owner(start as u32);
        if !self.uses.seen.insert((owner, path)) {
            return;
        }
        self.entries.push(Entry {
            role: Role::Reference,
            kind: "uses",
            name: Text::Span(start as u32, end as u32),
            qualified: Text::Span(from as u32, end as u32),
            signature: Text::Fixed(""),
            visibility: None,
            doc: None,
            start: start as u32,
            end: end as u32,
            body: end as u32,
            language: None,
        });
    }

    fn is_variable(&mut self, name: &[u8], at: u32) -> bool {
        while self.uses.variables.pop_if(|(until, _)| *until <= at).is_some() {}
        self.uses.variables.iter().any(|(until, variable)| *until > at && *variable == name)
    }

    /// The definition whose type this is: of the innermost that encloses, or outside of types and functions of the one
    /// that encloses nothing.
    fn owner(&self, at: u32) -> usize {
        let frame = self.frames.iter().rev().find_map(|frame| Some((frame.entry?, frame.scope)));
        let leaf = self.uses.leaf.filter(|(_, end)| *end > at).map(|(entry, _)| entry);
        match (frame, leaf) {
            (None | Some((_, Scope::Namespace)), Some(leaf)) => leaf,
            (Some((entry, _)), _) => entry,
            (None, None) => FILE,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn is_name(text: &[u8]) -> bool {
    text.iter().all(|b| is_word(*b) || *b == b'@') && !text.first().is_none_or(u8::is_ascii_digit)
}

/// Does the string at `at` stand in the brackets of `Literal[…]`, and so for itself?
fn is_literal(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(PATH)..at).unwrap_or_default();
    let open = before.iter().rposition(|b| matches!(b, b'[' | b']'));
    open.and_then(|open| before.get(..=open)).is_some_and(|head| head.ends_with(b"Literal["))
}

/// Words behind a type that are none of its names.
const OF_A_TYPE: [&[u8]; 4] = [b"class", b"self", b"Type", b"Protocol"];

/// Does another name follow, behind a separator?
fn goes_on(separator: &[u8], rest: &[u8]) -> bool {
    let Some(behind) = rest.strip_prefix(separator) else { return false };
    let word = behind.split(|b| !is_word(*b)).next().unwrap_or_default();
    !word.is_empty() && !OF_A_TYPE.contains(&word)
}

/// Where the path of names begins that ends with the name at `start`.
fn path_start(separator: &[u8], bytes: &[u8], start: usize) -> usize {
    let mut from = start;
    while start - from < PATH {
        let before = bytes.get(..from).unwrap_or_default();
        let Some(outer) = before.strip_suffix(separator) else { return from };
        let word = outer.iter().rev().take(PATH).take_while(|b| is_word(**b)).count();
        if word == 0 {
            // From the root, as in `::a` and `\a`.
            let is_root = separator != b"." && !outer.ends_with(b">");
            return if is_root { outer.len() } else { from };
        }
        from = outer.len() - word;
    }
    from
}
