//! Whether an expression holds, and what is in it.

use super::expr::{Exact, Expr, Leaf, Sign};
use crate::query::grams::Plan;

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
