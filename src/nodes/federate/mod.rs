//! `federate`: the repositories of a workspace as one thing.
//!
//! **What.** Which packages each repository declares, and where imports lead that the repository itself cannot answer.
//! (The manifest of the workspace and the table `members` come from the records of the builds, so the engine writes
//! them.) **In.** Of each repository an index: its `definitions` and `relations`. **Out.** `provides` and `imports` of each
//! segment, `packages` of the workspace, `links` of each repository.
//!
//! A link is never a guess: what two repositories declare leads nowhere, and what the repository can answer itself is
//! none.
//!
//! | file | holds |
//! |---|---|
//! | `params.rs` | which repositories take part |
//! | `ecosystem.rs` | languages whose packages have names, and what an import of them may name |
//! | `part.rs` | what a segment declares and asks for |
//! | `packages.rs` | packages by name, over a repository |
//! | `links.rs` | from an import to the package that it names |
//! | `run.rs` | the kind |

mod ecosystem;
mod links;
mod packages;
mod params;
mod part;
mod run;

pub use params::{FederateParams, Select};
pub use run::KIND;

#[cfg(test)]
mod tests;
