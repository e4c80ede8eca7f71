//! Who may see a definition, as far as its language says.

use tree_sitter::Node;

use crate::nodes::extract::rules::DefinitionRule;
use crate::nodes::extract::spec::{Scope, Visibility, Words};

use super::tree::Walk;

/// Modifiers stand among so many first children.
const MODIFIERS: u32 = 8;

impl Walk<'_> {
    pub(super) fn visibility(
        &self,
        rule: &DefinitionRule,
        node: Node<'_>,
        name: &str,
        kind: &str,
        exported: bool,
    ) -> Option<&'static str> {
        let inherited = self.frames.last().and_then(|f| f.access);
        match self.rules.spec.visibility {
            Visibility::Unknown => None,
            Visibility::Pub => match rule.rule.node {
                "impl_item" | "macro_definition" | "enum_variant" => None,
                _ => match self.modifier(node, "visibility_modifier") {
                    Some(b"pub") => Some("public"),
                    Some(_) => Some("restricted"),
                    None if inherited.is_some() => None,
                    None => Some("private"),
                },
            },
            Visibility::Underscore => {
                let dunder = name.starts_with("__") && name.ends_with("__");
                Some(if name.starts_with('_') && !dunder { "private" } else { "public" })
            }
            Visibility::Capital => {
                Some(if name.chars().next().is_some_and(char::is_uppercase) { "public" } else { "private" })
            }
            Visibility::Sections if self.within() == Scope::Type => inherited,
            Visibility::Static | Visibility::Sections => self.storage(node, kind),
            Visibility::Modifiers => Some(modifiers(node, kind, inherited)),
            Visibility::Exports => self.exports(node, name, exported),
            Visibility::Words(words) => self.worded(words, node).or_else(|| match self.within() {
                Scope::Function => None,
                Scope::Type => inherited.or(words.member),
                _ => words.top,
            }),
            Visibility::Statements => (kind == "method").then_some(inherited.unwrap_or("public")),
        }
    }

    /// The visibility that members of this definition start with.
    pub(super) fn passes_visibility_on(&self, rule: &DefinitionRule, node: Node<'_>) -> Option<&'static str> {
        match self.rules.spec.visibility {
            Visibility::Pub => {
                let open = rule.rule.node == "trait_item"
                    || (rule.rule.node == "impl_item" && node.child_by_field_name("trait").is_some());
                open.then_some("public")
            }
            Visibility::Sections if rule.rule.kind == "class" => Some("private"),
            Visibility::Sections => Some("public"),
            Visibility::Modifiers | Visibility::Words(_) if matches!(rule.rule.kind, "interface" | "annotation") => {
                Some("public")
            }
            Visibility::Words(_) if rule.rule.kind == "enum" => Some("public"),
            _ => None,
        }
    }

    /// The text of the first child of `kind` among the first children.
    fn modifier(&self, node: Node<'_>, kind: &str) -> Option<&[u8]> {
        let children = node.child_count().min(MODIFIERS);
        let found = (0..children).filter_map(|at| node.child(at)).find(|c| c.kind() == kind)?;
        self.bytes.get(found.byte_range())
    }

    /// What a word among the modifiers says.
    fn worded(&self, words: &Words, node: Node<'_>) -> Option<&'static str> {
        let holds = |n: &Node<'_>| words.nodes.contains(&n.kind());
        for outer in children(node, MODIFIERS).filter(holds) {
            let inner = children(outer, 16).filter(holds);
            for modifier in inner.chain([outer]) {
                let text = self.bytes.get(modifier.byte_range()).unwrap_or_default();
                let end = text.iter().position(|b| !b.is_ascii_alphabetic()).unwrap_or(text.len());
                let (word, rest) = text.split_at(end);
                let found = words.meanings.iter().find(|(w, _)| w.as_bytes() == word).map(|(_, says)| *says);
                match rest.first() {
                    // `private(set)` is about writing only; `private[here]` names who may.
                    _ if found.is_none() => {}
                    Some(b'(') => {}
                    Some(b'[') => return Some("restricted"),
                    _ => return found,
                }
            }
        }
        None
    }

    fn storage(&self, node: Node<'_>, kind: &str) -> Option<&'static str> {
        if !matches!(kind, "function" | "prototype" | "variable") {
            return None;
        }
        let is_static = self.modifier(node, "storage_class_specifier") == Some(b"static");
        Some(if is_static { "private" } else { "public" })
    }

    fn exports(&self, node: Node<'_>, name: &str, exported: bool) -> Option<&'static str> {
        if self.within() == Scope::Type {
            return Some(match self.modifier(node, "accessibility_modifier") {
                Some(b"private") => "private",
                Some(b"protected") => "protected",
                _ if name.starts_with('#') => "private",
                _ => "public",
            });
        }
        exported.then_some("public")
    }
}

fn children(node: Node<'_>, most: u32) -> impl Iterator<Item = Node<'_>> {
    (0..node.child_count().min(most)).filter_map(move |at| node.child(at))
}

/// Java's: a word among the modifiers, else by what encloses it.
fn modifiers(node: Node<'_>, kind: &str, inherited: Option<&'static str>) -> &'static str {
    let list = node.child(0).filter(|c| c.kind() == "modifiers");
    let words = list.into_iter().flat_map(|m| (0..m.child_count().min(16)).filter_map(move |at| m.child(at)));
    for word in words {
        match word.kind() {
            "public" => return "public",
            "protected" => return "protected",
            "private" => return "private",
            _ => {}
        }
    }
    if kind == "constant" { "public" } else { inherited.unwrap_or("package") }
}
