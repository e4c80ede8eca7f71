//! Configuration: what the user wrote, and what it means.
//!
//! A file goes through five steps, and every mistake of every file is collected on the way, so that one run
//! reports them all:
//!
//! 1. [`source`] reads it under the size limit; [`scan`] looks for nesting, aliases, tags, tabs and a second
//!    document before any parser sees the text.
//! 2. [`tree`] takes the values from `serde_yaml`; [`place`] gives each its place from the YAML grammar.
//! 3. [`read`] turns the tree into the types of [`written`]: every key known, every value of its type.
//! 4. [`resolve`] applies defaults, globs, names and parameters: [`Workspace`].
//! 5. [`load`] does this for the workspace file and for every pipeline that it names.
//!
//! Nothing here knows a node kind; `plan` checks the graph.

mod cache;
pub mod codes;
mod load;
mod mistake;
mod model;
mod name;
pub mod pattern;
mod place;
mod read;
mod resolve;
mod scan;
mod schema;
mod source;
mod tree;
pub mod written;

pub use cache::{CacheTrouble, check as check_cache};
pub use load::{FILE_NAME, PIPELINES_DIR, STATE_DIR, find, load, load_all};
pub use mistake::{Code, ConfigErrors, Label, Mistake, Place, SourceText, Span, headline, in_order};
pub use model::{
    Builds, Diffs, GitBuilds, Input, Inputs, Pipeline, PipelineNode, Repository, Scope, Setting, Settings, Snapshots,
    Unavailable, Workspace,
};
pub use name::{NAME_RULE, is_name, nearest_name};
pub use read::{Written, list};
pub use schema::{pipeline_schema, workspace_schema};

#[cfg(test)]
mod tests;
