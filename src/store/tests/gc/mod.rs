//! Garbage collection: what goes, what never does, and what a failure leaves.

mod faults;
mod fixture;
mod kept;
mod model;
mod phases;
mod workspaces;
