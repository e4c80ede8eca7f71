//! Kinds of pipelines of workspace scope: what many repositories make together.
//!
//! Such a kind works in three steps, each of which depends on less than the whole. Its **part** reads the tables of one
//! segment of one repository. Its **whole** reads what the parts of all repositories gave that the workspace must know
//! together, which is little. Its **link** of a repository reads the parts of that repository, and of the whole the rows
//! of the names that they ask for. So an edit in one repository costs its own segment, and of the others nothing but
//! the links that ask for a name whose rows moved.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value};

use super::kind::{NodeError, Output, ParamError, Params, Port};
use crate::base::Cancel;
use crate::table::{Batch, TableSchema};

/// Which repositories take part: those of `names` and those that have one of `tags`; all, where both are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selects {
    /// Lower-case.
    pub tags: BTreeSet<String>,
    pub names: BTreeSet<String>,
}

impl Selects {
    /// Does a repository of this name and with these tags take part?
    pub fn takes(&self, name: &str, tags: &[String]) -> bool {
        (self.tags.is_empty() && self.names.is_empty())
            || self.names.contains(name)
            || tags.iter().any(|tag| self.tags.contains(tag))
    }
}

/// Work on one segment of a repository.
#[derive(Debug)]
pub struct PartTask<'a> {
    /// Table of the port → the pieces of the segment, in order.
    pub tables: &'a BTreeMap<&'static str, Vec<Batch>>,
    pub cancel: &'a Cancel,
}

impl PartTask<'_> {
    /// The pieces of `table`.
    pub fn pieces(&self, table: &str) -> &[Batch] {
        self.tables.get(table).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Work on all repositories.
#[derive(Debug)]
pub struct WholeTask<'a> {
    /// Repository → the first table of the parts of each of its segments.
    pub repositories: &'a BTreeMap<String, Vec<Batch>>,
    pub cancel: &'a Cancel,
}

/// Work on one repository.
#[derive(Debug)]
pub struct LinkTask<'a> {
    pub repository: &'a str,
    /// The second table of the parts of each of its segments.
    pub parts: &'a [Batch],
    /// Of the whole's table the rows of the names that were asked for.
    pub found: &'a Batch,
    pub cancel: &'a Cancel,
}

/// A kind of workspace scope.
pub trait WorkspaceKind: Send + Sync {
    /// The word in YAML; also the name of the kind's folder.
    fn name(&self) -> &'static str;

    /// One line for people.
    fn summary(&self) -> &'static str;

    /// Rises whenever equal tasks could give other bytes.
    fn format(&self) -> u32;

    /// What it takes of each repository.
    fn port(&self) -> &'static Port;

    fn param_schema(&self) -> schemars::Schema;

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>>;

    /// Which repositories take part. That is all that parameters may say: no task has them.
    fn selects(&self, params: &Params) -> Selects;

    /// The two tables of a part: what the whole reads, and what the repository's link reads.
    fn part_tables(&self) -> [&'static TableSchema; 2];

    /// The table of the whole. It is looked up by its first column.
    fn whole_table(&self) -> &'static TableSchema;

    /// The table of a link.
    fn link_table(&self) -> &'static TableSchema;

    fn part(&self, task: &PartTask<'_>) -> Result<[Output; 2], NodeError>;

    fn whole(&self, task: &WholeTask<'_>) -> Result<Output, NodeError>;

    /// What a link asks the whole for: values of its first column, sorted, each once.
    fn wanted(&self, parts: &[Batch]) -> Result<Vec<String>, NodeError>;

    /// Of rows of the whole's table those that were asked for, and no other.
    fn narrow(&self, wanted: &[String], found: &Batch) -> Result<Batch, NodeError>;

    fn link(&self, task: &LinkTask<'_>) -> Result<Output, NodeError>;
}

impl fmt::Debug for dyn WorkspaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.name(), self.format())
    }
}
