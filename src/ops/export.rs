//! `export chunks`: a feed for vector stores and language models, exact and resumable.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::base::Tier;
use crate::nodes::diff::FORMAT;
use crate::query::QueryError;
use crate::query::diff::feed;
pub use crate::query::diff::{FeedOptions, FeedTotals};
use crate::query::scan::json_rows;
use crate::table::schema::FeedRow;
use crate::table::{Batch, encode_rows};

use super::at::{At, AtReport, Moment};
use super::context::Context;
use super::error::OpsError;

/// What to export.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// The moment that the reader of the feed has; none: nothing yet.
    pub since: Option<At>,
    /// The moment that it is to have.
    pub to: At,
    pub options: FeedOptions,
}

/// What was exported.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExportReport {
    /// None where the feed starts from nothing.
    pub since: Option<AtReport>,
    /// What to give as `--since` the next time: its `resolved`.
    pub to: AtReport,
    #[serde(flatten)]
    pub totals: FeedTotals,
    /// FORMAT of feeds.
    pub format: u32,
    /// The rows, where no file was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<Vec<Map<String, Value>>>,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("cannot write `{}`", path.display())]
#[diagnostic(code(sawmill::export::write), help("check the directory and the space there; nothing is left behind"))]
pub struct ExportError {
    path: PathBuf,
    #[source]
    source: io::Error,
}

impl ExportError {
    pub fn tier(&self) -> Tier {
        Tier::Environment
    }
}

/// Both moments, held while a feed is written.
pub struct Export {
    since: Option<Moment>,
    to: Moment,
    options: FeedOptions,
}

/// Finds the moments; reads no table yet.
pub fn open(context: &Context, request: &ExportRequest) -> Result<Export, OpsError> {
    let workspace = context.workspace()?;
    let since = request.since.as_ref().map(|at| at.pin(context, &workspace)).transpose()?;
    let to = request.to.pin(context, &workspace)?;
    Ok(Export { since, to, options: request.options.clone() })
}

impl Export {
    /// Hands every row to `sink`, as JSON without what has no value, until it returns `false`.
    pub fn lines(
        &self,
        context: &Context,
        mut sink: impl FnMut(Map<String, Value>) -> bool,
    ) -> Result<ExportReport, OpsError> {
        let mut failed = None;
        let totals = self.run(context, &mut |row| match line(row) {
            Ok(line) => sink(line),
            Err(error) => {
                failed = Some(error);
                false
            }
        })?;
        match failed {
            Some(error) => Err(error.into()),
            None => Ok(self.report(totals, None)),
        }
    }

    /// The report with the rows in it.
    pub fn whole(&self, context: &Context) -> Result<ExportReport, OpsError> {
        let mut rows = Vec::new();
        let report = self.lines(context, |row| {
            rows.push(row);
            true
        })?;
        Ok(ExportReport { rows: Some(rows), ..report })
    }

    /// The rows as a Parquet file of the table `feed`.
    pub fn parquet(&self, context: &Context) -> Result<(Vec<u8>, ExportReport), OpsError> {
        let mut rows: Vec<FeedRow> = Vec::new();
        let totals = self.run(context, &mut |row| {
            rows.push(row);
            true
        })?;
        let bytes = encode_rows(rows).map_err(QueryError::from)?;
        Ok((bytes, self.report(totals, None)))
    }

    fn run(&self, context: &Context, sink: &mut dyn FnMut(FeedRow) -> bool) -> Result<FeedTotals, OpsError> {
        let before = self.since.as_ref().map(|moment| &moment.pinned as &dyn crate::query::Pieces);
        Ok(feed(before, &self.to.pinned, &self.options, &context.cancel, sink)?)
    }

    fn report(&self, totals: FeedTotals, rows: Option<Vec<Map<String, Value>>>) -> ExportReport {
        let since = self.since.as_ref().map(|moment| moment.report.clone());
        ExportReport { since, to: self.to.report.clone(), totals, format: FORMAT, rows }
    }
}

fn line(row: FeedRow) -> Result<Map<String, Value>, QueryError> {
    let mut rows = json_rows(Batch::of(&[row])?.records())?;
    let mut line = rows.pop().unwrap_or_default();
    line.retain(|_, value| !value.is_null());
    Ok(line)
}

/// Writes `bytes` to `path`, whole or not at all.
pub fn write(context: &Context, path: &Path, bytes: &[u8]) -> Result<(), OpsError> {
    let failed = |source| ExportError { path: path.to_owned(), source };
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let vfs = &*context.vfs;
    // What a killed run left there is none of its reader's.
    match vfs.remove_file(&part) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(e).into()),
        _ => {}
    }
    let written = vfs.write_new(&part, bytes, 0o644).and_then(|()| vfs.rename(&part, path));
    if let Err(source) = written {
        // It is told that nothing is left; what cannot be removed is the smaller trouble.
        drop(vfs.remove_file(&part));
        return Err(failed(source).into());
    }
    Ok(())
}
