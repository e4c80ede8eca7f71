//! Imports, unresolved.

use tree_sitter::Node;

use crate::nodes::extract::rules::ReferenceRule;
use crate::nodes::extract::spec::{FIRST, LAST, Text};

use super::refer::PATHS;
use super::tree::Walk;

impl Walk<'_> {
    pub(super) fn import(&mut self, rule: &ReferenceRule, node: Node<'_>, field: &str) {
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

    /// `from module import name, other as alias`; all of a module is the module.
    pub(super) fn import_members(&mut self, module: Option<Node<'_>>, list: Node<'_>) {
        let before = module.map(|m| String::from_utf8_lossy(self.bytes.get(m.byte_range()).unwrap_or_default()));
        let separator = if before.as_ref().is_some_and(|text| text.ends_with('.')) { "" } else { "." };
        let mut cursor = list.walk();
        let mut any = false;
        for member in list.children_by_field_name("name", &mut cursor).take(PATHS) {
            let name = member.child_by_field_name("name").unwrap_or(member);
            let text = String::from_utf8_lossy(self.bytes.get(name.byte_range()).unwrap_or_default());
            let written = before.as_ref().map_or_else(|| text.to_string(), |m| format!("{m}{separator}{text}"));
            let span = (name.start_byte() as u32, name.end_byte() as u32);
            self.push_reference(span, Text::Made(written), "import");
            any = true;
        }
        if let Some(module) = module.filter(|_| !any) {
            self.refer_to(module, module, "import");
        }
    }

    /// A path of several nodes beside each other.
    pub(super) fn import_joined(&mut self, rule: &ReferenceRule, node: Node<'_>, field: &str) {
        let mut cursor = node.walk();
        let mut parts = node.children_by_field_name(field, &mut cursor).take(PATHS);
        let Some(first) = parts.next() else { return };
        let end = parts.last().map_or(first.end_byte(), |last| last.end_byte()) as u32;
        let path = Text::Span(first.start_byte() as u32, end);
        self.push_reference((first.start_byte() as u32, end), path, rule.rule.kind);
    }

    /// A name that is written with fixed words before it.
    pub(super) fn import_under(&mut self, before: &str, name: Node<'_>) {
        let (start, end) = (name.start_byte() as u32, name.end_byte() as u32);
        let text = String::from_utf8_lossy(self.bytes.get(name.byte_range()).unwrap_or_default());
        self.push_reference((start, end), Text::Made(format!("{before}{text}")), "import");
    }
}
