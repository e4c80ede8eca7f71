//! Relations: what a chunk calls, imports, uses, extends and implements, and where that is defined.
//!
//! ```text
//! outline, chunks ─ collect ─▶ References ─┬─ defined ─▶ definitions, mentions   (per shard, merged per segment)
//!                                          └─ resolve ◀─ Names                   (per shard, over the repository)
//! ```
//!
//! A reference is resolved by rules that a reader of the language would follow: the scope around it, the file, the
//! files that it imports, the package, and for languages whose functions are global the one definition that the
//! repository has. Where no rule tells, it is `ambiguous`, and where there is no definition, `unresolved`: a relation
//! is never a guess.
//!
//! | file | holds |
//! |---|---|
//! | `collect.rs` | the references of a shard's files |
//! | `defined.rs` | what a shard defines, and which names it mentions |
//! | `merge.rs` | shards to a segment, and back |
//! | `rules.rs` | what each language's rules are |
//! | `imports.rs` | an import as written → the paths that it may mean |
//! | `resolve.rs` | references and definitions → relations |

mod collect;
mod defined;
mod imports;
mod merge;
mod resolve;
mod rules;
#[cfg(test)]
mod tests;

pub use collect::references;
pub use defined::{definitions, mentions};
pub use merge::{merge_definitions, merge_mentions, split_definitions, split_mentions};
pub use resolve::{resolve, wanted};
