//! Whether an expression holds, and what is in it.

use super::expr::{Exact, Expr, Leaf, Sign};
use crate::query::grams::Plan;

/// What may come out.
#[derive(Clone, Copy)]
struct Outcomes {
    yes: bool,
    no: bool,
}

impl Outcomes {
    fn negated(self) -> Self {
        Self { yes: self.no, no: self.yes }
    }

    fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let start = Self { yes: true, no: false };
        parts.into_iter().fold(start, |all, part| Self { yes: all.yes && part.yes, no: all.no || part.no })
    }

    fn any(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::all(parts.into_iter().map(Self::negated)).negated()
    }
}

impl Expr {
    /// Does the expression hold where `holds` says so of its leaves? A leaf may be asked more than once or never.
    pub fn holds(&self, mut holds: impl FnMut(&Leaf) -> bool) -> bool {
        self.held(&mut holds)
    }

    fn held(&self, holds: &mut impl FnMut(&Leaf) -> bool) -> bool {
        match self {
            Self::Leaf(leaf) => holds(leaf),
            Self::Not(inner) => !inner.held(holds),
            Self::And(parts) => parts.iter().all(|part| part.held(holds)),
            Self::Or(parts) => parts.iter().any(|part| part.held(holds)),
            Self::Bag(items) => {
                let must = items.iter().filter(|item| item.sign != Sign::Any);
                if !must.clone().all(|item| item.expr.held(holds) == (item.sign == Sign::Required)) {
                    return false;
                }
                let required = items.iter().any(|item| item.sign == Sign::Required);
                let mut wanted = items.iter().filter(|item| item.sign == Sign::Any).peekable();
                required || wanted.peek().is_none() || wanted.any(|item| item.expr.held(holds))
            }
        }
    }

    /// Can the expression hold, where `known` tells of some leaves whether they do? Never no where it holds in the end.
    pub fn may_hold(&self, known: impl Fn(&Leaf) -> Option<bool>) -> bool {
        self.outcomes(&known).yes
    }

    fn outcomes(&self, known: &impl Fn(&Leaf) -> Option<bool>) -> Outcomes {
        let of = |expr: &Self| expr.outcomes(known);
        match self {
            Self::Leaf(leaf) => {
                let known = known(leaf);
                Outcomes { yes: known != Some(false), no: known != Some(true) }
            }
            Self::Not(inner) => of(inner).negated(),
            Self::And(parts) => Outcomes::all(parts.iter().map(of)),
            Self::Or(parts) => Outcomes::any(parts.iter().map(of)),
            Self::Bag(items) => {
                let signed = |sign: Sign| items.iter().filter(move |item| item.sign == sign);
                let required = Outcomes::all(signed(Sign::Required).map(|item| of(&item.expr)));
                let excluded = Outcomes::all(signed(Sign::Excluded).map(|item| of(&item.expr).negated()));
                let free = signed(Sign::Required).next().is_some() || signed(Sign::Any).next().is_none();
                let wanted = Outcomes::any(signed(Sign::Any).map(|item| of(&item.expr)));
                Outcomes::all([required, excluded].into_iter().chain((!free).then_some(wanted)))
            }
        }
    }

    /// The trigrams that a file holds of which the expression holds, where its literals and regular expressions are
    /// asked of whole files. Words and what is negated require nothing.
    pub fn plan(&self) -> Plan {
        match self {
            Self::Leaf(Leaf::Exact(exact)) => exact.pattern.plan(),
            Self::Leaf(Leaf::Word(_)) | Self::Not(_) => Plan::All,
            Self::And(parts) => Plan::and(parts.iter().map(Self::plan)),
            Self::Or(parts) => Plan::or(parts.iter().map(Self::plan)),
            Self::Bag(items) => {
                Plan::and(items.iter().filter(|item| item.sign == Sign::Required).map(|item| item.expr.plan()))
            }
        }
    }

    /// Calls `found` for every leaf in order, and whether an even number of negations stands above it.
    pub fn each_leaf<'a>(&'a self, found: &mut impl FnMut(&'a Leaf, bool)) {
        self.leaves(true, found);
    }

    fn leaves<'a>(&'a self, wanted: bool, found: &mut impl FnMut(&'a Leaf, bool)) {
        match self {
            Self::Leaf(leaf) => found(leaf, wanted),
            Self::Not(inner) => inner.leaves(!wanted, found),
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.leaves(wanted, found)),
            Self::Bag(items) => {
                for item in items {
                    item.expr.leaves(wanted == (item.sign != Sign::Excluded), found);
                }
            }
        }
    }

    /// The literals and regular expressions in order, and whether they are wanted.
    pub fn exacts(&self) -> Vec<(&Exact, bool)> {
        let mut out = Vec::new();
        self.each_leaf(&mut |leaf, wanted| {
            if let Leaf::Exact(exact) = leaf {
                out.push((exact, wanted));
            }
        });
        out
    }
}
