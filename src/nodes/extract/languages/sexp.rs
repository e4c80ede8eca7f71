//! What languages of symbolic expressions have in common: a list is a definition, an import or a call by its first word.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Named, Referred, Scope};

use super::parts;

/// What lists mean, by their first word.
pub(super) struct Forms {
    /// Nodes of lists.
    pub lists: &'static [&'static str],
    /// Nodes of words.
    pub words: &'static [&'static str],
    pub comments: &'static [&'static str],
    /// Word → kind of what the second part names.
    pub definitions: &'static [(&'static str, &'static str)],
    /// Words whose second part may be a head with parameters.
    pub heads: &'static [&'static str],
    /// Words that make functions.
    pub lambdas: &'static [&'static str],
    /// Words whose other parts are imported.
    pub imports: &'static [&'static str],
    /// Words that are part of the language and no calls.
    pub syntax: &'static [&'static str],
    /// More such words.
    pub more: &'static [&'static str],
}

impl Forms {
    fn parts<'t>(&self, node: Node<'t>) -> impl Iterator<Item = Node<'t>> {
        let comments = self.comments;
        parts::children(node).filter(move |n| !comments.contains(&n.kind()))
    }

    /// The first word of a list.
    fn word<'a>(&self, node: Node<'_>, context: &Context<'a>) -> Option<&'a str> {
        let first = self.parts(node).next().filter(|n| self.words.contains(&n.kind()))?;
        std::str::from_utf8(context.text(first)).ok()
    }

    /// What a list defines.
    pub fn define(&self, node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
        let Some(word) = self.word(node, context) else { return };
        let Some((_, kind)) = self.definitions.iter().find(|(w, _)| *w == word) else { return };
        let mut parts = self.parts(node).skip(1);
        let (Some(second), third) = (parts.next(), parts.next()) else { return };
        let made = third.filter(|n| self.lists.contains(&n.kind())).and_then(|n| self.word(n, context));
        let is_head = self.heads.contains(&word) && self.lists.contains(&second.kind());
        let kind = match *kind {
            "variable" if is_head || made.is_some_and(|w| self.lambdas.contains(&w)) => "function",
            kind => kind,
        };
        if matches!(kind, "variable" | "constant") && context.within == Scope::Function {
            return;
        }
        let scope = match kind {
            "function" | "method" | "macro" => Scope::Function,
            "module" => Scope::Namespace,
            "class" | "struct" => Scope::Type,
            _ => Scope::Leaf,
        };
        // A head, or the head of a head: named by its first word. A library's name may be a whole list.
        let mut name = second;
        while kind != "module" && self.lists.contains(&name.kind()) {
            let Some(inner) = self.parts(name).next() else { return };
            name = inner;
        }
        found.push(Named::node(name).kind(kind).scope(scope).body(third));
    }

    /// Is the list no call, but the head of a definition, a list of parameters or a binding?
    fn names(&self, node: Node<'_>, context: &Context<'_>) -> bool {
        let before = context.bytes.get(node.start_byte().saturating_sub(80)..node.start_byte()).unwrap_or_default();
        let before = before.trim_ascii_end();
        let bindings = before.strip_suffix(b"(").or_else(|| before.strip_suffix(b"[")).map(<[u8]>::trim_ascii_end);
        let before = bindings.unwrap_or(before);
        let start = before.iter().rposition(|b| b.is_ascii_whitespace() || b"()[]'".contains(b)).map_or(0, |at| at + 1);
        let word = before.get(start..).and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default();
        if bindings.is_some() {
            return word.starts_with("let") || matches!(word, "do" | "do*" | "flet" | "labels" | "macrolet");
        }
        self.heads.contains(&word) || self.lambdas.contains(&word) || self.definitions.iter().any(|(w, _)| *w == word)
    }

    /// What a list calls or imports.
    pub fn refer<'t>(&self, node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
        let word = self.word(node, context)?;
        if self.imports.contains(&word) {
            return Some(Referred::Imports(node, 1));
        }
        let known = [self.syntax, self.more, self.lambdas].iter().any(|words| words.contains(&word));
        if known || self.names(node, context) || self.definitions.iter().any(|(w, _)| *w == word) {
            return None;
        }
        self.parts(node).next().map(Referred::Callee)
    }
}
