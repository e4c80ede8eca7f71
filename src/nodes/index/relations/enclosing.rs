//! What stands around a reference, as its resolution will ask for it.

use super::around::is_word;
use super::collect::Gather;
use super::levels::within;
use super::rules::{Binds, Rules};
use crate::nodes::{Enclosing, Extent, References, Within};

/// Most words before the word `class` that are looked at, annotations included.
const MODIFIERS: usize = 16;

impl Gather<'_, '_> {
    /// The place of the innermost definition around in [`References::enclosing`], and one.
    pub(super) fn enclosing(&mut self, language: &str, found: &mut References) -> u32 {
        // Whatever is around a known one is known.
        if let Some(place) = self.around.first().and_then(|row| self.enclosing.get(row)) {
            return *place;
        }
        let mut outer = 0;
        for row in self.around.iter().rev().copied() {
            if let Some(place) = self.enclosing.get(&row) {
                outer = *place;
                continue;
            }
            let name = found.intern(self.outline.qualified_name.value(row));
            found.enclosing.push(Enclosing { name, within: self.within(language, row), outer });
            outer = found.enclosing.len() as u32;
            self.enclosing.insert(row, outer);
        }
        outer
    }

    /// What the definition in `row` is to the names inside of it.
    fn within(&self, language: &str, row: usize) -> Within {
        let within = within(language, self.outline.kind.value(row));
        if within != Within::Type || language != "kotlin" {
            return within;
        }
        let (start, end) = (self.outline.start_byte.value(row) as usize, self.outline.end_byte.value(row) as usize);
        let head = self.bytes.get(start..end).unwrap_or_default();
        let words = head.split(|b| !is_word(*b)).filter(|word| !word.is_empty()).take_while(|word| *word != b"class");
        if words.take(MODIFIERS).any(|word| word == b"inner") { Within::Inner } else { within }
    }

    /// Qualified name of the innermost definition of these kinds around.
    pub(super) fn innermost(&self, kinds: &[&str]) -> &str {
        let found = self.around.iter().find(|row| kinds.contains(&self.outline.kind.value(**row)));
        found.map_or("", |row| self.outline.qualified_name.value(*row))
    }

    /// Qualified name of the innermost module around.
    pub(super) fn innermost_module(&self) -> &str {
        let is_module = |row: &usize| self.outline.kind.value(*row) == "module";
        let found = self.module.get_or_init(|| self.around.iter().copied().find(is_module));
        found.map_or("", |row| self.outline.qualified_name.value(row))
    }

    /// See [`Reference::module`].
    pub(super) fn module(&self, rules: &Rules) -> &str {
        match rules.binds {
            Binds::Rust => self.innermost_module(),
            Binds::Python => {
                let is_class = |row: &usize| self.outline.kind.value(*row) == "class";
                if self.around.first().is_some_and(is_class) { "" } else { self.innermost(&["class"]) }
            }
            _ => "",
        }
    }

    /// Where what an import brings in is seen.
    pub(super) fn extent(&self, rules: &Rules, found: &mut References) -> Extent {
        const HOLDERS: &[&str] = &["function", "method", "constructor", "macro", "module"];
        let is_python = rules.binds == Binds::Python;
        let kind = |row: usize| self.outline.kind.value(row);
        let holds = |row: &usize| HOLDERS.contains(&kind(*row)) || (is_python && kind(*row) == "class");
        let is_local = rules.has_scoped_imports();
        match self.around.iter().copied().find(holds).filter(|_| is_local) {
            Some(row) => Extent {
                scope: found.intern(self.outline.qualified_name.value(row)),
                start: self.outline.start_byte.value(row),
                end: self.outline.end_byte.value(row),
                directly: kind(row) == "class",
            },
            None => Extent { scope: found.intern(""), start: 0, end: u32::MAX, directly: false },
        }
    }
}
