//! The kind.

use serde_json::{Map, Value};

use super::params::FederateParams;
use super::{links, packages, part};
use crate::nodes::kind::{NodeError, Output, ParamError, Params, Port};
use crate::nodes::workspace::{LinkTask, PartTask, Selects, WholeTask, WorkspaceKind};
use crate::table::schema::{IMPORTS, ImportRow, LINKS, PACKAGES, PROVIDES, PackageRow, ProvideRow};
use crate::table::{Batch, Row, TableSchema};

/// Rises whenever equal tasks could give other bytes. History: 1, the first.
const FORMAT: u32 = 1;

static PORT: Port = Port {
    name: "indexes",
    doc: "nodes of kind `index`, as `pipeline/node`: of every repository of that pipeline",
    tables: &["definitions", "relations"],
    required: true,
};

/// `federate`.
#[derive(Debug)]
pub struct Federate;

/// The kind.
pub static KIND: Federate = Federate;

impl WorkspaceKind for Federate {
    fn name(&self) -> &'static str {
        "federate"
    }

    fn summary(&self) -> &'static str {
        "makes many repositories one: their manifest, their packages, and where imports lead from one to another"
    }

    fn format(&self) -> u32 {
        FORMAT
    }

    fn port(&self) -> &'static Port {
        &PORT
    }

    fn param_schema(&self) -> schemars::Schema {
        schemars::schema_for!(FederateParams)
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        Params::parse::<FederateParams>(given)
    }

    fn selects(&self, params: &Params) -> Selects {
        let select = params.get::<FederateParams>().map(|params| params.select.clone()).unwrap_or_default();
        Selects { tags: select.tags, names: select.names }
    }

    fn part_tables(&self) -> [&'static TableSchema; 2] {
        [&PROVIDES, &IMPORTS]
    }

    fn whole_table(&self) -> &'static TableSchema {
        &PACKAGES
    }

    fn link_table(&self) -> &'static TableSchema {
        &LINKS
    }

    fn part(&self, task: &PartTask<'_>) -> Result<[Output; 2], NodeError> {
        task.cancel.check()?;
        let provides = Batch::of(&part::provides(task.pieces("definitions"))?)?;
        task.cancel.check()?;
        let imports = Batch::of(&part::imports(task.pieces("relations"))?)?;
        Ok([Output::new(provides), Output::new(imports)])
    }

    fn whole(&self, task: &WholeTask<'_>) -> Result<Output, NodeError> {
        let mut found: Vec<PackageRow> = Vec::new();
        for (repository, parts) in task.repositories {
            task.cancel.check()?;
            found.extend(packages::packages(repository, &rows::<ProvideRow>(parts)?));
        }
        Ok(Output::new(Batch::of(&packages::in_order(found))?))
    }

    fn wanted(&self, parts: &[Batch]) -> Result<Vec<String>, NodeError> {
        Ok(links::wanted(&rows::<ImportRow>(parts)?))
    }

    fn narrow(&self, wanted: &[String], found: &Batch) -> Result<Batch, NodeError> {
        let rows = found.rows::<PackageRow>()?;
        let rows: Vec<PackageRow> = rows.into_iter().filter(|row| wanted.binary_search(&row.name).is_ok()).collect();
        Ok(Batch::of(&rows)?)
    }

    fn link(&self, task: &LinkTask<'_>) -> Result<Output, NodeError> {
        task.cancel.check()?;
        let found = task.found.rows::<PackageRow>()?;
        let known = links::known(&found);
        let imports = rows::<ImportRow>(task.parts)?;
        let mut made: Vec<_> =
            imports.iter().filter_map(|import| links::link(task.repository, import, &known)).collect();
        made.sort_by(|a, b| (&a.path, a.line, &a.target_name).cmp(&(&b.path, b.line, &b.target_name)));
        Ok(Output::new(Batch::of(&made)?))
    }
}

/// The rows of all pieces.
fn rows<R: Row>(pieces: &[Batch]) -> Result<Vec<R>, NodeError> {
    let mut all = Vec::new();
    for piece in pieces {
        all.extend(piece.rows::<R>()?);
    }
    Ok(all)
}
