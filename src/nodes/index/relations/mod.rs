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
//! | `rules.rs` | what each language's rules are |
//! | `words.rs` | words that name nothing: keywords, literals, builtins |
//! | `around.rs`, `locals.rs` | what stands before a name; parameters, where the outline marks no local names |
//! | `bindings.rs` | the names that an import gives |
//! | `collect.rs`, `enclosing.rs` | the references of a shard's files, and what stands around each |
//! | `defined.rs`, `manifests.rs` | what a shard defines, packages included, and which names it mentions |
//! | `merge.rs` | shards to a segment, and back |
//! | `imports.rs`, `crates.rs` | an import as written → the paths that it may mean |
//! | `modules.rs` | what a file imports, resolved |
//! | `kinds.rs` | what kinds, paths and qualified names say |
//! | `handed.rs` | names that files hand on from others |
//! | `symbols.rs`, `scopes.rs`, `exports.rs`, `paths.rs`, `placed.rs` | a name → the symbol: by scope, by import, by what an import hands on, by the path of a crate's modules |
//! | `levels.rs`, `members.rs`, `lineage.rs` | the scopes around a reference, what they have, and what types inherit |
//! | `namespaces.rs` | types of C# and constants of Ruby, by the namespaces around a reference |
//! | `packages.rs` | packages of Java and its kin |
//! | `headers.rs` | what files of C include |
//! | `resolve.rs` | references and definitions → relations |

mod around;
mod bindings;
mod collect;
mod crates;
mod defined;
mod enclosing;
mod exports;
mod handed;
mod headers;
mod imports;
mod kinds;
mod levels;
mod lineage;
mod locals;
mod manifests;
mod members;
mod merge;
mod modules;
mod namespaces;
mod packages;
mod paths;
mod placed;
mod resolve;
mod rules;
mod scopes;
mod symbols;
#[cfg(test)]
mod tests;
mod words;
mod written;

pub use collect::references;
pub use defined::{definitions, mentions};
pub use merge::{merge_definitions, merge_mentions, split_definitions, split_mentions};
pub use resolve::{resolve, wanted};
pub use words::digest;
