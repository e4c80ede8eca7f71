//! Names that functions declare for themselves: how a language's declaration says which they are.

use std::num::NonZeroU16;

use memchr::memmem::Finder;
use tree_sitter::{Language, Node};

use super::rules::Step;
use super::spec::{FIRST, ITSELF};

/// Where a language binds names that hide those of the file.
#[derive(Clone, Copy)]
pub(super) struct Locals {
    /// Nodes that are scopes of their own and enclose all names of a function.
    pub functions: &'static [&'static str],
    /// Nodes that are scopes of their own, inside of functions or not.
    pub blocks: &'static [&'static str],
    /// Bodies of types: names that are bound in them are members.
    pub types: &'static [&'static str],
    pub binds: &'static [Bind],
    /// Nodes that are names in a pattern.
    pub names: &'static [&'static str],
    /// In patterns, what holds no names: node → field or kind of the child, [`ITSELF`] for the whole node.
    pub passed: &'static [(&'static str, &'static str)],
    /// In patterns, what alone holds names of a node: node → field or kind of the child.
    pub entered: &'static [(&'static str, &'static str)],
    /// A name in a pattern that begins with a capital is a constant or a variant.
    pub lower: bool,
    /// Words and signs of what binds names inside of expressions.
    pub signs: &'static [&'static str],
}

impl Locals {
    pub const NONE: Self = Self {
        functions: &[],
        blocks: &[],
        types: &[],
        binds: &[],
        names: &[],
        passed: &[],
        entered: &[],
        lower: false,
        signs: &[],
    };

    /// Does the declaration say nothing of local names?
    pub fn is_empty(&self) -> bool {
        self.binds.is_empty()
    }
}

/// A part of a node that binds names.
#[derive(Clone, Copy)]
pub(super) struct Bind {
    pub node: &'static str,
    /// Every child in this field, or of this kind; [`ITSELF`] for the node, [`FIRST`] for its first named child.
    pub field: &'static str,
    pub reach: Reach,
    pub sort: Sort,
}

impl Bind {
    pub const fn new(node: &'static str, field: &'static str, reach: Reach) -> Self {
        Self { node, field, reach, sort: Sort::Value }
    }

    /// The name of a definition, which hides what has its name further out.
    pub const fn item(node: &'static str, field: &'static str, reach: Reach) -> Self {
        Self { node, field, reach, sort: Sort::Item }
    }

    pub const fn import(node: &'static str, field: &'static str, reach: Reach) -> Self {
        Self { node, field, reach, sort: Sort::Import }
    }
}

/// Where a name is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// In the node.
    Own,
    /// In the node, from its field `body` on.
    Body,
    /// In the scope around.
    Block,
    /// In the scope around, from the node on.
    Start,
    /// In the scope around, behind the node.
    Behind,
    /// In the function around.
    Function,
}

/// What a name stands for; of those in one scope the first is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Value,
    Import,
    Item,
}

/// What opens a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Opens {
    Function,
    Block,
    Type,
}

/// What concerns local names at nodes of one kind.
#[derive(Default)]
pub(super) struct NodeRule {
    pub opens: Option<Opens>,
    pub binds: Vec<(Part, &'static Bind)>,
}

/// A part of a node, by its field or its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    field: Option<NonZeroU16>,
    kinds: Vec<u16>,
    /// It is the node, or its first named child.
    fixed: Option<Step>,
}

impl Part {
    fn new(language: &Language, what: &str) -> Self {
        let fixed = match what {
            ITSELF => Some(Step::Itself),
            FIRST => Some(Step::First),
            _ => None,
        };
        Self { field: language.field_id_for_name(what), kinds: kinds(language, what), fixed }
    }

    /// The step to it, where that is the same for every node.
    pub fn fixed(&self) -> Option<Step> {
        self.fixed
    }

    fn is_whole(&self) -> bool {
        self.fixed == Some(Step::Itself)
    }

    /// Is it `node`, a child in `field`?
    pub fn is(&self, field: Option<NonZeroU16>, node: Node<'_>) -> bool {
        (self.field.is_some() && self.field == field) || self.kinds.contains(&node.kind_id())
    }
}

/// Parts of nodes, by the kinds of these, in order.
#[derive(Default)]
struct Parts(Vec<(u16, Part)>);

impl Parts {
    fn compile(language: &Language, parts: &[(&str, &str)]) -> Self {
        let mut all = Vec::new();
        for (node, what) in parts {
            let part = Part::new(language, what);
            all.extend(kinds(language, node).into_iter().map(|kind| (kind, part.clone())));
        }
        all.sort_by_key(|(kind, _)| *kind);
        Self(all)
    }

    fn of(&self, kind: u16) -> impl Iterator<Item = &Part> {
        let first = self.0.partition_point(|(of, _)| *of < kind);
        let rest = self.0.get(first..).unwrap_or_default().iter();
        rest.take_while(move |(of, _)| *of == kind).map(|(_, part)| part)
    }
}

/// The declaration of a language, compiled.
#[derive(Default)]
pub(super) struct LocalRules {
    /// By node kind, one more than the place of its rule.
    at: Vec<u8>,
    rules: Vec<NodeRule>,
    /// Kinds of names.
    names: Vec<u16>,
    passed: Parts,
    entered: Parts,
    signs: Vec<Finder<'static>>,
}

impl LocalRules {
    pub fn compile(locals: &'static Locals, language: &Language) -> Self {
        let mut rules = Self::default();
        if locals.is_empty() {
            return rules;
        }
        rules.at = vec![0; language.node_kind_count()];
        let scopes = [(locals.functions, Opens::Function), (locals.blocks, Opens::Block), (locals.types, Opens::Type)];
        for (nodes, opens) in scopes {
            for node in nodes {
                rules.of_kind(language, node, |rule| rule.opens = Some(opens));
            }
        }
        for bind in locals.binds {
            let part = Part::new(language, bind.field);
            rules.of_kind(language, bind.node, |rule| rule.binds.push((part, bind)));
        }
        rules.names = locals.names.iter().flat_map(|name| kinds(language, name)).collect();
        rules.passed = Parts::compile(language, locals.passed);
        rules.entered = Parts::compile(language, locals.entered);
        rules.signs = locals.signs.iter().map(Finder::new).collect();
        rules
    }

    /// Changes the rule of every node called `name`; those of one name have one.
    fn of_kind(&mut self, language: &Language, name: &str, change: impl FnOnce(&mut NodeRule)) {
        let ids = kinds(language, name);
        let Some(first) = ids.first().and_then(|id| self.at.get(usize::from(*id)).copied()) else { return };
        let place = usize::from(first).checked_sub(1).unwrap_or_else(|| {
            self.rules.push(NodeRule::default());
            self.rules.len() - 1
        });
        for id in ids {
            if let Some(slot) = self.at.get_mut(usize::from(id)) {
                *slot = place as u8 + 1;
            }
        }
        if let Some(rule) = self.rules.get_mut(place) {
            change(rule);
        }
    }

    /// Every node kind with a rule.
    pub fn kinds(&self) -> impl Iterator<Item = usize> {
        self.at.iter().enumerate().filter(|(_, place)| **place > 0).map(|(id, _)| id)
    }

    pub fn of(&self, id: u16) -> Option<&NodeRule> {
        let place = self.at.get(usize::from(id))?.checked_sub(1)?;
        self.rules.get(usize::from(place))
    }

    pub fn is_name(&self, id: u16) -> bool {
        self.names.contains(&id)
    }

    /// Holds `node`, a child of a `parent` in `field`, no names of a pattern?
    pub fn passes(&self, parent: Option<u16>, field: Option<NonZeroU16>, node: Node<'_>) -> bool {
        let Some(parent) = parent else { return self.passed.of(node.kind_id()).any(Part::is_whole) };
        let mut alone = self.entered.of(parent).peekable();
        let is_other = alone.peek().is_some() && !alone.any(|part| part.is(field, node));
        is_other
            || self.passed.of(parent).any(|part| part.is(field, node))
            || self.passed.of(node.kind_id()).any(Part::is_whole)
    }

    /// Does `text` have a sign of what binds names inside of expressions?
    pub fn has_sign(&self, text: &[u8]) -> bool {
        self.signs.iter().any(|sign| sign.find(text).is_some())
    }
}

/// The named node kinds that are called `name`.
fn kinds(language: &Language, name: &str) -> Vec<u16> {
    let count = language.node_kind_count() as u16;
    let called = |id: &u16| language.node_kind_is_named(*id) && language.node_kind_for_id(*id) == Some(name);
    (0..count).filter(called).collect()
}
