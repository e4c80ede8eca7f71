//! Selectors: which repositories and nodes a command is about. `build`, `why` and `graph` share this grammar.
//!
//! ```text
//! argument = term { "," term }          every term must hold: an intersection
//! term     = [ "+" ] atom [ "+" ]       "+x": x and everything above it, what it needs;  "x+": and everything below
//! atom     = "repo:" NAME | "kind:" KIND | "tag:" TAG | "node:" NAME | REPO "/" NODE | NAME
//! ```
//!
//! A node of a pipeline of workspace scope is `PIPELINE/NODE`, or a NAME; nodes of repositories lie above it.
//!
//! Several arguments are a union, as dbt has it. A bare NAME is a node or a repository; where it is both, the command
//! asks. What selects nothing is an error: a slip of the pen must not look like a job done.

mod choose;
mod error;
mod read;
mod selection;

pub use choose::select;
pub use error::SelectError;
pub use selection::Selection;

#[cfg(test)]
mod tests;
