//! The program end to end: what a person types, what comes out, and what stays on the disk.

mod across;
mod completions;
mod corpus;
mod deps;
mod failures;
mod federation;
mod first_use;
mod gc;
mod globbed;
mod graph;
mod hostile;
mod interrupt;
mod mistakes;
#[cfg(target_os = "linux")]
mod orphans;
mod output;
#[cfg(target_os = "linux")]
mod paging;
mod preview;
mod progress;
mod qualified;
mod queries;
mod rebuild;
mod revisions;
mod scale;
mod schemas;
mod shapes;
mod shared_cache;
mod shared_work;
mod snapshots;
mod stale;
mod stats;
mod store_health;
mod untrusted;
pub mod world;
