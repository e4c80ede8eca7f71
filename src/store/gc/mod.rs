//! Garbage collection: what nothing needs is condemned, and deleted later if nothing needs it still.
//!
//! **What is kept.** HEAD, the generation before it, what `latest` shows, what `builds:` retains, what a reader holds
//! the lease of; what snapshots point to; builds of commits within their retention; and everything that the records of
//! the other workspaces name that are registered in the cache. Never taken: snapshots, diffs, the ledger, decisions,
//! stat caches.
//!
//! **Two phases.** A collection writes what nothing needs to `condemned.json`, with the time. A later one deletes what
//! was condemned by an earlier one, at least the grace period ago, and is not needed at that moment either: the plan is
//! made anew, under the locks of cache and workspace, so that no build runs. What is needed again is off the list.
//! What still stands, condemned or not, names nothing that is gone: an object goes with the last record that names it,
//! or after.
//!
//! **Order.** The lists of the condemned; generations and commits, each under its lease; builds, lists, leases; a
//! sync; memo entries; objects. A run that ends anywhere leaves records that can be read and objects that nothing
//! needs. A memo entry whose object is gone is a miss.
//!
//! **What cannot be read.** Where a record that counts cannot be read, nothing is condemned or deleted that it may
//! need, and that is told.
//!
//! | file | holds |
//! |---|---|
//! | `item.rs` | what can go, and its name in the lists |
//! | `condemned.rs` | the lists of the condemned |
//! | `retention.rs` | which generations are kept |
//! | `plan.rs` | what is condemned, and what of it is due; `stock.rs` looks at what stands |
//! | `run.rs` | doing it |
//! | `why.rs` | what keeps an object |

mod condemned;
mod item;
mod retention;

mod plan;
mod stock;

mod run;

mod why;

pub use super::reach::{Holder, Kept};
pub use item::{Item, Sort};
pub use plan::{CommitKey, Condemned, Expired, GcPlan, GcRequest, KeptAmount};
pub use retention::KeepBuilds;
pub use run::{GcDone, GcLimits, GcStop};
pub use why::{Keeper, KeeperPlace, Named as NamedObject, WhyKept};
