//! The words of a query with their signs, as ranking looks them up.

use super::expr::{Expr, Item, Leaf, Sign, WordLeaf};

/// A word with the terms that the index knows it by.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Word {
    pub text: String,
    pub sign: Sign,
    /// The whole word, then its parts; never empty.
    pub terms: Vec<String>,
}

/// The words of `expr` in order, each whole term once as wanted and once as excluded, and whether the signs say all
/// that the expression asks: if not, chunks that hold the words as signed must still be held against it.
pub fn words(expr: &Expr) -> (Vec<Word>, bool) {
    let mut words = Words { out: Vec::new(), all: true };
    match expr {
        // Alone, a word is wanted, and a part of it is better than nothing.
        Expr::Leaf(Leaf::Word(word)) => words.add(word, Sign::Any),
        other => words.required(other),
    }
    (words.out, words.all)
}

struct Words {
    out: Vec<Word>,
    all: bool,
}

impl Words {
    fn add(&mut self, word: &WordLeaf, sign: Sign) {
        let excluded = sign == Sign::Excluded;
        let same = |w: &&mut Word| w.terms.first() == word.terms.first() && (w.sign == Sign::Excluded) == excluded;
        match self.out.iter_mut().find(same) {
            None => self.out.push(Word { text: word.text.clone(), sign, terms: word.terms.clone() }),
            Some(known) if known.sign == Sign::Any => known.sign = sign,
            Some(_) => {}
        }
    }

    /// What must hold.
    fn required(&mut self, expr: &Expr) {
        match expr {
            Expr::Leaf(Leaf::Word(word)) => self.add(word, Sign::Required),
            Expr::Not(inner) => self.excluded(inner),
            Expr::And(parts) => {
                for part in parts {
                    // Two bags that each want any of their words are more than one that does.
                    self.all &= !wants_any(part);
                    self.required(part);
                }
            }
            Expr::Bag(items) => self.bag(items),
            Expr::Leaf(Leaf::Exact(_)) | Expr::Or(_) => self.only_ranked(expr),
        }
    }

    fn bag(&mut self, items: &[Item]) {
        for item in items {
            match (item.sign, &item.expr) {
                (Sign::Any, Expr::Leaf(Leaf::Word(word))) => self.add(word, Sign::Any),
                (Sign::Excluded, expr) => self.excluded(expr),
                (_, expr) => {
                    // Beside a group that only excludes, words need not be there, and no sign says so.
                    self.all &= !wants_any(expr) && !only_excludes(expr);
                    self.required(expr);
                }
            }
        }
    }

    /// What must not hold: none of several words can be told by signs, all of several cannot.
    fn excluded(&mut self, expr: &Expr) {
        match expr {
            Expr::Leaf(Leaf::Word(word)) => self.add(word, Sign::Excluded),
            Expr::Or(parts) => parts.iter().for_each(|part| self.excluded(part)),
            Expr::Bag(items) if wants_any(expr) && items.iter().all(|item| item.sign == Sign::Any) => {
                for item in items {
                    self.excluded(&item.expr);
                }
            }
            _ => self.only_ranked_negated(expr),
        }
    }

    /// The wanted words rank; whether the expression holds must be asked.
    fn only_ranked(&mut self, expr: &Expr) {
        self.all = false;
        expr.each_leaf(&mut |leaf, wanted| {
            if let (Leaf::Word(word), true) = (leaf, wanted) {
                self.add(word, Sign::Any);
            }
        });
    }

    fn only_ranked_negated(&mut self, expr: &Expr) {
        self.all = false;
        expr.each_leaf(&mut |leaf, wanted| {
            if let (Leaf::Word(word), false) = (leaf, wanted) {
                self.add(word, Sign::Any);
            }
        });
    }
}

/// A bag that wants any of its words.
fn wants_any(expr: &Expr) -> bool {
    matches!(expr, Expr::Bag(items) if items.iter().all(|item| item.sign != Sign::Required)
        && items.iter().any(|item| item.sign == Sign::Any))
}

/// Does it hold where there is nothing?
fn only_excludes(expr: &Expr) -> bool {
    match expr {
        Expr::Not(_) => true,
        Expr::And(parts) => parts.iter().all(only_excludes),
        Expr::Bag(items) => items.iter().all(|item| match item.sign {
            Sign::Excluded => true,
            Sign::Required => only_excludes(&item.expr),
            Sign::Any => false,
        }),
        Expr::Leaf(_) | Expr::Or(_) => false,
    }
}
