//! The engine from the outside: real trees, real kinds, a real store.

mod answers;
mod apart;
mod committed;
mod determinism;
mod differences;
mod doubles;
mod exact;
mod failing;
mod federation;
mod federation_fails;
mod feeds;
mod forecast;
mod git_diff;
mod healing;
mod healing_all;
mod incremental;
mod leaks;
mod ledger;
mod many;
mod nullcheck;
mod parts;
mod preview;
mod relations;
mod standing;
mod trees;
