//! What a file must hold to match: AND and OR of trigrams.

use std::collections::BTreeSet;
use std::fmt;

use super::gram::Gram;

/// Most nodes of a plan. A bound on work, not on answers: what exceeds it is required no more.
const NODES: usize = 1024;

/// A requirement that every matching file fulfils. Files that fulfil it may still not match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plan {
    /// Nothing is known: every file must be looked at.
    All,
    /// Nothing can match.
    None,
    Gram(Gram),
    /// Two or more, sorted, each once, no `And` among them.
    And(Vec<Plan>),
    /// Two or more, sorted, each once, no `Or` among them.
    Or(Vec<Plan>),
}

impl Plan {
    /// All of `parts`: flat, sorted, without those that another part implies.
    pub fn and(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = BTreeSet::new();
        for part in parts {
            match part {
                Self::All => {}
                Self::None => return Self::None,
                Self::And(inner) => kept.extend(inner),
                other => {
                    kept.insert(other);
                }
            }
        }
        let absorbed: Vec<Self> = kept.iter().filter(|part| part.is_implied_by_one_of(&kept)).cloned().collect();
        for part in &absorbed {
            kept.remove(part);
        }
        if kept.iter().map(Self::size).sum::<usize>() > NODES {
            kept = smallest(kept);
        }
        Self::of(kept, Self::All, Self::And)
    }

    /// Any of `parts`: flat, sorted, without those that imply another part.
    pub fn or(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut kept = BTreeSet::new();
        for part in parts {
            match part {
                Self::None => {}
                Self::All => return Self::All,
                Self::Or(inner) => kept.extend(inner),
                other => {
                    kept.insert(other);
                }
            }
        }
        if kept.iter().map(Self::size).sum::<usize>() > NODES {
            return Self::All;
        }
        let absorbed: Vec<Self> = kept.iter().filter(|part| part.implies_one_of(&kept)).cloned().collect();
        for part in &absorbed {
            kept.remove(part);
        }
        Self::of(kept, Self::None, Self::Or)
    }

    fn of(mut parts: BTreeSet<Self>, none: Self, many: fn(Vec<Self>) -> Self) -> Self {
        match parts.len() {
            0 => none,
            1 => parts.pop_first().unwrap_or(none),
            _ => many(parts.into_iter().collect()),
        }
    }

    /// `a AND (a OR b)` is `a`: an `Or` one of whose branches stands among `parts` beside it.
    fn is_implied_by_one_of(&self, parts: &BTreeSet<Self>) -> bool {
        let Self::Or(branches) = self else { return false };
        branches.iter().any(|branch| match branch {
            Self::And(inner) => inner.iter().all(|part| parts.contains(part)),
            other => parts.contains(other),
        })
    }

    /// `a OR (a AND b)` is `a`: an `And` one of whose parts stands among `parts` beside it.
    fn implies_one_of(&self, parts: &BTreeSet<Self>) -> bool {
        let Self::And(inner) = self else { return false };
        inner.iter().any(|part| match part {
            Self::Or(branches) => branches.iter().all(|branch| parts.contains(branch)),
            other => parts.contains(other),
        })
    }

    /// Nodes, this one included.
    pub fn size(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::size).sum::<usize>() + 1,
            _ => 1,
        }
    }

    /// May a file match that has the grams of which `has` says so?
    pub fn admits(&self, mut has: impl FnMut(Gram) -> bool) -> bool {
        self.admitted(&mut has)
    }

    fn admitted(&self, has: &mut impl FnMut(Gram) -> bool) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Gram(gram) => has(*gram),
            Self::And(parts) => parts.iter().all(|part| part.admitted(has)),
            Self::Or(parts) => parts.iter().any(|part| part.admitted(has)),
        }
    }

    /// Every gram named, each once.
    pub fn grams(&self) -> BTreeSet<Gram> {
        let mut out = BTreeSet::new();
        self.collect(&mut out);
        out
    }

    fn collect(&self, out: &mut BTreeSet<Gram>) {
        match self {
            Self::Gram(gram) => {
                out.insert(*gram);
            }
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.collect(out)),
            Self::All | Self::None => {}
        }
    }

    /// At most how many files are admitted, where `files` says how many hold a gram: the least of an AND, the sum of
    /// an OR. `u64::MAX` is "every file".
    pub fn cost(&self, files: &impl Fn(Gram) -> u64) -> u64 {
        match self {
            Self::All => u64::MAX,
            Self::None => 0,
            Self::Gram(gram) => files(*gram),
            Self::And(parts) => parts.iter().map(|part| part.cost(files)).min().unwrap_or(u64::MAX),
            Self::Or(parts) => parts.iter().fold(0, |sum, part| sum.saturating_add(part.cost(files))),
        }
    }

    /// A weaker plan that asks for less: of each AND only the `most` cheapest parts (at least one); ties
    /// go to the first in order.
    #[must_use]
    pub fn cheapest(&self, most: usize, files: &impl Fn(Gram) -> u64) -> Self {
        match self {
            Self::And(parts) => {
                let mut priced: Vec<(u64, &Self)> = parts.iter().map(|part| (part.cost(files), part)).collect();
                priced.sort();
                let kept = priced.into_iter().take(most.max(1));
                Self::and(kept.map(|(_, part)| part.cheapest(most, files)))
            }
            Self::Or(parts) => Self::or(parts.iter().map(|part| part.cheapest(most, files))),
            other => other.clone(),
        }
    }
}

/// The smallest parts that fit together into [`NODES`].
fn smallest(parts: BTreeSet<Plan>) -> BTreeSet<Plan> {
    let mut sized: Vec<(usize, Plan)> = parts.into_iter().map(|part| (part.size(), part)).collect();
    sized.sort();
    let mut total = 0;
    let fits = sized.into_iter().take_while(|(size, _)| {
        total += size;
        total <= NODES
    });
    fits.map(|(_, part)| part).collect()
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (parts, word) = match self {
            Self::All => return f.write_str("all"),
            Self::None => return f.write_str("none"),
            Self::Gram(gram) => return gram.fmt(f),
            Self::And(parts) => (parts, " AND "),
            Self::Or(parts) => (parts, " OR "),
        };
        for (at, part) in parts.iter().enumerate() {
            if at > 0 {
                f.write_str(word)?;
            }
            match part {
                Self::And(_) | Self::Or(_) => write!(f, "({part})")?,
                other => other.fmt(f)?,
            }
        }
        Ok(())
    }
}
