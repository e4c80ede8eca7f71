//! The store as a whole, on a memory file system. `fixture.rs` has the scenario; the other files are named after
//! what they try.

mod clear;
mod crash;
mod damage;
mod faults;
mod fixture;
mod gc;
mod gitbuild;
mod memo;
mod moments;
mod objects;
mod publish;
mod refs;
mod snapshots;
mod views;
