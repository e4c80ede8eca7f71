//! A language's declaration, compiled against its grammar: one table over node kinds, made once a process.

use tree_sitter::{Language, Node};

use super::locals::LocalRules;
use super::spec::{Definition, FIRST, ITSELF, LAST, LanguageSpec, Name, Reference, Target, Visibility, Wrapper};

/// What the walk has to do at a node of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Action {
    flags: u16,
    definition: u8,
    reference: u8,
    wrapper: u8,
    parts: u8,
}

pub(super) const COMMENT: u16 = 1;
pub(super) const LEADING: u16 = 1 << 1;
pub(super) const OPAQUE: u16 = 1 << 2;
pub(super) const INERT: u16 = 1 << 3;
pub(super) const REPARSED: u16 = 1 << 4;
pub(super) const IDENTIFIER: u16 = 1 << 5;
pub(super) const ACCESS: u16 = 1 << 6;
pub(super) const MACRO_BODY: u16 = 1 << 8;
pub(super) const PLAIN: u16 = 1 << 9;
/// Names a type.
pub(super) const TYPE: u16 = 1 << 11;
/// Read for types alone.
pub(super) const HOLDER: u16 = 1 << 12;
/// Declares type variables.
pub(super) const VARIABLES: u16 = 1 << 13;
/// A value inside of types.
pub(super) const VALUE: u16 = 1 << 14;
/// A node without children.
pub(super) const LEAF: u16 = 1 << 10;
/// The node has to be looked at in full; the other flags are read only then.
pub(super) const BUSY: u16 = 1 << 7;

impl Action {
    pub fn has(self, flag: u16) -> bool {
        self.flags & flag != 0
    }
}

/// A way from a node to one of its children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    None,
    Field(u16),
    First,
    Last,
    Itself,
}

impl Step {
    fn new(language: &Language, field: &str) -> Self {
        match field {
            FIRST => Self::First,
            LAST => Self::Last,
            ITSELF => Self::Itself,
            name => language.field_id_for_name(name).map_or(Self::None, |id| Self::Field(id.get())),
        }
    }

    pub fn take(self, node: Node<'_>) -> Option<Node<'_>> {
        match self {
            Self::None => None,
            Self::Field(id) => node.child_by_field_id(id),
            Self::Itself => Some(node),
            Self::First => node.named_child(0),
            Self::Last => node.named_child((node.named_child_count() as u32).checked_sub(1)?),
        }
    }
}

/// A definition rule and the steps that it takes.
pub(super) struct DefinitionRule {
    pub rule: &'static Definition,
    pub name: Step,
    pub body: Step,
}

/// A reference rule and the steps that it takes.
pub(super) struct ReferenceRule {
    pub rule: &'static Reference,
    pub target: Step,
    pub arguments: Step,
}

/// A compiled declaration.
pub(super) struct Rules {
    pub spec: &'static LanguageSpec,
    pub language: Language,
    actions: Vec<Action>,
    tails: Vec<Step>,
    /// To the type variables of a node.
    variables: Vec<Step>,
    definitions: Vec<DefinitionRule>,
    references: Vec<ReferenceRule>,
    /// Each node kind's parts that name types.
    parts: Vec<Vec<Step>>,
    pub locals: LocalRules,
}

impl Rules {
    pub fn compile(spec: &'static LanguageSpec) -> Self {
        let language = (spec.grammar)();
        let kinds = language.node_kind_count();
        let mut rules = Self {
            spec,
            actions: vec![Action::default(); kinds],
            tails: vec![Step::None; kinds],
            variables: vec![Step::None; kinds],
            definitions: Vec::with_capacity(spec.definitions.len()),
            references: Vec::with_capacity(spec.references.len()),
            parts: Vec::new(),
            locals: LocalRules::compile(&spec.locals, &language),
            language,
        };
        rules.add_flags();
        rules.add_definitions();
        rules.add_references();
        rules.add_types();
        rules.add_locals();
        rules
    }

    /// What to do at a node of kind `id`; nothing at kinds that no grammar names (errors).
    pub fn action(&self, id: u16) -> Action {
        self.actions.get(usize::from(id)).copied().unwrap_or_default()
    }

    pub fn tail(&self, id: u16) -> Step {
        self.tails.get(usize::from(id)).copied().unwrap_or(Step::None)
    }

    pub fn variables(&self, id: u16) -> Step {
        self.variables.get(usize::from(id)).copied().unwrap_or(Step::None)
    }

    pub fn definition(&self, action: Action) -> Option<&DefinitionRule> {
        self.definitions.get(usize::from(action.definition.checked_sub(1)?))
    }

    pub fn reference(&self, action: Action) -> Option<&ReferenceRule> {
        self.references.get(usize::from(action.reference.checked_sub(1)?))
    }

    /// The ways to the parts that name types.
    pub fn parts(&self, action: Action) -> &[Step] {
        let parts = action.parts.checked_sub(1).and_then(|at| self.parts.get(usize::from(at)));
        parts.map_or(&[], Vec::as_slice)
    }

    pub fn wrapper(&self, action: Action) -> Option<&'static Wrapper> {
        self.spec.wrappers.get(usize::from(action.wrapper.checked_sub(1)?))
    }

    /// Changes the action of every named node kind called `name`.
    fn each(&mut self, name: &str, mut change: impl FnMut(&mut Action)) {
        for (id, action) in self.actions.iter_mut().enumerate() {
            let named = self.language.node_kind_is_named(id as u16);
            if named && self.language.node_kind_for_id(id as u16) == Some(name) {
                change(action);
            }
        }
    }

    /// Puts the step of every node kind called `name` into a list of them.
    fn step(&mut self, name: &str, step: Step, list: impl Fn(&mut Self) -> &mut Vec<Step>) {
        for id in 0..self.actions.len() {
            if self.language.node_kind_for_id(id as u16) == Some(name)
                && let Some(slot) = list(self).get_mut(id)
            {
                *slot = step;
            }
        }
    }

    fn flag(&mut self, names: &[&str], flags: u16) {
        for name in names {
            self.each(name, |action| action.flags |= flags);
        }
    }

    fn add_flags(&mut self) {
        let spec = self.spec;
        self.flag(spec.docs.comments, COMMENT | BUSY);
        self.flag(spec.leading, LEADING | BUSY);
        self.flag(spec.opaque, OPAQUE | BUSY);
        self.flag(spec.inert, INERT | BUSY);
        self.flag(spec.reparsed, REPARSED | BUSY);
        self.flag(spec.macro_body, MACRO_BODY | BUSY);
        self.flag(spec.plain, PLAIN);
        self.flag(spec.identifiers, IDENTIFIER | LEAF);
        for (id, action) in self.actions.iter_mut().enumerate() {
            if !self.language.node_kind_is_named(id as u16) {
                action.flags |= LEAF;
            }
        }
        match spec.visibility {
            Visibility::Sections => self.flag(&["access_specifier"], ACCESS | BUSY),
            Visibility::Statements => self.flag(&["identifier"], ACCESS | BUSY),
            _ => {}
        }
        for (at, wrapper) in spec.wrappers.iter().enumerate() {
            self.each(wrapper.node, |action| {
                action.wrapper = at as u8 + 1;
                action.flags |= BUSY;
            });
        }
        for (node, field) in spec.tails {
            let step = Step::new(&self.language, field);
            self.step(node, step, |rules| &mut rules.tails);
        }
    }

    fn add_definitions(&mut self) {
        for (at, rule) in self.spec.definitions.iter().enumerate() {
            let name = match rule.name {
                Name::Field(field) => Step::new(&self.language, field),
                Name::Special(..) => Step::None,
            };
            let body = rule.body.map_or(Step::None, |field| Step::new(&self.language, field));
            self.definitions.push(DefinitionRule { rule, name, body });
            self.each(rule.node, |action| {
                action.definition = at as u8 + 1;
                action.flags |= BUSY;
            });
        }
    }

    fn add_references(&mut self) {
        for (at, rule) in self.spec.references.iter().enumerate() {
            let target = match rule.target {
                Target::Tail(field) | Target::Whole(field) | Target::Joined(field) => Step::new(&self.language, field),
                Target::Each | Target::Special(..) => Step::None,
            };
            self.references.push(ReferenceRule { rule, target, arguments: Step::new(&self.language, rule.arguments) });
            self.each(rule.node, |action| {
                action.reference = at as u8 + 1;
                action.flags |= BUSY;
            });
        }
    }

    fn add_locals(&mut self) {
        for id in self.locals.kinds() {
            if let Some(action) = self.actions.get_mut(id) {
                action.flags |= BUSY;
            }
        }
    }

    fn add_types(&mut self) {
        let types = &self.spec.types;
        self.flag(types.names, TYPE | BUSY);
        for (node, field) in types.variables {
            let step = Step::new(&self.language, field);
            self.flag(&[node], VARIABLES | BUSY);
            self.step(node, step, |rules| &mut rules.variables);
        }
        self.flag(types.values, VALUE);
        self.flag(types.holders, HOLDER);
        for (node, field) in types.parts {
            let step = Step::new(&self.language, field);
            let fresh = self.parts.len();
            let mut known = fresh;
            self.each(node, |action| {
                action.flags |= BUSY;
                known = usize::from(action.parts).checked_sub(1).unwrap_or(known);
                action.parts = known as u8 + 1;
            });
            if known == fresh {
                self.parts.push(vec![step]);
            } else if let Some(parts) = self.parts.get_mut(known) {
                parts.push(step);
            }
        }
    }
}
