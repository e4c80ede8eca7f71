//! Reading a workspace: ranked search, walks along relations, and scans of whole tables.
//!
//! Everything here works on one generation that somebody pinned, through the small door [`Pieces`]; nothing here
//! writes, and nothing knows the engine.

mod cache;
pub mod deps;
pub mod diff;
mod error;
pub mod federation;
pub mod grams;
pub mod parse;
mod pieces;
mod pinned;
pub mod scan;
pub mod search;

#[cfg(test)]
mod testing;

pub use cache::Cache;
pub use error::QueryError;
pub use parse::{ParseError, Query};
pub use pieces::{Pieces, RepoEntry};
pub use pinned::{OfWorkspace, WithWorkspace};
pub use search::{Hit, SearchAnswer, SearchRequest, search, search_with};
