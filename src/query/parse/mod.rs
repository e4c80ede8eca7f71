//! The query language: text in, [`Query`] or an error with its place out. `docs/query.md` is the page for people.
//!
//! ```text
//! query    = { filter | case } & [ or ]          (* filters and case: anywhere outside OR and parentheses *)
//! or       = and { "OR" and }
//! and      = bag { "AND" bag }
//! bag      = item { item }
//! item     = ( "+" | "-" ) term | { "NOT" } term (* no space behind a sign *)
//! term     = word | literal | regex | "(" or ")"
//! filter   = ( "+" | "-" | { "NOT" } ) name ":" value
//! name     = "repo" | "path" | "lang" | "ext" | "mode" | "kind" | "sym" | "role" | "tag"
//! value    = bare | '"' { char | '\"' | '\\' } '"'
//! case     = "case:" ( "yes" | "no" | "smart" )
//! literal  = '"' { char | '\"' | '\\' } '"'      (* any other backslash is itself *)
//! regex    = "/" { char | "\/" | "\" char } "/"  (* syntax of the Rust crate regex *)
//! word     = bare                                (* cut into words as the index cuts text *)
//! bare     = { char }                            (* to white space, or a ")" that closes a group *)
//! ```
//!
//! **One reading of what stands side by side.** Things side by side are a *bag*, and a bag is one operand: NOT and
//! signs bind tightest, then standing side by side, then AND, then OR. `a b OR c` is `(a b) OR c`.
//!
//! **What holds.** A bag holds where all of its required and none of its excluded things hold and, if it requires
//! nothing, at least one of its words. In a bag bare words are wanted (they rank); literals, regular expressions and
//! groups are required. A wanted word that no index knows, such as `6` or `&`, is left out of a bag that wants or
//! requires something else; elsewhere it is a mistake.
//!
//! | step | file |
//! |---|---|
//! | text → tokens with places | `lex` |
//! | tokens → expression, filters, case | `read`, `filter` |
//! | words that no index knows, left out and told | `ignored` |
//! | the expression, its normal form, whether it holds | `expr`, `hold` |
//! | its words with their signs, for ranking | `ranked` |
//! | expression → text that reads as the same | `print` |

mod error;
mod expr;
mod filter;
mod hold;
mod ignored;
mod lex;
mod print;
mod ranked;
mod read;

#[cfg(test)]
mod tests;

pub use error::{Mistake, ParseError};
pub use expr::{Exact, ExactKind, Expr, Item, Leaf, Sign, WordLeaf};
pub use filter::{Filter, FilterKind, Meant, without_line};
pub use ignored::Ignored;
pub use ranked::Word;
pub use read::{Query, parse};
