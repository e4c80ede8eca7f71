//! `doctor`: is everything here that Sawmill relies on? One line a check, each with its next step.
//!
//! | file | holds |
//! |---|---|
//! | `report.rs` | a check and its state |
//! | `run.rs` | the workspace, its repositories, the versions; which checks there are |
//! | `machine.rs` | locks and what the file systems promise |
//! | `standing.rs` | HEAD, links, temporaries, quarantine |
//!
//! Nothing is created but a scratch directory in `tmp`, which is removed again.

mod report;

mod machine;
mod run;
mod standing;

pub use report::{Check, DoctorReport, State};
pub use run::run;
