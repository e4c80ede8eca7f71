//! What sort of thing a query looks for: deterministic, from the query alone, and shown by `--explain`.
//!
//! | intent | when |
//! |---|---|
//! | `literal` | it has a literal or a regular expression |
//! | `listing` | it has filters alone |
//! | `path` | its one wanted piece is written like a file or directory |
//! | `symbol` | its one wanted piece is written like a name of code, or is one word |
//! | `natural-language` | everything else: several pieces, words that join others, numbers |
//!
//! A *piece* is what stands between white space and parentheses, without its sign; each counts once, in the order
//! written, and what is excluded does not count. So white space, parentheses that change nothing, filters and `case:`
//! never change an intent.
//!
//! **One plain word is a symbol.** `malloc` and `Config` are mostly typed to find what is called so, and a single
//! word gives no sentence to be read. Nothing is lost if prose was meant: an intent leaves no row out.
//!
//! | step | file |
//! |---|---|
//! | pieces of a query → intent, with its reason | `classify` |
//! | one piece → path, name, word, number | `shape` |

mod classify;
mod shape;

#[cfg(test)]
mod tests;

pub use classify::{Intent, IntentKind, keep_words_of, written_path};
pub use shape::without_type_arguments;
