//! Verification: all damage of a store, as values. Nothing is repaired here and nothing stops at the first finding.
//!
//! | file | holds |
//! |---|---|
//! | `finding.rs` | what is wrong with which stored file |
//! | `survey.rs` | what was looked at, and which objects the manifests name |
//! | `walk.rs` | HEAD, generations, roots and lists |
//! | `moments.rs` | snapshots, builds of commits, diffs |
//! | `loose.rs` | what stands beside them: formats, memo, registrations |
//! | `links.rs` | `latest` and the views |
//! | `objects.rs` | one object against its name, its size and its block hashes |
//! | `census.rs` | what nothing names, what was left half-written, what was set aside |
//!
//! What an object means, its rows and whether it can be made again, is for those who know tables and sources.

mod finding;
mod survey;

mod walk;

mod moments;

mod links;
mod loose;

mod objects;

mod census;

pub(super) use census::StoredFile;
pub use census::{Amount, Census};
pub use finding::{Finding, Record, What};
pub use loose::StatCacheBytes;
pub use survey::{Named, Place, PlaceUnit, Survey};
