//! Node kinds: one folder per kind, pure functions from bytes and tables to tables.
//!
//! `kind: chunk` in YAML **is** `chunk/`. A room has the furniture that `docs/adding-a-node.md` lists; adding a
//! kind is copying a folder and adding one line to [`KINDS`]. Kinds of [`HISTORY`] are steps of `after:`: their rooms hold
//! parameters, and a store does the rest.

pub mod chunk;
pub mod diff;
pub mod extract;
pub mod federate;
mod given;
pub mod history;
pub mod index;
pub mod kind;
pub mod names;
mod offer;
pub mod resolution;
mod sandbox;
pub mod snapshot;
pub mod workspace;

/// The versions of these crates whose types stand in [`Kind`].
pub use {schemars, serde_json};

pub use history::HistoryKind;
pub use kind::{Content, FileSlot, Kind, MergeTask, NodeError, Output, ParamError, Params, Port, Task};
pub use names::{Definition, EXAMPLE, Names};
pub use offer::tables;
pub use resolution::{
    Before, Binding, Enclosing, Extent, Reference, References, ReferringFile, Relation, Resolution, ResolveTask,
    SeenBy, Within,
};

pub use workspace::{LinkTask, PartTask, Selects, WholeTask, WorkspaceKind};

pub use sandbox::{Accept, Denied, Question, Sandbox};

/// Every kind of step, by name.
pub static HISTORY: &[&HistoryKind] = &[&diff::KIND, &snapshot::KIND];

/// Every kind of pipelines of workspace scope, by name.
pub static WORKSPACE: &[&dyn WorkspaceKind] = &[&federate::KIND];

/// Every built-in kind, in the order of the data flow.
pub static KINDS: &[&dyn Kind] = &[&extract::KIND, &chunk::KIND, &index::KIND];
