//! Sets of byte strings, and what is known of a part of a pattern by them.

use std::collections::BTreeSet;

use super::gram::grams;
use super::plan::Plan;

/// Byte strings, folded as grams are.
pub type Strings = BTreeSet<Vec<u8>>;

/// More strings than these are no longer kept whole.
const EXACT: usize = 16;
/// Strings at least this long are no longer kept whole: their grams say all.
const EXACT_BYTES: usize = 4;
/// Most prefixes or suffixes.
const ENDS: usize = 32;
/// Most strings over the border between two parts.
const BORDER: usize = 128;
/// Of a longer string only the grams of its start are required.
const LITERAL: usize = 128;

/// What is known of every match of a part of a pattern.
#[derive(Clone, Debug)]
pub struct Known {
    /// The matches are these and no others. Empty: there are none. The grams of these are not in `plan` yet.
    pub exact: Option<Strings>,
    /// Every match starts, ends with one of these (where `exact` does not say it).
    pub prefix: Strings,
    pub suffix: Strings,
    /// What every match holds.
    pub plan: Plan,
}

impl Known {
    /// The matches are `strings`.
    pub fn exactly(strings: Strings) -> Self {
        let known = Self { exact: Some(strings), prefix: Strings::new(), suffix: Strings::new(), plan: Plan::All };
        known.settled()
    }

    /// Matches nothing but the empty string: looks, empty groups.
    pub fn empty() -> Self {
        Self::exactly(Strings::from([Vec::new()]))
    }

    /// Matches never.
    pub fn never() -> Self {
        Self { exact: Some(Strings::new()), prefix: Strings::new(), suffix: Strings::new(), plan: Plan::None }
    }

    /// Matches nobody knows what.
    pub fn anything() -> Self {
        let nothing = || Strings::from([Vec::new()]);
        Self { exact: None, prefix: nothing(), suffix: nothing(), plan: Plan::All }
    }

    pub fn is_never(&self) -> bool {
        self.exact.as_ref().is_some_and(Strings::is_empty)
    }

    fn prefixes(&self) -> &Strings {
        self.exact.as_ref().unwrap_or(&self.prefix)
    }

    fn suffixes(&self) -> &Strings {
        self.exact.as_ref().unwrap_or(&self.suffix)
    }

    /// This, then `next`.
    pub fn then(self, next: Self) -> Self {
        if self.is_never() || next.is_never() {
            return Self::never();
        }
        let border = match (&self.exact, &next.exact) {
            (Some(first), Some(second)) if first.len() * second.len() <= BORDER => {
                return Self::exactly(cross(first, second));
            }
            _ => required_over_border(self.suffixes(), next.prefixes()),
        };
        let (first, second) = (self.loosened(), next.loosened());
        let prefix = match &self.exact {
            Some(strings) if strings.len() * next.prefixes().len() <= BORDER => cross(strings, next.prefixes()),
            _ => first.prefix,
        };
        let suffix = match &next.exact {
            Some(strings) if strings.len() * self.suffixes().len() <= BORDER => cross(self.suffixes(), strings),
            _ => second.suffix,
        };
        Self { exact: None, prefix, suffix, plan: Plan::and([first.plan, border, second.plan]) }.settled()
    }

    /// Any of `parts`.
    pub fn any_of(parts: Vec<Self>) -> Self {
        let parts: Vec<Self> = parts.into_iter().filter(|part| !part.is_never()).collect();
        if parts.is_empty() {
            return Self::never();
        }
        let exact: Option<Vec<&Strings>> = parts.iter().map(|part| part.exact.as_ref()).collect();
        if let Some(sets) = exact {
            return Self::exactly(sets.into_iter().flatten().cloned().collect());
        }
        let mut out = Self { exact: None, prefix: Strings::new(), suffix: Strings::new(), plan: Plan::None };
        let mut plans = Vec::with_capacity(parts.len());
        for part in &parts {
            out.prefix.extend(part.prefixes().iter().cloned());
            out.suffix.extend(part.suffixes().iter().cloned());
            plans.push(part.loosened().plan);
        }
        out.plan = Plan::or(plans);
        out.settled()
    }

    /// This once or more often.
    #[must_use]
    pub fn repeated(&self) -> Self {
        if self.is_never() { Self::never() } else { self.loosened() }
    }

    /// The same without `exact`: what it said is in the plan and at the ends.
    #[must_use]
    pub fn loosened(&self) -> Self {
        let Some(exact) = &self.exact else { return self.clone() };
        let plan = Plan::and([self.plan.clone(), any_string(exact)]);
        Self { exact: None, prefix: heads(exact), suffix: tails(exact), plan }
    }

    /// Keeps the sets small; what is cut off goes into the plan first.
    fn settled(mut self) -> Self {
        match &self.exact {
            Some(exact) if exact.len() <= EXACT && shortest(exact) < EXACT_BYTES => self,
            Some(_) => self.loosened(),
            None => {
                let plan = std::mem::replace(&mut self.plan, Plan::All);
                self.plan = Plan::and([plan, any_string(&self.prefix), any_string(&self.suffix)]);
                self.prefix = heads(&self.prefix);
                self.suffix = tails(&self.suffix);
                self
            }
        }
    }
}

fn shortest(strings: &Strings) -> usize {
    strings.iter().map(Vec::len).min().unwrap_or(0)
}

fn cross(first: &Strings, second: &Strings) -> Strings {
    first.iter().flat_map(|a| second.iter().map(move |b| [a.as_slice(), b].concat())).collect()
}

/// What holds over the border of two parts, where every pair of their ends is long enough to tell.
fn required_over_border(suffixes: &Strings, prefixes: &Strings) -> Plan {
    if shortest(suffixes) + shortest(prefixes) < 3 || suffixes.len() * prefixes.len() > BORDER {
        return Plan::All;
    }
    any_string(&cross(suffixes, prefixes))
}

/// All grams of one of `strings`; nothing where one is too short to have any.
fn any_string(strings: &Strings) -> Plan {
    if shortest(strings) < 3 {
        return Plan::All;
    }
    Plan::or(strings.iter().map(|string| {
        let start = string.get(..LITERAL).unwrap_or(string);
        Plan::and(grams(start).map(Plan::Gram).collect::<BTreeSet<_>>())
    }))
}

/// The first two bytes of each, or fewer where the set stays too large.
fn heads(strings: &Strings) -> Strings {
    shortened(strings, |string, most| string.get(..most).unwrap_or(string))
}

/// The last two bytes of each, or fewer.
fn tails(strings: &Strings) -> Strings {
    shortened(strings, |string, most| string.get(string.len().saturating_sub(most)..).unwrap_or(string))
}

fn shortened(strings: &Strings, cut: fn(&[u8], usize) -> &[u8]) -> Strings {
    let to = |most: usize| -> Strings { strings.iter().map(|string| cut(string, most).to_vec()).collect() };
    [2, 1].into_iter().map(to).find(|set| set.len() <= ENDS).unwrap_or_else(|| Strings::from([Vec::new()]))
}
