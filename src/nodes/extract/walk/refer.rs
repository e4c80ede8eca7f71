//! References: calls and imports, unresolved.

use tree_sitter::Node;

use crate::nodes::extract::rules::{IDENTIFIER, ReferenceRule};
use crate::nodes::extract::spec::{Role, Target, Text};

use super::entry::Entry;
use super::tree::Walk;

/// Most steps from a callee to its last identifier.
const STEPS: usize = 32;
/// Longest target that is kept as written, in bytes.
const WRITTEN: usize = 160;
/// Most paths of one import.
const PATHS: usize = 256;

impl Walk<'_> {
    pub(super) fn refer(&mut self, rule: &ReferenceRule, node: Node<'_>) {
        match rule.rule.target {
            Target::Tail(_) => self.call(rule, node),
            Target::Whole(_) => self.import(rule, node),
        }
    }

    fn call(&mut self, rule: &ReferenceRule, node: Node<'_>) {
        let Some(callee) = rule.target.take(node) else { return };
        let mut last = callee;
        for _ in 0..STEPS {
            match self.rules.tail(last.kind_id()).take(last) {
                Some(next) => last = next,
                None => break,
            }
        }
        if !self.rules.action(last.kind_id()).has(IDENTIFIER) {
            return;
        }
        let word = self.bytes.get(last.byte_range()).unwrap_or_default();
        if rule.rule.imports.iter().any(|i| i.as_bytes() == word) {
            if let Some(path) = rule.arguments.take(node).and_then(first_literal) {
                self.refer_to(path, path, "import");
                return;
            }
        }
        self.refer_to(last, callee, rule.rule.kind);
    }

    fn import(&mut self, rule: &ReferenceRule, node: Node<'_>) {
        let Target::Whole(field) = rule.rule.target else { return };
        if field.is_empty() {
            if let Some(path) = rule.target.take(node) {
                self.refer_to(path, path, rule.rule.kind);
            }
            return;
        }
        let mut cursor = node.walk();
        for path in node.children_by_field_name(field, &mut cursor).take(PATHS) {
            self.refer_to(path, path, rule.rule.kind);
        }
    }

    fn refer_to(&mut self, name: Node<'_>, written: Node<'_>, kind: &'static str) {
        let (start, end) = unquoted(name, self.bytes);
        if start >= end {
            return;
        }
        let name = Text::Span(start, end);
        let path = self.bytes.get(written.byte_range()).unwrap_or_default();
        let plain = path.len() <= WRITTEN && !path.iter().any(|b| b.is_ascii_whitespace() || b"([{\"'`".contains(b));
        self.entries.push(Entry {
            role: Role::Reference,
            kind,
            qualified: if plain { Text::of(written) } else { name.clone() },
            name,
            signature: Text::Fixed(""),
            visibility: None,
            doc: None,
            start,
            end,
            body: end,
        });
    }
}

/// The first argument, where it is a literal.
fn first_literal(arguments: Node<'_>) -> Option<Node<'_>> {
    let literal = |n: &Node<'_>| n.kind().contains("string") || n.kind() == "word";
    if literal(&arguments) { Some(arguments) } else { arguments.named_child(0).filter(literal) }
}

/// The bytes of `node` without quotes or brackets around them.
fn unquoted(node: Node<'_>, bytes: &[u8]) -> (u32, u32) {
    let (mut start, mut end) = (node.start_byte(), node.end_byte());
    let text = bytes.get(start..end).unwrap_or_default();
    if let ([b'"' | b'\'' | b'`' | b'<', .., last], true) = (text, text.len() >= 2) {
        start += 1;
        if matches!(last, b'"' | b'\'' | b'`' | b'>') {
            end -= 1;
        }
    }
    (start as u32, end as u32)
}
