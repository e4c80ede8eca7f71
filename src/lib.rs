//! Sawmill: source trees in, Parquet out.
//!
//! `docs/architecture.md` draws the house; each folder's `mod.rs` says what lives there.

pub mod base;
pub mod config;
pub mod engine;
pub mod nodes;
pub mod ops;
pub mod plan;
pub mod query;
pub mod source;
pub mod store;
pub mod table;
