//! `gc`: deletes what nothing needs, in two phases, and says what keeps an object.
//!
//! What is kept and why is the store's to say (`store/gc/`). Here stands what the workspace retains, and what is told.

mod error;
mod report;
mod run;
mod why;

pub use error::GcError;
pub use report::{Amount, GcKept, GcReport, GcRequest, GcStopped, GcUnknown};
pub use run::{GRACE, run};
pub use why::{GcHolder, GcHolderKind, GcKeeper, GcPlace, GcWhyReport, why};
