//! `preview`: what a node makes of one file, without a build and without a store.
//!
//! [`find`] decides which repository's file is meant and asks a scan for it, [`error`] says why there may be none,
//! and [`run()`] has the engine make the tables in memory.

mod error;
mod find;
mod run;

pub use error::PreviewError;
pub use run::{PreviewChoice, PreviewReport, PreviewRequest, run};
