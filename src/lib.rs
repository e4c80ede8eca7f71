//! Sawmill: source trees in, Parquet out.
//!
//! The program `sawmill` is a thin shell around this library: every command is an operation in [`ops`], from a plain
//! request to a plain report. A workspace is built and one of its tables read like this:
//!
//! ```
//! use std::sync::Arc;
//!
//! use sawmill::base::{Cancel, clock::SystemClock, vfs::real::RealFs};
//! use sawmill::ops::{Context, build, show};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # let dir = dir.path();
//! # std::fs::create_dir_all(dir.join("pipelines"))?;
//! # std::fs::create_dir_all(dir.join("api"))?;
//! std::fs::write(dir.join("workspace.yaml"), "
//! version: 1
//! name: example
//! pipeline: code
//! repos:
//!   - { name: api, root: api }
//! ")?;
//! std::fs::write(dir.join("pipelines/code.yaml"), "
//! version: 1
//! name: code
//! nodes:
//!   extract: { kind: extract }
//!   chunk: { kind: chunk, inputs: { outline: extract } }
//! ")?;
//! std::fs::write(dir.join("api/lib.rs"), "pub fn answer() -> u32 {\n    42\n}\n")?;
//!
//! let file = dir.join("workspace.yaml");
//! let context = Context::new(Arc::new(RealFs), Arc::new(SystemClock), Cancel::new(), file);
//! let report = build::run(&context, &build::BuildRequest::default(), Arc::new(|_event| {}))?;
//! assert!(report.ok);
//!
//! let request = show::ShowRequest { table: "symbols".into(), ..show::ShowRequest::default() };
//! let answer = show::run(&context, &request)?.answer;
//! assert_eq!(answer.rows[0]["name"], "answer");
//! # Ok(())
//! # }
//! ```
//!
//! Kinds of nodes from other crates go into [`ops::Context::kinds`]; `docs/adding-a-node.md` walks through two of them.
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
pub mod worker;
