//! Counting the words of a chunk's fields and turning the counts into terms.
//!
//! A word is looked at once a shard: its terms and their stems are remembered under its number. In the text's
//! hot loop there is one hash look-up a word.

use std::ops::Range;

use super::super::schema::Stemming;
use super::super::tokenize::{Stems, definition_mark, scope_mark, terms, words};
use super::inside::Inside;
use super::vocabulary::Vocabulary;

/// No stem was looked for yet.
const UNKNOWN: u32 = u32::MAX;

/// The words and terms of a shard.
#[derive(Debug, Default)]
pub struct Lexicon {
    words: Vocabulary,
    terms: Vocabulary,
    /// Word → its terms in `expansions`.
    of_word: Vec<Range<u32>>,
    expansions: Vec<u32>,
    /// Term → the term that is its stem; itself where it has none.
    stem_of: Vec<u32>,
    stems: Stems,
}

impl Lexicon {
    pub fn terms(&self) -> &Vocabulary {
        &self.terms
    }

    fn word(&mut self, word: &str) -> u32 {
        let (number, new) = self.words.intern(word.as_bytes());
        if new {
            let mut found = Vec::new();
            terms(word, &mut found);
            let start = self.expansions.len() as u32;
            for term in found {
                let term = self.term(&term);
                self.expansions.push(term);
            }
            self.of_word.push(start..self.expansions.len() as u32);
        }
        number
    }

    fn term(&mut self, term: &str) -> u32 {
        let (number, new) = self.terms.intern(term.as_bytes());
        if new {
            self.stem_of.push(UNKNOWN);
        }
        number
    }

    fn stem(&mut self, term: u32) -> u32 {
        let known = self.stem_of[term as usize];
        if known != UNKNOWN {
            return known;
        }
        let text = String::from_utf8_lossy(self.terms.get(term)).into_owned();
        let stem = match self.stems.of(&text) {
            Some(stem) => self.term(&stem),
            None => term,
        };
        self.stem_of[term as usize] = stem;
        stem
    }

    fn expansion(&self, word: u32) -> Range<usize> {
        let range = &self.of_word[word as usize];
        range.start as usize..range.end as usize
    }
}

/// How often each of some numbers was seen; cleared in time proportional to what was touched.
#[derive(Debug, Default)]
pub struct Counts {
    count: Vec<u32>,
    touched: Vec<u32>,
}

impl Counts {
    pub fn add(&mut self, number: u32, by: u32) {
        let at = number as usize;
        if at >= self.count.len() {
            self.count.resize(at + 1, 0);
        }
        if self.count[at] == 0 {
            self.touched.push(number);
        }
        self.count[at] = self.count[at].saturating_add(by);
    }

    /// What was touched with what is left of its count, in order of first touch; empties the counts.
    pub fn drain(&mut self, mut each: impl FnMut(u32, u32)) {
        for number in self.touched.drain(..) {
            let count = std::mem::take(&mut self.count[number as usize]);
            each(number, count);
        }
    }
}

/// Counts the words of one field after the other.
#[derive(Debug, Default)]
pub struct Counter {
    pub lexicon: Lexicon,
    seen: Counts,
    /// Words that other fields carry; see [`Counter::carried`].
    carried: Counts,
    found: Counts,
    /// Terms that are no words.
    marks: Vec<u32>,
}

impl Counter {
    /// Counts the words of `text` into the field at hand.
    pub fn text(&mut self, text: &str) {
        words(text, |start, end| {
            let word = self.lexicon.word(&text[start..end]);
            self.seen.add(word, 1);
        });
    }

    /// As [`text`](Self::text), without words of one character.
    pub fn body(&mut self, text: &str) {
        words(text, |start, end| {
            if end - start > 1 {
                let word = self.lexicon.word(&text[start..end]);
                self.seen.add(word, 1);
            }
        });
    }

    /// Notes words that stand in the text but are carried by other fields already.
    pub fn carried(&mut self, text: &str) {
        words(text, |start, end| {
            let word = self.lexicon.word(&text[start..end]);
            self.carried.add(word, 1);
        });
    }

    /// Notes what is defined here: terms of their own, which the length does not count.
    pub fn defined(&mut self, inside: &Inside<'_>) {
        let names = inside.names.iter().filter_map(|name| definition_mark(name));
        let scoped = inside.scoped.iter().filter_map(|(name, scope)| scope_mark(name, scope));
        for mark in names.chain(scoped) {
            let term = self.lexicon.term(&mark);
            self.marks.push(term);
        }
    }

    /// Ends the field: `each(term, count)` for its terms. Gives the field's length: terms, stems beside them not
    /// counted.
    pub fn finish(&mut self, stemming: Stemming, each: impl FnMut(u32, u32)) -> u32 {
        let Self { lexicon, seen, carried, found, marks } = self;
        let mut taken = std::mem::take(carried);
        let mut length = 0u32;
        seen.drain(|word, count| {
            let less = taken.count.get(word as usize).copied().unwrap_or(0);
            let count = count.saturating_sub(less);
            if count == 0 {
                return;
            }
            for at in lexicon.expansion(word) {
                let term = lexicon.expansions[at];
                length = length.saturating_add(count);
                let stem = if stemming == Stemming::None { term } else { lexicon.stem(term) };
                if stemming != Stemming::Only {
                    found.add(term, count);
                }
                if stem != term || stemming == Stemming::Only {
                    found.add(stem, count);
                }
            }
        });
        taken.drain(|_, _| {});
        *carried = taken;
        for mark in marks.drain(..) {
            found.add(mark, 1);
        }
        found.drain(each);
        length
    }
}
