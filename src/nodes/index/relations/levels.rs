//! The scopes around a reference, the innermost first.

use super::kinds::{TYPES, container};
use crate::nodes::{Enclosing, Reference, References, Within};

/// What a definition of this kind is to the names inside of it.
pub fn within(language: &str, kind: &str) -> Within {
    match kind {
        "function" | "macro" => Within::Function,
        "method" | "constructor" => Within::Method,
        // Ruby's have methods.
        "module" if language != "ruby" => Within::Space,
        "namespace" | "package" => Within::Space,
        "object" => Within::Object,
        "impl" | "extension" | "category" | "implementation" => Within::Type,
        kind if TYPES.contains(&kind) => Within::Type,
        _ => Within::Value,
    }
}

/// What a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    Function,
    Type,
    Inner,
    Object,
    /// A type without a name, which a method inside of a function has.
    Nameless,
    Space,
    Value,
    /// The file.
    Top,
}

/// A scope around a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level<'a> {
    /// Its qualified name; empty for the file.
    pub name: &'a str,
    pub is: Is,
    /// It stands around the reference, and not in the name of another scope alone, as `A` of `A::B`.
    pub is_written: bool,
}

impl Level<'_> {
    pub fn is_type(&self) -> bool {
        matches!(self.is, Is::Type | Is::Inner | Is::Object | Is::Nameless)
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub struct Levels<'a> {
    references: &'a References,
    /// The name of the next scope; the file's, after which there is none, is empty.
    name: Option<&'a str>,
    enclosing: Option<Enclosing>,
    last: Option<Is>,
    /// The last scope was a method, in a function.
    nameless: bool,
}

impl<'a> Levels<'a> {
    pub fn new(references: &'a References, row: &Reference) -> Self {
        let enclosing = at(references, row.within);
        let name = enclosing.map_or("", |one| references.text(one.name));
        Self { references, name: Some(name), enclosing, last: None, nameless: false }
    }

    /// The text of a number of the reference's shard.
    pub fn text(&self, number: u32) -> &'a str {
        self.references.text(number)
    }

    /// The scope that the definition `one` is.
    fn written(&mut self, one: Enclosing, name: &'a str) -> Level<'a> {
        let outer = at(self.references, one.outer);
        let is = match one.within {
            Within::Function | Within::Method => Is::Function,
            Within::Type => Is::Type,
            Within::Inner => Is::Inner,
            Within::Object => Is::Object,
            Within::Space => Is::Space,
            Within::Value => Is::Value,
        };
        let in_function = outer.is_some_and(|outer| matches!(outer.within, Within::Function | Within::Method));
        self.nameless = one.within == Within::Method && in_function;
        self.enclosing = outer;
        self.name = Some(self.after(name));
        Level { name, is, is_written: true }
    }

    /// The name of the scope behind `name`: never beyond the definition that is around it.
    fn after(&self, name: &'a str) -> &'a str {
        let outer = self.enclosing.map_or("", |one| self.references.text(one.name));
        let next = container(name);
        if next.len() <= outer.len() { outer } else { next }
    }
}

impl<'a> Iterator for Levels<'a> {
    type Item = Level<'a>;

    fn next(&mut self) -> Option<Level<'a>> {
        let name = self.name?;
        if std::mem::take(&mut self.nameless) {
            self.last = Some(Is::Nameless);
            return Some(Level { name, is: Is::Nameless, is_written: true });
        }
        let level = match self.enclosing {
            Some(one) if self.references.text(one.name) == name => self.written(one, name),
            _ if name.is_empty() => {
                self.name = None;
                Level { name, is: Is::Top, is_written: true }
            }
            // Around a function that is defined outside of its type.
            _ => {
                let is = if self.last == Some(Is::Function) { Is::Type } else { Is::Space };
                self.name = Some(self.after(name));
                Level { name, is, is_written: false }
            }
        };
        self.last = Some(level.is);
        Some(level)
    }
}

fn at(references: &References, place: u32) -> Option<Enclosing> {
    references.enclosing.get((place as usize).checked_sub(1)?).copied()
}
