//! `failures`: what fails now, what failed, and a failing file as a test case.
//!
//! HEAD's `files` tables are the truth about what fails now; the ledger gives the lines around an error and when it was first
//! seen ([`find`]). Where the ledger has no row for that content, the lines are read from the working tree, if it still has
//! it ([`context`]). [`case`] writes the input of a failure and what is known of it to a directory.

mod case;
mod context;
mod error;
mod find;
mod report;
mod run;

pub use super::ground::FileAsked;
pub use case::SavedCase;
pub use error::CaseError;
pub use report::{FailureContext, FailureSeen, FailuresReport, FailuresRequest};
pub use run::run;
