//! Snapshots: made, tagged, frozen, pruned and removed; through faults, flips and power cuts.

mod fixture;

mod faults;
mod frozen;
mod pointer;
mod prune;
