//! Values with their places.
//!
//! `serde_yaml` gives the values, repeated keys and all; the YAML grammar gives the places. Both see mappings
//! and sequences in the order of the file, so the n-th entry of one is the n-th entry of the other.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::codes;
use super::mistake::{Mistake, SourceText, Span};
use super::{place, scan};
use crate::base::limits::CONFIG_DEPTH;

/// Most values of one file, keys counted and aliases written out: 5 000 repositories with seven keys each.
const MOST_VALUES: usize = 100_000;

/// Most lines of one file: tree-sitter-yaml 0.7 counts rows in 16 bits and goes astray beyond them.
const MOST_LINES: usize = 32_000;

/// A value without its place.
#[derive(Clone, Debug, PartialEq)]
pub enum Bare {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<Bare>),
    /// In the order of the file, repeated keys included.
    Map(Vec<(Bare, Bare)>),
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    /// In the order of the file; keys are distinct.
    Map(Vec<(Key, Node)>),
}

/// A key and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub text: String,
    pub span: Span,
}

/// Reads the whole file. Keys that are repeated or no text are reported into `mistakes` and left out.
pub fn read(file: &Arc<SourceText>, mistakes: &mut Vec<Mistake>) -> Option<Node> {
    if let Some(at) = file.text.match_indices('\n').nth(MOST_LINES - 1).map(|(at, _)| at + 1)
        && at < file.text.len()
    {
        mistakes.push(
            Mistake::at(
                &codes::TOO_LARGE,
                format!("the file has more than {MOST_LINES} lines"),
                file,
                Span::new(at, at),
                "one line too many",
            )
            .help("list repositories with `glob:`, or write each on one line"),
        );
        return None;
    }
    if let Err(found) = scan::check(file) {
        mistakes.extend(found);
        return None;
    }
    match bare(file) {
        Ok(Some(bare)) => Some(place::places(file, bare, mistakes)),
        Ok(None) => {
            let end = Span::new(file.text.len(), file.text.len());
            mistakes.push(
                Mistake::at(&codes::EMPTY, "the file holds nothing", file, end, "nothing before the end")
                    .help("`sawmill init` in an empty directory writes commented examples of both files"),
            );
            None
        }
        Err(mistake) => {
            mistakes.push(*mistake);
            None
        }
    }
}

/// The values of the file; `None` when it has none.
fn bare(file: &Arc<SourceText>) -> Result<Option<Bare>, Box<Mistake>> {
    let limits = Limits { values: Cell::new(0), over: Cell::new(None) };
    let seed = Seed { limits: &limits, depth: 0 };
    match seed.deserialize(serde_yaml::Deserializer::from_str(&file.text)) {
        Ok(Bare::Null) => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(e) => Err(Box::new(explain(file, &e, limits.over.get()))),
    }
}

/// A parser's error in our words, at its place.
fn explain(file: &Arc<SourceText>, error: &serde_yaml::Error, over: Option<Over>) -> Mistake {
    let span = error.location().map_or(Span::default(), |l| char_span(&file.text, l.line(), l.column()));
    let text = error.to_string();
    if over == Some(Over::Depth) || text.starts_with("recursion limit") {
        return scan::too_deep(file, span);
    }
    let aliases = file.text.contains('*');
    if (over == Some(Over::Values) && aliases) || text.starts_with("repetition limit") {
        let message = "aliases multiply into too many values";
        return Mistake::at(&codes::TOO_MANY_ALIASES, message, file, span, "while reading this")
            .help("write values out, or use `params:` in a pipeline and `defaults:` in a workspace");
    }
    if over == Some(Over::Values) {
        let message = format!("the file holds more than {MOST_VALUES} values");
        return Mistake::at(&codes::TOO_LARGE, message, file, span, "one value too many")
            .help("list repositories with `glob:`");
    }
    // libyaml appends its own positions; the label shows them better.
    let what = text.split(" at line ").next().unwrap_or(&text);
    Mistake::at(&codes::SYNTAX, "this is no YAML", file, span, what)
        .help("check the indentation and quotes just before this place")
}

/// The character at line and column, both from 1 and counted in characters.
fn char_span(text: &str, line: usize, column: usize) -> Span {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    let inside: usize = rest.chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let width = rest.get(inside..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
    Span::new(start + inside, start + inside + width)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Depth,
    Values,
}

struct Limits {
    values: Cell<usize>,
    over: Cell<Option<Over>>,
}

#[derive(Clone, Copy)]
struct Seed<'a> {
    limits: &'a Limits,
    depth: usize,
}

impl Seed<'_> {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth >= CONFIG_DEPTH {
            self.limits.over.set(Some(Over::Depth));
            return Err(E::custom("too deep"));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Bare;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Bare, D::Error> {
        self.limits.values.set(self.limits.values.get() + 1);
        if self.limits.values.get() > MOST_VALUES {
            self.limits.over.set(Some(Over::Values));
            return Err(D::Error::custom("too many values"));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Bare;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: Error>(self) -> Result<Bare, E> {
        Ok(Bare::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Bare, E> {
        Ok(Bare::Null)
    }

    fn visit_bool<E: Error>(self, v: bool) -> Result<Bare, E> {
        Ok(Bare::Bool(v))
    }

    fn visit_i64<E: Error>(self, v: i64) -> Result<Bare, E> {
        Ok(Bare::Int(v.into()))
    }

    fn visit_u64<E: Error>(self, v: u64) -> Result<Bare, E> {
        Ok(Bare::Int(v.into()))
    }

    fn visit_i128<E: Error>(self, v: i128) -> Result<Bare, E> {
        Ok(Bare::Int(v))
    }

    fn visit_u128<E: Error>(self, v: u128) -> Result<Bare, E> {
        Ok(Bare::Int(i128::try_from(v).unwrap_or(i128::MAX)))
    }

    fn visit_f64<E: Error>(self, v: f64) -> Result<Bare, E> {
        Ok(Bare::Float(v))
    }

    fn visit_str<E: Error>(self, v: &str) -> Result<Bare, E> {
        Ok(Bare::Text(v.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Bare, A::Error> {
        let seed = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Bare::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Bare, A::Error> {
        let seed = self.deeper()?;
        let mut entries = Vec::new();
        while let Some(key) = access.next_key_seed(seed)? {
            entries.push((key, access.next_value_seed(seed)?));
        }
        Ok(Bare::Map(entries))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Bare, A::Error> {
        Err(A::Error::custom("YAML tags are not read"))
    }
}
