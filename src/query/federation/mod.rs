//! Many repositories as one: which of them a search takes, what each of them can give, and which scores may meet.
//!
//! Everything here works on the first levels of builds: no list of segments and no object is opened.
//!
//! | file | holds |
//! |---|---|
//! | `roster.rs` | the repositories that are meant, in order, and what became of their builds |
//! | `cohorts.rs` | per mode, the cohort that is searched, and who is left out |
//! | `wanted.rs` | `--cohort [mode:]KEY` |
//! | `warning.rs` | what is told beside an answer |

mod cohorts;
mod roster;
mod wanted;
mod warning;

#[cfg(test)]
mod tests;

pub use cohorts::{CohortChoice, Decision, LeftOut, Mixing, Voter, decide};
pub use roster::{Roster, Seat, Wish};
pub use warning::Warning;
