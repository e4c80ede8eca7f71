//! What the special functions of a declaration see and what they give.

use tree_sitter::Node;

use super::embed::Embedded;
use super::spec::Scope;

/// What a special function sees besides the node.
pub(super) struct Context<'a> {
    pub bytes: &'a [u8],
    /// The nearest enclosing definition's.
    pub within: Scope,
    /// Directly inside a wrapper that exports.
    pub exported: bool,
    /// First byte of the body of the nearest enclosing definition.
    pub body: Option<u32>,
}

impl<'a> Context<'a> {
    pub fn text(&self, node: Node<'_>) -> &'a [u8] {
        self.bytes.get(node.byte_range()).unwrap_or_default()
    }
}

/// A text that mostly stands in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// Bytes of the file.
    Span(u32, u32),
    Fixed(&'static str),
    Made(String),
}

impl Text {
    pub fn of(node: Node<'_>) -> Self {
        Self::Span(node.start_byte() as u32, node.end_byte() as u32)
    }
}

/// One thing that a special function found.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub name: Text,
    /// Instead of the rule's.
    pub kind: Option<&'static str>,
    /// First byte of the body.
    pub body: Option<u32>,
    /// Names between the enclosing ones and this one: a receiver, `A::` of `A::b`.
    pub qualifier: Option<Text>,
    /// Instead of the rule's.
    pub scope: Option<Scope>,
    /// The thing's own bytes, where the node defines several.
    pub span: Option<(u32, u32)>,
    /// A section goes on until a sibling section of this level or a lower one; 0: it is the node.
    pub level: u8,
    /// Instead of the head's text.
    pub signature: Option<&'static str>,
    /// Bytes that declare it elsewhere, instead of the head.
    pub declared: Option<(u32, u32)>,
    /// Instead of what the language's rule says.
    pub visibility: Option<&'static str>,
    /// First byte, where siblings before the node belong to the thing.
    pub from: Option<u32>,
    /// End, where siblings behind the node belong to the thing, or its last bytes do not.
    pub until: Option<u32>,
    /// Bytes of the documentation, where the syntax has it.
    pub doc: Option<(u32, u32)>,
    /// Its name counts from the root, whatever encloses it.
    pub absolute: bool,
    /// Nothing inside is of interest.
    pub sealed: bool,
    /// Bytes whose words are type variables inside.
    pub variables: Option<(u32, u32)>,
    /// Text of other languages inside.
    pub embedded: Vec<Embedded>,
}

impl Named {
    pub fn new(name: Text) -> Self {
        Self {
            name,
            kind: None,
            body: None,
            qualifier: None,
            scope: None,
            span: None,
            level: 0,
            signature: None,
            declared: None,
            visibility: None,
            from: None,
            until: None,
            doc: None,
            absolute: false,
            sealed: false,
            variables: None,
            embedded: Vec::new(),
        }
    }

    pub fn node(node: Node<'_>) -> Self {
        Self::new(Text::of(node))
    }

    /// Opens a scope without a name.
    pub fn nameless(scope: Scope) -> Self {
        Self::new(Text::Fixed("")).scope(scope)
    }

    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self
    }

    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    pub fn body(mut self, body: Option<Node<'_>>) -> Self {
        self.body = body.map(|b| b.start_byte() as u32);
        self
    }

    pub fn visibility(mut self, visibility: &'static str) -> Self {
        self.visibility = Some(visibility);
        self
    }

    /// Documented by `doc`, if there is one.
    pub fn doc(mut self, doc: Option<Node<'_>>) -> Self {
        self.doc = doc.map(|d| (d.start_byte() as u32, d.end_byte() as u32)).or(self.doc);
        self
    }

    /// Declared by `declaration`, which stands elsewhere.
    pub fn declared(mut self, declaration: Node<'_>) -> Self {
        self.declared = Some((declaration.start_byte() as u32, declaration.end_byte() as u32));
        self
    }

    /// Begins at `first`, a sibling before the node.
    pub fn from(mut self, first: Node<'_>) -> Self {
        self.from = Some(first.start_byte() as u32);
        self
    }

    /// Goes on to the end of `last`, a sibling behind the node.
    pub fn until(mut self, last: Node<'_>) -> Self {
        self.until = Some(last.end_byte() as u32);
        self
    }

    /// Ends before the blanks at the end of the node.
    pub fn trimmed(mut self, node: Node<'_>, context: &Context<'_>) -> Self {
        let length = context.text(node).trim_ascii_end().len();
        self.until = Some((node.start_byte() + length) as u32);
        self
    }

    pub fn sealed(mut self) -> Self {
        self.sealed = true;
        self
    }
}

/// What a reference function found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Referred<'t> {
    /// A name behind that of what holds it: its module.
    Behind(Node<'t>, Node<'t>),
    /// A callee, read by the language's `tails`.
    Callee(Node<'t>),
    /// A callee in one piece, named by what stands behind the last of these signs.
    Path(Node<'t>, &'static str),
    /// Every word of a text, and the kind of the reference.
    Words(&'static str, Node<'t>),
    /// What is imported.
    Import(Node<'t>),
    /// Every named child from this one on is imported.
    Imports(Node<'t>, u32),
    /// What is imported, written with these words before it.
    Under(&'static str, Node<'t>),
    /// A type that a type is made of, read by the language's `tails`; and the kind of the reference.
    Base(&'static str, Node<'t>),
    /// Such types: what the step makes of every named child.
    Bases(&'static str, Node<'t>, Step),
}

/// From a child of a list to the type that it names, if it names one.
pub(super) type Step = for<'t> fn(Node<'t>) -> Option<Node<'t>>;
