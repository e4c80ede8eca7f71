//! The plan: configuration × kinds → a checked graph.
//!
//! The kinds are checked together ([`kinds`]). Each pipeline is checked once: its kinds and steps ([`check`]), its edges ([`edges`], of the workspace [`federate`]), its order ([`order`]). Each
//! repository then gets its own copy with its own parameters, and the digests that decide what is worked on
//! again ([`digest`]). All mistakes are reported at once, each with its place in the file that has it. [`select()`]
//! says which repositories and nodes a command is about.

mod check;
pub mod codes;
mod compile;
mod digest;
mod edges;
mod federate;
mod keep;
mod kinds;
mod model;
mod order;
mod params;
mod select;
mod steps;

pub use codes::COHORTS;
pub use compile::{PlanErrors, compile};
pub use model::{Plan, PlannedInput, PlannedMember, PlannedNode, PlannedStep, RepoPlan, WorkspaceNode};
pub use select::{SelectError, Selection, select};
pub use steps::WantedStep;

#[cfg(test)]
pub mod doubles;
#[cfg(test)]
mod tests;
