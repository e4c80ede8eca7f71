//! References: calls and imports, unresolved.

use tree_sitter::Node;

use crate::nodes::extract::rules::{IDENTIFIER, ReferenceRule};
use crate::nodes::extract::spec::{FIRST, LAST, Referred, Role, Scope, Target, Text};

use super::entry::Entry;
use super::tree::Walk;

/// Most steps from a callee to its last identifier.
const STEPS: usize = 32;
/// Longest target that is kept as written, in bytes.
const WRITTEN: usize = 160;
/// Most paths of one import.
const PATHS: usize = 256;

/// A call that may be the head of a function.
#[derive(Clone, Copy, Debug)]
pub(super) struct MacroCall {
    start: u32,
    end: u32,
    /// The first argument of a macro in capitals, if that is an identifier; else the callee.
    name: (u32, u32),
}

impl Walk<'_> {
    /// A function whose head is a macro call: named by the first argument, as in `SYSCALL_DEFINE1(close, …) { … }`.
    pub(super) fn define_by_macro(&mut self, body: Node<'_>, depth: u32) {
        let Some(call) = self.call.take() else { return };
        let Some(between) = self.bytes.get(call.end as usize..body.start_byte()) else { return };
        if !between.trim_ascii().is_empty() {
            return;
        }
        let head = self.bytes.get(call.start as usize..call.end as usize).unwrap_or_default();
        let name = Text::Span(call.name.0, call.name.1);
        let text = super::text::name(&name, self.bytes).into_owned();
        self.entries.push(Entry {
            role: Role::Definition,
            kind: "function",
            qualified: Text::Made(self.qualify(None, &text)),
            name,
            signature: Text::Made(super::text::signature(head)),
            visibility: None,
            doc: self.passed.take().filter(|(at, _)| *at == call.start).and_then(|(_, run)| run.doc),
            start: call.start,
            end: body.end_byte() as u32,
            body: body.start_byte() as u32,
            language: None,
        });
        self.enclose(depth, Scope::Function, Some(self.entries.len() - 1));
    }

    pub(super) fn refer(&mut self, rule: &ReferenceRule, node: Node<'_>) {
        match rule.rule.target {
            Target::Tail(_) => {
                if let Some(callee) = rule.target.take(node) {
                    self.call(rule, node, callee);
                }
            }
            Target::Whole(field) => self.import(rule, node, field),
            Target::Joined(field) => self.import_joined(rule, node, field),
            Target::Each => {
                let types = children(node).filter(|n| !n.kind().contains("argument"));
                types.for_each(|base| self.base_within(base, rule.rule.kind));
            }
            Target::Special(_, find) => match find(node, &self.context(false)) {
                Some(Referred::Behind(holder, name)) => self.refer_behind(holder, name, rule.rule.kind),
                Some(Referred::Callee(callee)) => self.call(rule, node, callee),
                Some(Referred::Path(path, sign)) => self.refer_by_path(path, sign, rule.rule.kind),
                Some(Referred::Words(kind, text)) => self.refer_to_words(text, kind),
                Some(Referred::Import(path)) => self.refer_to(path, path, "import"),
                Some(Referred::Imports(list, from)) => {
                    for path in children(list).skip(from as usize) {
                        self.refer_to(path, path, "import");
                    }
                }
                Some(Referred::Under(before, name)) => {
                    let (start, end) = (name.start_byte() as u32, name.end_byte() as u32);
                    let text = String::from_utf8_lossy(self.bytes.get(name.byte_range()).unwrap_or_default());
                    self.push_reference((start, end), Text::Made(format!("{before}{text}")), "import");
                }
                Some(Referred::Base(kind, base)) => self.base(base, kind),
                Some(Referred::Bases(kind, list, step)) => {
                    children(list).filter_map(step).for_each(|base| self.base(base, kind));
                }
                None => {}
            },
        }
    }

    fn call(&mut self, rule: &ReferenceRule, node: Node<'_>, callee: Node<'_>) {
        let last = self.last(callee);
        if !self.rules.action(last.kind_id()).has(IDENTIFIER) {
            return;
        }
        let word = self.bytes.get(last.byte_range()).unwrap_or_default();
        if rule.rule.imports.iter().any(|i| i.as_bytes() == word)
            && let Some(path) = rule.arguments.take(node).and_then(first_literal)
        {
            self.refer_to(path, path, "import");
            return;
        }
        if !self.rules.spec.macro_body.is_empty() && self.within() != Scope::Function {
            let is_macro = !word.iter().any(u8::is_ascii_lowercase);
            let first = rule.arguments.take(node).and_then(|list| list.named_child(0)).filter(|_| is_macro);
            let named = first.filter(|n| self.rules.action(n.kind_id()).has(IDENTIFIER)).unwrap_or(last);
            self.call = Some(MacroCall {
                start: node.start_byte() as u32,
                end: node.end_byte() as u32,
                name: (named.start_byte() as u32, named.end_byte() as u32),
            });
        }
        self.refer_to(last, callee, rule.rule.kind);
    }

    /// The end of the way from a callee or type to what names it.
    fn last<'t>(&self, callee: Node<'t>) -> Node<'t> {
        let mut last = callee;
        for _ in 0..STEPS {
            match self.rules.tail(last.kind_id()).take(last) {
                Some(next) => last = next,
                None => break,
            }
        }
        last
    }

    /// A type that a type is made of. What a call makes is known to nobody.
    fn base(&mut self, base: Node<'_>, kind: &'static str) {
        let name = self.last(base);
        if self.rules.action(name.kind_id()).has(IDENTIFIER) {
            self.refer_to_base(name, base, kind);
        }
    }

    /// As [`base`](Self::base); one that the `tails` do not lead into is named by its last identifier.
    fn base_within(&mut self, base: Node<'_>, kind: &'static str) {
        let last = self.last(base);
        let named = |n: &Node<'_>| self.rules.action(n.kind_id()).has(IDENTIFIER);
        let inner = (0..last.named_child_count().min(STEPS)).rev().filter_map(|at| last.named_child(at as u32));
        if let Some(name) = Some(last).into_iter().chain(inner).find(named) {
            self.refer_to_base(name, base, kind);
        }
    }

    /// A type, written without its arguments.
    fn refer_to_base(&mut self, name: Node<'_>, base: Node<'_>, kind: &'static str) {
        let (start, end) = (name.start_byte() as u32, name.end_byte() as u32);
        let path = self.bytes.get(base.start_byte()..name.end_byte()).unwrap_or_default();
        let plain = path.len() <= WRITTEN && !path.iter().any(|b| b.is_ascii_whitespace() || b"([{<\"'`".contains(b));
        let written = if plain { Text::Span(base.start_byte() as u32, end) } else { Text::Span(start, end) };
        self.push_reference((start, end), written, kind);
    }

    fn import(&mut self, rule: &ReferenceRule, node: Node<'_>, field: &str) {
        if field == FIRST || field == LAST {
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

    /// A path of several nodes beside each other.
    fn import_joined(&mut self, rule: &ReferenceRule, node: Node<'_>, field: &str) {
        let mut cursor = node.walk();
        let mut parts = node.children_by_field_name(field, &mut cursor).take(PATHS);
        let Some(first) = parts.next() else { return };
        let end = parts.last().map_or(first.end_byte(), |last| last.end_byte()) as u32;
        let path = Text::Span(first.start_byte() as u32, end);
        self.push_reference((first.start_byte() as u32, end), path, rule.rule.kind);
    }

    /// A reference whose name is the last part of a node.
    fn refer_by_path(&mut self, path: Node<'_>, sign: &str, kind: &'static str) {
        let text = self.bytes.get(path.byte_range()).unwrap_or_default();
        let behind = memchr::memmem::rfind(text, sign.as_bytes()).map_or(0, |at| at + sign.len());
        let (start, end) = ((path.start_byte() + behind) as u32, path.end_byte() as u32);
        if start < end {
            self.push_reference((start, end), Text::of(path), kind);
        }
    }

    /// A reference for every word of a node.
    fn refer_to_words(&mut self, node: Node<'_>, kind: &'static str) {
        let text = self.bytes.get(node.byte_range()).unwrap_or_default();
        let mut at = node.start_byte() as u32;
        for word in text.split(u8::is_ascii_whitespace).take(PATHS) {
            let end = at + word.len() as u32;
            if !word.is_empty() {
                self.push_reference((at, end), Text::Span(at, end), kind);
            }
            at = end + 1;
        }
    }

    /// A reference to `name` that is written with `holder` before it.
    fn refer_behind(&mut self, holder: Node<'_>, name: Node<'_>, kind: &'static str) {
        self.refer_to(name, name, kind);
        let written = Text::Span(holder.start_byte() as u32, name.end_byte() as u32);
        if let Some(entry) = self.entries.last_mut().filter(|e| e.end == name.end_byte() as u32) {
            entry.qualified = written;
        }
    }

    fn refer_to(&mut self, name: Node<'_>, written: Node<'_>, kind: &'static str) {
        let (start, end) = unquoted(name, self.bytes);
        if start >= end {
            return;
        }
        let path = self.bytes.get(written.byte_range()).unwrap_or_default();
        let plain = path.len() <= WRITTEN && !path.iter().any(|b| b.is_ascii_whitespace() || b"([{\"'`".contains(b));
        let qualified = if plain { Text::of(written) } else { Text::Span(start, end) };
        if !plain {
            self.locals.note_head(self.entries.len(), written);
        }
        self.push_reference((start, end), qualified, kind);
    }

    /// A name that is missing in a broken tree refers to nothing.
    fn push_reference(&mut self, (start, end): (u32, u32), qualified: Text, kind: &'static str) {
        if start >= end {
            return;
        }
        self.take_name(&Text::Span(start, end));
        self.entries.push(Entry {
            role: Role::Reference,
            kind,
            qualified,
            name: Text::Span(start, end),
            signature: Text::Fixed(""),
            visibility: None,
            doc: None,
            start,
            end,
            body: end,
            language: None,
        });
    }
}

fn children(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    (0..node.named_child_count().min(PATHS)).filter_map(move |at| node.named_child(at as u32))
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
