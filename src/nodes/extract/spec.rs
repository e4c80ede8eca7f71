//! The words in which a language is declared.
//!
//! A declaration is data: node and field names of its grammar and what they mean. What data cannot say is a *special*
//! function with a name; changing one means raising the declaration's `version`.

use tree_sitter::{Language, Node};

pub(super) use super::found::{Context, Named, Referred, Text};
pub(super) use super::locals::{Bind, Locals, Reach};

/// Everything that is known of one language.
pub(super) struct LanguageSpec {
    /// The name that the source layer gives to files of this language.
    pub name: &'static str,
    /// Rises whenever a special function changes what it finds.
    pub version: u32,
    pub grammar: fn() -> Language,
    /// Crate and version of the grammar.
    pub grammar_version: &'static str,
    /// Between the parts of a qualified name.
    pub separator: &'static str,
    pub definitions: &'static [Definition],
    pub references: &'static [Reference],
    pub types: Types,
    pub locals: Locals,
    /// How to get from a callee to the identifier that names it: node kind → field of the part to go on with.
    pub tails: &'static [(&'static str, &'static str)],
    /// Nodes that can name a callee.
    pub identifiers: &'static [&'static str],
    pub docs: Docs,
    /// Siblings directly before a definition that belong to it: attributes, decorators.
    pub leading: &'static [&'static str],
    /// Nodes around a definition that belong to it.
    pub wrappers: &'static [Wrapper],
    /// Function-like nodes that are no definitions: what stands in them is local.
    pub opaque: &'static [&'static str],
    /// Nodes that hold nothing of interest; passed over unless they hold errors.
    pub inert: &'static [&'static str],
    /// Nodes that hold nothing of interest unless one of the `triggers` stands behind their first byte.
    pub plain: &'static [&'static str],
    /// Bytes without which there is no call and no definition inside a plain node.
    pub triggers: [u8; 2],
    /// Macro calls whose braces may hold definitions: parsed once more, as this language.
    pub reparsed: &'static [&'static str],
    pub visibility: Visibility,
    /// A `;` after a definition on the same line belongs to it.
    pub semicolon: bool,
    /// A block of this kind directly behind a call, outside functions, is the body of a function that a macro defines.
    pub macro_body: &'static [&'static str],
    /// Read as blanks by the parser.
    pub attributes: Attributes,
    /// A language whose files pass for files of this one.
    pub kin: Option<Kin>,
    pub scanner: Scanner,
    /// Data that is machine-written: long lines in it do not mean that it is no text.
    pub long_lines: bool,
}

/// What a grammar's scanner cannot hold; see `run::scanner`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scanner {
    /// Nothing known.
    Sound,
    /// Most indentations inside each other.
    Indents(u32),
    /// As before, where a line can open several blocks.
    Columns(u32),
    /// Most bytes for the names of heredocs that are open at once.
    Heredocs(u32),
    /// Most block comments that open with `(*`: the scanner calls itself for one inside another.
    Comments(u32),
}

/// A language that shares file names with another.
#[derive(Clone, Copy)]
pub(super) struct Kin {
    pub spec: &'static LanguageSpec,
    /// A file that does not parse and has a line that starts with one of these is tried as this language; the reading
    /// with fewer lines in error stands.
    pub marks: &'static [&'static str],
}

impl LanguageSpec {
    /// A declaration with nothing in it, to be filled with `..`.
    pub const fn empty(
        name: &'static str,
        version: u32,
        grammar: fn() -> Language,
        grammar_version: &'static str,
    ) -> Self {
        Self {
            name,
            version,
            grammar,
            grammar_version,
            separator: ".",
            definitions: &[],
            references: &[],
            types: Types::NONE,
            locals: Locals::NONE,
            tails: &[],
            identifiers: &[],
            docs: Docs { comments: &[], markers: &[], docstring: false },
            leading: &[],
            wrappers: &[],
            opaque: &[],
            inert: &[],
            plain: &[],
            triggers: *b"({",
            reparsed: &[],
            visibility: Visibility::Unknown,
            semicolon: false,
            macro_body: &[],
            attributes: Attributes { plain: &[], called: &[], templates: false },
            kin: None,
            scanner: Scanner::Sound,
            long_lines: false,
        }
    }
}

/// Where a language names types: what a definition uses.
#[derive(Clone, Copy)]
pub(super) struct Types {
    /// Nodes that name a type wherever they stand.
    pub names: &'static [&'static str],
    /// Parts of which every identifier names a type: node → field, [`ITSELF`] for the node.
    pub parts: &'static [(&'static str, &'static str)],
    /// Inside of such parts, nodes that are values.
    pub values: &'static [&'static str],
    /// Of `inert` and `plain`, nodes that are read for types alone.
    pub holders: &'static [&'static str],
    /// Lists of type variables, node → field: they are there to the end of the node, or with [`ITSELF`] of that around it.
    pub variables: &'static [(&'static str, &'static str)],
    /// Names that every program has, and none defines anew.
    pub never: &'static [&'static str],
}

impl Types {
    pub const NONE: Self = Self { names: &[], parts: &[], values: &[], holders: &[], variables: &[], never: &[] };

    /// Does the language name no types?
    pub fn is_empty(&self) -> bool {
        self.names.is_empty() && self.parts.is_empty()
    }
}

/// Words that a macro adds to declarations and that no grammar knows. All begin with `__`.
pub(super) struct Attributes {
    /// Those that stand alone.
    pub plain: &'static [&'static str],
    /// Those with arguments.
    pub called: &'static [&'static str],
    /// Actions of Go's templates, `{{ … }}`, too.
    pub templates: bool,
}

/// Which comments document a definition.
pub(super) struct Docs {
    /// Node kinds of comments; those directly above a definition belong to it.
    pub comments: &'static [&'static str],
    /// Where not empty, a comment documents only when it starts with one of these.
    pub markers: &'static [&'static str],
    /// A string that is the first statement of the body documents, too.
    pub docstring: bool,
}

/// One sort of definition or section.
#[derive(Clone, Copy)]
pub(super) struct Definition {
    pub node: &'static str,
    /// As in the outline's `kind`.
    pub kind: &'static str,
    /// `kind` where the nearest enclosing definition is a type.
    pub member: Option<&'static str>,
    pub name: Name,
    /// Field of the body.
    pub body: Option<&'static str>,
    /// Without a body it is a mere mention.
    pub needs_body: bool,
    pub scope: Scope,
    pub place: Place,
    /// Most definitions that may enclose it; 0: any number. At the last level its inside is passed over.
    pub levels: u8,
    pub role: Role,
    /// Its levels count over the whole file, whatever nodes it stands in.
    pub flat: bool,
}

impl Definition {
    /// A definition named by its field `name`.
    pub const fn new(node: &'static str, kind: &'static str) -> Self {
        Self {
            node,
            kind,
            member: None,
            name: Name::Field("name"),
            body: None,
            needs_body: false,
            scope: Scope::Leaf,
            place: Place::Anywhere,
            levels: 0,
            role: Role::Definition,
            flat: false,
        }
    }

    /// A function with its body in the field `body`.
    pub const fn function(node: &'static str, kind: &'static str) -> Self {
        Self::new(node, kind).body("body").scope(Scope::Function)
    }

    /// A type with its members in the field `body`.
    pub const fn container(node: &'static str, kind: &'static str) -> Self {
        Self::new(node, kind).body("body").scope(Scope::Type)
    }

    pub const fn named(mut self, field: &'static str) -> Self {
        self.name = Name::Field(field);
        self
    }

    pub const fn special(mut self, name: &'static str, find: Special) -> Self {
        self.name = Name::Special(name, find);
        self
    }

    pub const fn body(mut self, field: &'static str) -> Self {
        self.body = Some(field);
        self
    }

    pub const fn needs_body(mut self) -> Self {
        self.needs_body = true;
        self
    }

    pub const fn member(mut self, kind: &'static str) -> Self {
        self.member = Some(kind);
        self
    }

    pub const fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    pub const fn place(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    pub const fn levels(mut self, levels: u8) -> Self {
        self.levels = levels;
        self
    }

    pub const fn flat(mut self) -> Self {
        self.flat = true;
        self
    }

    pub const fn section(mut self) -> Self {
        self.role = Role::Section;
        self
    }
}

/// How a definition is named.
#[derive(Clone, Copy)]
pub(super) enum Name {
    /// The text of a field.
    Field(&'static str),
    /// A function that finds names, with its own name for the digest.
    Special(&'static str, Special),
}

/// Finds what a node defines: nothing, one thing, or several.
pub(super) type Special = fn(Node<'_>, &Context<'_>, &mut Vec<Named>);

/// What a definition is to the things inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Encloses nothing that is listed under its name.
    Leaf,
    /// A namespace, module or object: things inside are as at the top.
    Namespace,
    /// A type: functions inside are methods.
    Type,
    /// A type whose members are not qualified by its name (an enum of C).
    Open,
    /// A function: variables inside are local.
    Function,
}

/// Where a node is a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// Not directly inside a function.
    NotLocal,
    /// Directly inside a type.
    Member,
}

/// The outline's `role`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Definition,
    Section,
    /// Text of another language.
    Region,
    Reference,
    /// Comments outside functions that document nothing in particular.
    Comment,
}

impl Role {
    pub fn name(self) -> &'static str {
        match self {
            Self::Definition => "definition",
            Self::Section => "section",
            Self::Region => "region",
            Self::Reference => "reference",
            Self::Comment => "comment",
        }
    }
}

/// One sort of reference.
#[derive(Clone, Copy)]
pub(super) struct Reference {
    pub node: &'static str,
    /// `call`, `import`, `extends` or `implements`; what [`Types`] finds is `uses`.
    pub kind: &'static str,
    pub target: Target,
    /// Callees that import what their first argument names (`require`).
    pub imports: &'static [&'static str],
    /// Field of the arguments, looked at for `imports` only.
    pub arguments: &'static str,
}

impl Reference {
    /// A call whose callee is in `field`.
    pub const fn call(node: &'static str, field: &'static str) -> Self {
        Self { node, kind: "call", target: Target::Tail(field), imports: &[], arguments: FIRST }
    }

    /// An import whose path is in `field`.
    pub const fn import(node: &'static str, field: &'static str) -> Self {
        Self { node, kind: "import", target: Target::Whole(field), imports: &[], arguments: FIRST }
    }

    /// An import whose path is spread over several `field`s.
    pub const fn joined(node: &'static str, field: &'static str) -> Self {
        Self { node, kind: "import", target: Target::Joined(field), imports: &[], arguments: FIRST }
    }

    /// The types that a type is made of: every named child of `node`.
    pub const fn bases(node: &'static str, kind: &'static str) -> Self {
        Self { node, kind, target: Target::Each, imports: &[], arguments: FIRST }
    }

    /// What a function finds.
    pub const fn special(node: &'static str, name: &'static str, find: Refer) -> Self {
        Self { node, kind: "call", target: Target::Special(name, find), imports: &[], arguments: FIRST }
    }

    pub const fn importing(mut self, callees: &'static [&'static str], arguments: &'static str) -> Self {
        self.imports = callees;
        self.arguments = arguments;
        self
    }
}

/// How a reference's target is found.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// The last identifier of the field, by the language's `tails`.
    Tail(&'static str),
    /// The whole text of each such field, quotes and brackets around it removed.
    Whole(&'static str),
    /// The text from the first such field to the last.
    Joined(&'static str),
    /// The last identifier of every named child that holds no arguments, by the language's `tails`.
    Each,
    /// A function that finds it, with its own name for the digest.
    Special(&'static str, Refer),
}

/// Finds what a node refers to, if it refers to anything.
pub(super) type Refer = for<'t> fn(Node<'t>, &Context<'_>) -> Option<Referred<'t>>;

/// In place of a field's name: the first named child.
pub(super) const FIRST: &str = "";
/// In place of a field's name: the last named child.
pub(super) const LAST: &str = "$";
/// In place of a field's name: the node.
pub(super) const ITSELF: &str = ".";

/// A node around a definition that belongs to it.
#[derive(Clone, Copy)]
pub(super) struct Wrapper {
    pub node: &'static str,
    /// Only when it holds one thing.
    pub single: bool,
    /// Its head belongs to the signature.
    pub head: bool,
    /// What it holds is exported.
    pub exports: bool,
}

impl Wrapper {
    pub const fn new(node: &'static str) -> Self {
        Self { node, single: false, head: true, exports: false }
    }

    pub const fn single(mut self) -> Self {
        self.single = true;
        self
    }

    pub const fn headless(mut self) -> Self {
        self.head = false;
        self
    }

    pub const fn exports(mut self) -> Self {
        self.exports = true;
        self
    }
}

/// How a language says who may see a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visibility {
    /// It does not, or not in the syntax.
    Unknown,
    /// `pub`, `pub(…)`; nothing in a trait or an implementation of one.
    Pub,
    /// A leading underscore is private.
    Underscore,
    /// A leading capital is public.
    Capital,
    /// `static` is private.
    Static,
    /// `public:` sections in types, `static` outside.
    Sections,
    /// `public`, `protected`, `private` among the modifiers; else `package`, in interfaces `public`.
    Modifiers,
    /// `export`, accessibility modifiers, `#names`.
    Exports,
    /// `private` and its like, as statements in a class body.
    Statements,
    /// A word among the modifiers.
    Words(&'static Words),
}

/// The words of a language that say who may see a definition.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// Nodes among the first children of a definition that hold such a word, or hold nodes that do.
    pub nodes: &'static [&'static str],
    /// Word → visibility.
    pub meanings: &'static [(&'static str, &'static str)],
    /// Without a word, outside types.
    pub top: Option<&'static str>,
    /// Without a word, in a type. In interfaces it is `public`.
    pub member: Option<&'static str>,
}
