//! Names that a function declares in its head, for languages whose outlines do not say which they are: they hide what
//! the file and its imports define.
//!
//! Not a parser: it may take a name for a local one that is none, and a reference then says less than it could.

use std::collections::HashMap;

use memchr::memmem::Finder;

use super::around::is_word;
use super::rules::Locals;

/// A function around a reference, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    pub start: usize,
    pub body: usize,
}

/// Is `name`, which is referred to at `at`, a parameter of one of the `functions` around it?
pub fn declares(how: Locals, bytes: &[u8], functions: &[Function], at: usize, name: &[u8]) -> bool {
    if how != Locals::Head || name.is_empty() {
        return false;
    }
    let finder = Finder::new(name);
    functions.iter().any(|function| in_head(bytes, function, at, &finder))
}

/// What the functions around a reference declare, as [`declares`] tells it, for one reference after the other: most stand
/// in the same functions as the one before, and in a file that means harm those are a thousand.
#[derive(Debug, Default)]
pub struct Declared {
    /// The outermost first, and the parameters of each.
    functions: Vec<(Function, Vec<Box<[u8]>>)>,
    /// How many of the functions declare a name.
    counts: HashMap<Box<[u8]>, u32>,
}

impl Declared {
    /// `functions`: the innermost first.
    pub fn has(&mut self, how: Locals, bytes: &[u8], functions: &[Function], at: usize, name: &[u8]) -> bool {
        if how != Locals::Head || name.is_empty() {
            return false;
        }
        // Of a head only what stands before the reference counts, and a word is found as a word.
        if functions.iter().any(|function| function.body > at) || !name.iter().all(|b| is_part(*b)) {
            return declares(how, bytes, functions, at, name);
        }
        self.follow(bytes, functions);
        self.counts.contains_key(name)
    }

    fn follow(&mut self, bytes: &[u8], functions: &[Function]) {
        let shared = self.functions.iter().zip(functions.iter().rev()).take_while(|((a, _), b)| a == *b).count();
        for name in self.functions.drain(shared..).flat_map(|(_, names)| names) {
            if let Some(count) = self.counts.get_mut(&name) {
                *count -= 1;
                if *count == 0 {
                    self.counts.remove(&name);
                }
            }
        }
        for function in functions.iter().rev().skip(shared) {
            let names = parameters(bytes, function);
            for name in &names {
                *self.counts.entry(name.clone()).or_default() += 1;
            }
            self.functions.push((*function, names));
        }
    }
}

/// Byte of a word that is looked for.
fn is_part(byte: u8) -> bool {
    is_word(byte) || byte == b'$'
}

/// The words in the head of a function that are parameters.
fn parameters(bytes: &[u8], function: &Function) -> Vec<Box<[u8]>> {
    let head = bytes.get(function.start..function.body).unwrap_or_default();
    let mut at = memchr::memchr(b'(', head).unwrap_or(head.len());
    let mut found = Vec::new();
    while let Some(from) = head.iter().skip(at).position(|b| is_part(*b)).map(|skipped| at + skipped) {
        let end = head.iter().skip(from).position(|b| !is_part(*b)).map_or(head.len(), |length| from + length);
        let before = head.get(..from).unwrap_or_default().trim_ascii_end();
        if is_parameter(before, head.get(end..).unwrap_or_default().trim_ascii_start()) {
            found.extend(head.get(from..end).map(Box::from));
        }
        at = end;
    }
    found
}

fn in_head(bytes: &[u8], function: &Function, at: usize, finder: &Finder<'_>) -> bool {
    let length = finder.needle().len();
    let head = bytes.get(function.start..function.body.min(at)).unwrap_or_default();
    let Some(open) = memchr::memchr(b'(', head) else { return false };
    words(finder, head, open, length).any(|found| {
        let before = head.get(..found).unwrap_or_default().trim_ascii_end();
        is_parameter(before, head.get(found + length..).unwrap_or_default().trim_ascii_start())
    })
}

/// In the head of a function, is a word between these a name and no type and no value?
fn is_parameter(before: &[u8], after: &[u8]) -> bool {
    let starts = |signs: &[&str]| signs.iter().any(|sign| after.starts_with(sign.as_bytes()));
    let ends = |signs: &[&str]| signs.iter().any(|sign| before.ends_with(sign.as_bytes()));
    !starts(&[".", "::", "(", "<"]) && !ends(&[":", "->", "|", "[", "<", "=", "&", "::", "."])
}

/// Where `text` has the word from `from` on.
fn words<'a>(finder: &'a Finder<'a>, text: &'a [u8], from: usize, length: usize) -> impl Iterator<Item = usize> + 'a {
    let found = finder.find_iter(text.get(from..).unwrap_or_default()).map(move |at| from + at);
    found.filter(move |at| {
        let alone = |byte: Option<&u8>| !byte.is_some_and(|b| is_part(*b));
        alone(at.checked_sub(1).and_then(|before| text.get(before))) && alone(text.get(at + length))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// One reference after the other, in functions inside each other that come and go.
        #[test]
        fn what_is_remembered_is_what_each_head_says(
            text in prop::collection::vec(prop::sample::select(&["f", "(", ")", "a", "b", "$a", ",", " ", ":", ".", "é", "{"][..]), 0..40),
            asked in prop::collection::vec(
                (prop::collection::vec((0..50_usize, 0..50_usize), 0..4), 0..50_usize, prop::sample::select(&["a", "b", "$a", "é", "a.b", "f"][..])),
                1..6,
            ),
        ) {
            let text = text.concat();
            let mut declared = Declared::default();
            for (spans, at, name) in asked {
                let functions: Vec<Function> =
                    spans.into_iter().map(|(a, b)| Function { start: a.min(b), body: a.max(b) }).collect();
                let one = declares(Locals::Head, text.as_bytes(), &functions, at, name.as_bytes());
                prop_assert_eq!(declared.has(Locals::Head, text.as_bytes(), &functions, at, name.as_bytes()), one);
            }
        }
    }
}
