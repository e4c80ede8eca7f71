//! Definitions and sections.

use tree_sitter::Node;

use crate::nodes::extract::rules::DefinitionRule;
use crate::nodes::extract::spec::{Context, Name, Named, Place, Role, Scope, Text};

use super::docs::{Run, string_of};
use super::entry::Entry;
use super::text;
use super::tree::Walk;

/// The bytes that belong to a definition besides its node.
#[derive(Clone, Copy)]
struct Outer {
    start: u32,
    end: u32,
    /// Where the signature starts.
    head: u32,
    doc: Option<(u32, u32)>,
    exports: bool,
}

impl Walk<'_> {
    /// Adds what a node defines; is its inside to be read, too?
    pub(super) fn define(&mut self, rule: &DefinitionRule, node: Node<'_>, depth: u32) -> bool {
        let spec = rule.rule;
        // Below the last level only comments are of interest: one there may document what comes next.
        let below = spec.levels == 0 || !self.rules.spec.docs.comments.is_empty();
        let last_level = spec.levels > 0 && self.rank() + 1 >= spec.levels;
        if spec.levels > 0 && self.rank() >= spec.levels {
            return below;
        }
        let within = self.within();
        let placed = match spec.place {
            Place::Anywhere => true,
            Place::NotLocal => within != Scope::Function,
            Place::Member => within == Scope::Type,
        };
        if !placed {
            return true;
        }
        let body = rule.body.take(node);
        if spec.needs_body && body.is_none() {
            self.note_mention(node, node.child_by_field_name("name"));
            return true;
        }
        let passed = self.passed;
        let run = self.take_run(node);
        let mut outer = self.outer(node, run, depth);
        let mut found = std::mem::take(&mut self.found);
        match spec.name {
            Name::Field(_) => found.extend(rule.name.take(node).map(Named::node)),
            Name::Special(_, find) => {
                find(node, &self.context(outer.exports), &mut found);
            }
        }
        if found.is_empty() {
            // The comments may be about what is inside.
            self.passed = passed;
        } else if let Some((at, run)) =
            passed.filter(|(at, _)| found.first().is_some_and(|named| named.from == Some(*at)))
        {
            outer.doc = outer.doc.or(run.doc);
            outer.start = run.lead.unwrap_or(at);
        }
        if found.first().is_some_and(|named| named.name == Text::Fixed("")) {
            // What stands in something without a name has comments of its own.
            outer.doc = None;
        }
        let several = found.len() > 1;
        let sealed = found.iter().any(|named| named.sealed);
        for (at, mut named) in found.drain(..).enumerate() {
            named.body = named.body.or(body.map(|b| b.start_byte() as u32));
            if !several {
                named.span = None;
            }
            self.add(rule, node, named, outer, if spec.flat { 0 } else { depth }, at == 0);
        }
        self.found = found;
        !sealed && (below || !last_level)
    }

    pub(super) fn context(&self, exported: bool) -> Context<'_> {
        let enclosing = self.frames.last().and_then(|f| f.entry).and_then(|at| self.entries.get(at));
        Context { bytes: self.bytes, within: self.within(), exported, body: enclosing.map(|e| e.body) }
    }

    fn outer(&self, node: Node<'_>, run: Option<Run>, depth: u32) -> Outer {
        let start = node.start_byte() as u32;
        let mut outer = Outer {
            start: run.and_then(|r| r.lead).unwrap_or(start),
            end: node.end_byte() as u32,
            head: start,
            doc: run.and_then(|r| r.doc),
            exports: false,
        };
        if let Some(wrap) = self.wraps.last().filter(|w| w.depth + 1 == depth) {
            outer.exports = wrap.exports;
            if wrap.adopts {
                outer.start = wrap.start;
                outer.end = wrap.end;
                outer.head = wrap.head.unwrap_or(start);
                outer.doc = outer.doc.or(wrap.doc);
            }
        }
        if self.rules.spec.semicolon {
            outer.end = self.behind_semicolon(outer.end);
        }
        outer
    }

    /// The offset behind a `;` that follows directly.
    fn behind_semicolon(&self, end: u32) -> u32 {
        let rest = self.bytes.get(end as usize..).unwrap_or_default();
        let blanks = rest.iter().take(8).take_while(|b| matches!(b, b' ' | b'\t')).count();
        if rest.get(blanks) == Some(&b';') { end + blanks as u32 + 1 } else { end }
    }

    fn add(&mut self, rule: &DefinitionRule, node: Node<'_>, mut named: Named, outer: Outer, depth: u32, first: bool) {
        let spec = rule.rule;
        self.embedded.append(&mut named.embedded);
        let scope = named.scope.unwrap_or(spec.scope);
        if named.name == Text::Fixed("") {
            self.enclose(depth, scope, None);
            return;
        }
        let from = named.from.map_or(outer.start, |from| from.min(outer.start));
        let (start, end) = named.span.unwrap_or((from, named.until.unwrap_or(outer.end)));
        let head = named.span.map_or(outer.head, |(start, _)| start);
        let body = named.body.filter(|b| (start..end).contains(b)).unwrap_or(end);
        if named.level > 0 {
            self.close_sections(depth, named.level, start);
        }
        let bytes = self.bytes;
        let name = text::name(&named.name, bytes).into_owned();
        if name.is_empty() && spec.role == Role::Definition {
            return;
        }
        self.take_name(&named.name);
        self.declare_words(named.variables, node);
        if let Some(qualifier) = &named.qualifier {
            self.take_name(qualifier);
        }
        let qualifier = named.qualifier.as_ref().map(|q| text::name(q, bytes));
        let is_member = self.within() == Scope::Type || (qualifier.is_some() && scope == Scope::Function);
        let kind = named.kind.unwrap_or(match spec.member {
            Some(member) if is_member => member,
            _ => spec.kind,
        });
        let entry = Entry {
            role: spec.role,
            kind,
            qualified: Text::Made(if named.absolute {
                name.clone()
            } else {
                self.qualify(qualifier.as_deref(), &name)
            }),
            signature: if let Some(fixed) = named.signature {
                Text::Fixed(fixed)
            } else if let Some((start, end)) = named.declared {
                Text::Made(text::signature(bytes.get(start as usize..end as usize).unwrap_or_default()))
            } else {
                let upto = named.body.filter(|b| (head..end).contains(b)).unwrap_or(end);
                Text::Made(text::signature(self.head(node, head, upto)))
            },
            visibility: named.visibility.or_else(|| self.visibility(rule, node, &name, kind, outer.exports)),
            doc: named.doc.or_else(|| self.docstring(rule, node)).or(outer.doc),
            name: Text::Made(name),
            start,
            end,
            body,
            language: None,
        };
        self.entries.push(entry);
        if first && scope == Scope::Leaf {
            self.note_leaf(node);
        }
        if first && (scope != Scope::Leaf || named.level > 0) {
            self.enclose(depth, scope, Some(self.entries.len() - 1));
            let inherits = self.passes_visibility_on(rule, node);
            if let Some(frame) = self.frames.last_mut() {
                frame.level = named.level;
                frame.end = end;
                frame.access = inherits;
            }
        }
    }

    /// The bytes of a definition's head, up to a comment in front of the body.
    fn head(&self, node: Node<'_>, start: u32, end: u32) -> &[u8] {
        let head = self.bytes.get(start as usize..end as usize).unwrap_or_default();
        let marked = head.contains(&b'#') || [b"//", b"--"].iter().any(|m| memchr::memmem::find(head, *m).is_some());
        if !marked {
            return head;
        }
        let children = (0..node.child_count().min(12)).filter_map(|at| node.child(at));
        let comment =
            children.filter(|c| c.is_extra() && c.start_byte() > start as usize).map(|c| c.start_byte()).min();
        comment.and_then(|at| self.bytes.get(start as usize..at.min(end as usize))).unwrap_or(head)
    }

    /// The bytes of a string that is the first statement of a body.
    fn docstring(&self, rule: &DefinitionRule, node: Node<'_>) -> Option<(u32, u32)> {
        if !self.rules.spec.docs.docstring {
            return None;
        }
        let body = rule.body.take(node)?;
        let first = (0..4).filter_map(|at| body.named_child(at)).find(|n| !n.is_extra())?;
        string_of(first)
    }
}
