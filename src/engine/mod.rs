//! The engine: what writes.
//!
//! A [`build`](build::build) scans the repositories, asks a salsa database for their segments, and promotes the
//! result. Reading order: [`event`] (what it tells), [`failure`] (why it stops), [`key`] (what an action is),
//! [`db`] and [`queries`] (the incremental graph), [`action`] (doing the work), [`world`] (memo and store),
//! [`heal`] (damage), [`federation`] (nodes of the workspace), [`drive`] (threads), [`scan`], [`assemble`], [`standing`] (what is promoted) and
//! [`build`](mod@build) (a run from end to end), [`committed`] (one over commits). [`preview`](mod@preview) runs nodes over one file, beside all of that.
//!
//! This folder owns salsa and rayon. It knows no YAML, no terminal and no socket.

pub mod action;
pub mod assemble;
pub mod build;
mod committed;
mod crew;
pub mod currency;
pub mod db;
mod decisions;
mod desk;
pub mod drive;
pub mod dry;
pub mod event;
pub mod exports;
pub mod failure;
mod federation;
pub mod heal;
pub mod key;
pub mod ledger;
pub mod preview;
pub mod queries;
pub mod reason;
pub mod report;
mod room;
mod sandbox;
pub mod scan;
pub mod services;
pub mod standing;
mod waiting;
mod work;

pub mod world;

pub use assemble::outline;
pub use build::build;
pub use committed::{CommitOutcome, build_committed};
pub use currency::{Currency, currency, node_currency};
pub use decisions::{Decision, Decisions};
pub use dry::{Outlook, RepoOutlook, dry_run};
pub use event::{ActionDone, Event, Listener, Outcome, Unit};
pub use failure::Failure;
pub use federation::{WorkspaceOutcome, WorkspaceOutlook};
pub use ledger::{FailedRun, RunRecord};
pub use reason::{Change, Forecast, LostArtifact, Moved, Reason, Recorded};
pub use report::{BuildOutcome, RepoOutcome, Tally};
pub use scan::explain;
pub use services::Services;
pub use standing::Display;
pub use work::BuildOptions;
