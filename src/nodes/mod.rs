//! Node kinds: one folder per kind, pure functions from bytes and tables to tables.
//!
//! `kind: chunk` in YAML **is** `chunk/`. A room has the furniture that `docs/adding-a-node.md` lists; adding a
//! kind is copying a folder and adding one line to [`KINDS`].

pub mod chunk;
pub mod diff;
pub mod extract;
mod given;
pub mod index;
pub mod kind;
pub mod names;
mod offer;
pub mod resolution;
mod sandbox;

/// The versions of these crates whose types stand in [`Kind`].
pub use {schemars, serde_json};

pub use kind::{Content, FileSlot, Kind, MergeTask, NodeError, Output, ParamError, Params, Port, Task};
pub use names::{Definition, EXAMPLE, Names};
pub use offer::tables;
pub use resolution::{
    Before, Binding, Enclosing, Extent, Reference, References, ReferringFile, Relation, Resolution, ResolveTask,
    SeenBy, Within,
};

pub use sandbox::{Accept, Denied, Question, Sandbox};

/// Every built-in kind, in the order of the data flow.
pub static KINDS: &[&dyn Kind] = &[&extract::KIND, &chunk::KIND, &index::KIND];
