//! References to types: `uses`, the first of each name in a definition.
//!
//! What is read for types alone is passed over by the walk otherwise, so that each node is visited once.

use std::collections::HashSet;

use tree_sitter::Node;

use crate::nodes::extract::rules::{Action, COMMENT, HOLDER, IDENTIFIER, LEAF, Step, TYPE, VALUE, VARIABLES};
use crate::nodes::extract::spec::{Role, Scope, Text};

use super::entry::Entry;
use super::tree::Walk;

/// Stands for the file among the definitions.
const FILE: usize = usize::MAX;
/// Most type variables of one list.
const VARIABLE_NAMES: usize = 64;
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

impl<'a> Walk<'a> {
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
                let found = rules.parts(action).iter().filter_map(|part| part.take(node));
                parts.extend(found.map(|part| (part.start_byte(), part.end_byte())));
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
    fn declare_variables(&mut self, list: Node<'_>) {
        let outer = list.parent().unwrap_or(list).end_byte() as u32;
        // `infer U` of TypeScript is there to the end of the type around it.
        let until = self.uses.leaf.map_or(outer, |(_, end)| end.max(outer));
        let mut cursor = list.walk();
        let mut names: Vec<Node<'_>> = list.children_by_field_name("name", &mut cursor).take(VARIABLE_NAMES).collect();
        if names.is_empty() {
            let children =
                (0..list.named_child_count().min(VARIABLE_NAMES) as u32).filter_map(|at| list.named_child(at));
            for child in children {
                let mut cursor = child.walk();
                let before = names.len();
                names.extend(child.children_by_field_name("name", &mut cursor).take(VARIABLE_NAMES));
                if names.len() == before {
                    names.extend(self.variable(child));
                }
            }
        }
        let bytes = self.bytes;
        let texts = names.into_iter().filter_map(|name| bytes.get(name.byte_range()));
        self.uses.variables.extend(texts.map(|text| (until, text)));
    }

    /// The name of one type variable where the grammar has no field for it: itself, or its first part.
    fn variable<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let is_name = |n: &Node<'t>| {
            let action = self.rules.action(n.kind_id());
            action.has(IDENTIFIER) || action.has(TYPE)
        };
        if is_name(&node) {
            return Some(node);
        }
        // A parameter of a template that is a value begins with its type.
        let first = || (0..node.named_child_count().min(4) as u32).filter_map(|at| node.named_child(at)).find(is_name);
        node.kind().contains("type").then(first).flatten()
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
        if within.iter().all(|b| is_word(*b) || *b == b'.') {
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
        if goes_on(bytes.get(end..).unwrap_or_default()) {
            // A name before another: the module or type that has it.
            return;
        }
        let from = path_start(bytes, start);
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

/// Does another name follow, behind a separator?
fn goes_on(rest: &[u8]) -> bool {
    let behind = match rest {
        [b':', b':', behind @ ..] | [b'.' | b'\\', behind @ ..] => behind,
        _ => return false,
    };
    behind.first().is_some_and(|b| is_word(*b))
}

/// Where the path of names begins that ends with the name at `start`.
fn path_start(bytes: &[u8], start: usize) -> usize {
    let mut from = start;
    while start - from < PATH {
        let before = bytes.get(..from).unwrap_or_default();
        let (outer, root) = match before {
            [outer @ .., b':', b':'] => (outer, true),
            [outer @ .., b'\\'] => (outer, true),
            [outer @ .., b'.'] => (outer, false),
            _ => return from,
        };
        let word = outer.iter().rev().take(PATH).take_while(|b| is_word(**b)).count();
        match (word, root) {
            // From the root, as in `::a` and `\a`.
            (0, true) if !outer.ends_with(b">") => return outer.len(),
            (0, _) => return from,
            (word, _) => from = outer.len() - word,
        }
    }
    from
}
