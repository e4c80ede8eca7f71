//! `verify`: the health of the store, all of it, and what becomes of what is damaged.
//!
//! | file | holds |
//! |---|---|
//! | `report.rs` | the report: findings with their fate |
//! | `run.rs` | the survey, the objects, the report |
//! | `tables.rs` | what only those know who read tables: does it decode, do its rules hold, are its rows right |
//! | `fate.rs` | can the present trees make it again? |

mod report;

mod fate;
mod run;
mod tables;

pub use report::{
    Amount, Checked, Fate, PlaceUnit, Record, VerifyFinding, VerifyPlace, VerifyReport, VerifyRequest, What,
};
pub use run::run;
