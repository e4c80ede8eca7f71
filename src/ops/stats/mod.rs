//! `stats`: counts and bytes by table, mode and repository, and parse health.
//!
//! Counts come from the manifests and health from the tables `files` of the pinned generation: both are part of what
//! was built, so they change with a build and with nothing else.
//!
//! | file | holds |
//! |---|---|
//! | `run.rs` | request and report |
//! | `least.rs` | the health that is asked for, and the error where it is not reached |
//! | `draw.rs` | the report as a picture: health by language, size by table |

mod draw;
mod least;
mod run;

pub use crate::query::scan::{
    Failure, Health, LanguageHealth, ParseStatus, Percent, RepoStats, StatsAnswer, TableStats,
};
pub use draw::svg;
pub use least::{BelowHealth, LeastHealth, NoPercentage};
pub use run::{StatsReport, StatsRequest, run};

/// How files without a language are named to people; no language has this name.
pub const NO_LANGUAGE: &str = "(none)";

#[cfg(test)]
mod tests;
