//! Names that functions declare for themselves: how a language's declaration says which they are.

use std::num::NonZeroU16;

use tree_sitter::{Language, Node};

use super::rules::Step;
use super::spec::ITSELF;

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
    /// A name in a pattern that begins with a capital is a constant or a variant.
    pub lower: bool,
    /// A sign that binds a name inside of an expression, where that is nowhere else.
    pub sign: &'static str,
}

impl Locals {
    pub const NONE: Self =
        Self { functions: &[], blocks: &[], types: &[], binds: &[], names: &[], passed: &[], lower: false, sign: "" };

    /// Does the declaration say nothing of local names?
    pub fn is_empty(&self) -> bool {
        self.binds.is_empty()
    }
}

/// A part of a node that binds names.
#[derive(Clone, Copy)]
pub(super) struct Bind {
    pub node: &'static str,
    /// Every child in this field; [`ITSELF`] for the node.
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
    pub binds: Vec<(Step, &'static Bind)>,
}

/// What to do with a child in a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Passed {
    Field(u16),
    Kind(u16),
    Whole,
}

/// The declaration of a language, compiled.
#[derive(Default)]
pub(super) struct LocalRules {
    /// By node kind, one more than the place of its rule.
    at: Vec<u8>,
    rules: Vec<NodeRule>,
    /// Kinds of names.
    names: Vec<u16>,
    /// By node kind, sorted by it.
    passed: Vec<(u16, Passed)>,
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
            let step = Step::new(language, bind.field);
            rules.of_kind(language, bind.node, |rule| rule.binds.push((step, bind)));
        }
        rules.names = locals.names.iter().flat_map(|name| kinds(language, name)).collect();
        for (node, what) in locals.passed {
            let mut passed = Vec::new();
            if *what == ITSELF {
                passed.push(Passed::Whole);
            } else {
                passed.extend(language.field_id_for_name(what).map(|id| Passed::Field(id.get())));
                passed.extend(kinds(language, what).into_iter().map(Passed::Kind));
            }
            for kind in kinds(language, node) {
                rules.passed.extend(passed.iter().map(|one| (kind, *one)));
            }
        }
        rules.passed.sort_by_key(|(kind, _)| *kind);
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
        let kind = node.kind_id();
        let of_parent = parent.is_some_and(|parent| {
            self.passed_in(parent).any(|passed| match passed {
                Passed::Field(id) => field.is_some_and(|field| field.get() == id),
                Passed::Kind(id) => kind == id,
                Passed::Whole => false,
            })
        });
        of_parent || self.passed_in(kind).any(|passed| passed == Passed::Whole)
    }

    fn passed_in(&self, kind: u16) -> impl Iterator<Item = Passed> {
        let first = self.passed.partition_point(|(of, _)| *of < kind);
        let of_kind = self.passed.get(first..).unwrap_or_default().iter();
        of_kind.take_while(move |(of, _)| *of == kind).map(|(_, passed)| *passed)
    }
}

/// The named node kinds that are called `name`.
fn kinds(language: &Language, name: &str) -> Vec<u16> {
    let count = language.node_kind_count() as u16;
    let called = |id: &u16| language.node_kind_is_named(*id) && language.node_kind_for_id(*id) == Some(name);
    (0..count).filter(called).collect()
}
