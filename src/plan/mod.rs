//! The plan: configuration × kinds → a checked graph.

mod model;

pub use model::{Plan, PlannedInput, PlannedNode, RepoPlan};
