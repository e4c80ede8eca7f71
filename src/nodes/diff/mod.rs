//! `diff`: what changed between two moments.
//!
//! **What.** A step of `after:`: every promoted build is compared with an earlier moment.

mod params;

pub use params::{DiffParams, KIND};
