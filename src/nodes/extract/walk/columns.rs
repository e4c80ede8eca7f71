//! Rows of the outline on their way into columns. There are more of them than of all else together, so that no row is
//! ever a value with texts of its own.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringBuilder, UInt32Builder};

use crate::table::schema::outline::OUTLINE;
use crate::table::{Batch, TableError};

use super::told::Told;

/// The columns of `outline`.
#[derive(Default)]
pub(in crate::nodes::extract) struct Columns {
    path: StringBuilder,
    ordinal: UInt32Builder,
    region: UInt32Builder,
    language: StringBuilder,
    role: StringBuilder,
    kind: StringBuilder,
    name: StringBuilder,
    qualified_name: StringBuilder,
    signature: StringBuilder,
    visibility: StringBuilder,
    doc_start: UInt32Builder,
    doc_end: UInt32Builder,
    start_byte: UInt32Builder,
    end_byte: UInt32Builder,
    body_start: UInt32Builder,
    parent: UInt32Builder,
}

impl Columns {
    /// Adds the rows of `path`.
    pub fn add<'a>(&mut self, path: &str, lines: impl IntoIterator<Item = Told<'a>>) {
        for (ordinal, line) in (0..).zip(lines) {
            self.path.append_value(path);
            self.ordinal.append_value(ordinal);
            self.region.append_value(line.region);
            self.language.append_option(line.language);
            self.role.append_value(line.role);
            self.kind.append_value(line.kind);
            self.name.append_value(line.name);
            self.qualified_name.append_value(line.qualified_name);
            self.signature.append_value(line.signature);
            self.visibility.append_option(line.visibility);
            self.doc_start.append_option(line.doc.map(|(start, _)| start));
            self.doc_end.append_option(line.doc.map(|(_, end)| end));
            self.start_byte.append_value(line.start);
            self.end_byte.append_value(line.end);
            self.body_start.append_option(line.body);
            self.parent.append_option(line.parent);
        }
    }

    /// The table.
    pub fn finish(mut self) -> Result<Batch, TableError> {
        let text = |builder: &mut StringBuilder| -> ArrayRef { Arc::new(builder.finish()) };
        let number = |builder: &mut UInt32Builder| -> ArrayRef { Arc::new(builder.finish()) };
        let columns = vec![
            text(&mut self.path),
            number(&mut self.ordinal),
            number(&mut self.region),
            text(&mut self.language),
            text(&mut self.role),
            text(&mut self.kind),
            text(&mut self.name),
            text(&mut self.qualified_name),
            text(&mut self.signature),
            text(&mut self.visibility),
            number(&mut self.doc_start),
            number(&mut self.doc_end),
            number(&mut self.start_byte),
            number(&mut self.end_byte),
            number(&mut self.body_start),
            number(&mut self.parent),
        ];
        let records = RecordBatch::try_new(OUTLINE.arrow(), columns)
            .map_err(|source| TableError::Arrow { table: OUTLINE.name.into(), source })?;
        Batch::new(&OUTLINE, records)
    }
}
