//! `why`: what ran and for which reason, up to the root cause; or what would run now.
//!
//! | file | holds |
//! |---|---|
//! | `ask.rs` | the request, the report, and finding the run that answers |
//! | `target.rs` | whether a word means a file |
//! | `roots.rs` | from an action back to what moved first |

mod ask;
mod roots;
mod target;

pub use ask::{AskedPath, RunSeen, WhyAction, WhyReport, WhyRequest, run, with_roots};
pub use roots::Root;
pub use target::file;
