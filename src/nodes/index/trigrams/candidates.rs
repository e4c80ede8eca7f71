//! AND and OR of grams → the files that may match.

use std::borrow::Cow;

use super::read::GramFiles;

/// What a file must hold to match, as far as grams can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing is known: every file may match.
    All,
    /// No file can.
    None,
    Gram(u32),
    /// Every part; every file where there is none.
    And(Vec<Need>),
    /// At least one part; no file where there is none.
    Or(Vec<Need>),
}

/// Files of a segment that may match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Candidates {
    /// Every file.
    All,
    /// These, by number, ascending.
    Some(Vec<u32>),
}

impl Need {
    /// The files that fulfil this, by the lists of its grams, which were all looked up. Recurses as deep as the need is.
    pub fn candidates(&self, lists: &GramFiles) -> Candidates {
        match self.set(lists) {
            Set::All => Candidates::All,
            Set::Some(files) => Candidates::Some(files.into_owned()),
        }
    }

    fn set<'a>(&self, lists: &'a GramFiles) -> Set<'a> {
        match self {
            Self::All => Set::All,
            Self::None => Set::NONE,
            Self::Gram(gram) => Set::Some(Cow::Borrowed(lists.of(*gram))),
            Self::And(parts) => all(parts, lists),
            Self::Or(parts) => any(parts, lists),
        }
    }

    /// Every gram that is named, ascending, each once.
    pub fn grams(&self) -> Vec<u32> {
        fn collect(need: &Need, out: &mut Vec<u32>) {
            match need {
                Need::Gram(gram) => out.push(*gram),
                Need::And(parts) | Need::Or(parts) => parts.iter().for_each(|part| collect(part, out)),
                Need::All | Need::None => {}
            }
        }
        let mut out = Vec::new();
        collect(self, &mut out);
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Candidates on the way, lists of single grams where they lie.
enum Set<'a> {
    All,
    Some(Cow<'a, [u32]>),
}

impl Set<'_> {
    const NONE: Self = Self::Some(Cow::Borrowed(&[]));
}

fn all<'a>(parts: &[Need], lists: &'a GramFiles) -> Set<'a> {
    let mut sets = Vec::with_capacity(parts.len());
    for part in parts {
        match part.set(lists) {
            Set::All => {}
            Set::Some(files) if files.is_empty() => return Set::NONE,
            Set::Some(files) => sets.push(files),
        }
    }
    sets.sort_by_key(|files| files.len());
    let mut sets = sets.into_iter();
    let Some(mut left) = sets.next() else { return Set::All };
    for other in sets {
        if left.is_empty() {
            break;
        }
        left = Cow::Owned(both(&left, &other));
    }
    Set::Some(left)
}

/// What stands in both; `few` is the shorter. From each hit the search goes on in steps that double.
fn both(few: &[u32], many: &[u32]) -> Vec<u32> {
    let mut out = Vec::with_capacity(few.len());
    let mut rest = many;
    for file in few {
        let mut step = 1;
        while rest.get(step).is_some_and(|other| other < file) {
            step *= 2;
        }
        let near = rest.get(..=step).unwrap_or(rest);
        rest = rest.get(near.partition_point(|other| other < file)..).unwrap_or_default();
        match rest.first() {
            Some(other) if other == file => out.push(*file),
            Some(_) => {}
            None => break,
        }
    }
    out
}

fn any<'a>(parts: &[Need], lists: &'a GramFiles) -> Set<'a> {
    let mut sets = Vec::with_capacity(parts.len());
    for part in parts {
        match part.set(lists) {
            Set::All => return Set::All,
            Set::Some(files) if files.is_empty() => {}
            Set::Some(files) => sets.push(files),
        }
    }
    if sets.len() < 2 {
        return sets.pop().map_or(Set::NONE, Set::Some);
    }
    Set::Some(Cow::Owned(union(&sets)))
}

/// One bit a file: files of a segment are thousands at most, and lists may be many.
fn union(sets: &[Cow<'_, [u32]>]) -> Vec<u32> {
    let most = sets.iter().filter_map(|files| files.last()).max().copied().unwrap_or(0) as usize;
    let mut bits = vec![0u64; most / 64 + 1];
    for file in sets.iter().flat_map(|files| files.iter()) {
        if let Some(word) = bits.get_mut(*file as usize / 64) {
            *word |= 1 << (file % 64);
        }
    }
    let mut out = Vec::new();
    for (at, word) in bits.iter().enumerate() {
        let mut left = *word;
        while left != 0 {
            out.push(at as u32 * 64 + left.trailing_zeros());
            left &= left - 1;
        }
    }
    out
}
