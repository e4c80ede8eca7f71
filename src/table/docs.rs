//! The reference of tables, as `docs/tables.md` holds it.

use std::fmt::Write;

use arrow::datatypes::DataType;

use super::declare::{Column, TableSchema};
use super::schema::{BESIDE, LEDGER, TABLES, WORKSPACE};

/// What stands before the tables of the ledger.
const OF_LEDGER: &str = "\
# Ledger, outside all hashes

What became of files and actions, run by run: `ledger/failures/` and `ledger/history/` in the state directory, one Parquet file a
run, merged when there are many. No artifact, key or manifest depends on them; to lose them costs the answers of `failures` and
`history` about the past, and nothing else.

";

/// What stands before the tables of nodes of the workspace.
const OF_WORKSPACE: &str = "\
# Of the workspace

What a node of kind `federate` writes ([federation](federation.md)).

";

/// What stands before the tables that tell of two moments.
const BETWEEN: &str = "\
# Between two moments

`events.parquet` of a diff (`diffs/<id>/`), and what `sawmill export chunks` writes. No build depends on them.

A renamed file, and one whose content changed, tells its status in that event; `health.changed` says it once more.

";

/// Markdown: for each table its purpose, order, and columns with type, nullability and meaning.
pub fn reference() -> String {
    reference_of(TABLES)
        + OF_WORKSPACE
        + &reference_of(WORKSPACE)
        + BETWEEN
        + &reference_of(BESIDE)
        + OF_LEDGER
        + &reference_of(LEDGER)
}

/// The same of other tables, for the documents of kinds from outside the crate.
pub fn reference_of(tables: &[&TableSchema]) -> String {
    let mut out = String::new();
    for table in tables {
        section(&mut out, table);
    }
    out
}

fn section(out: &mut String, table: &TableSchema) {
    let order: Vec<String> = table.sort.iter().map(|c| format!("`{c}`")).collect();
    // Writing to a String cannot fail.
    let _ = writeln!(out, "## {}\n\n{}\n", table.name, folded(table.doc));
    let _ = writeln!(out, "Format {}. Sorted by {}.\n", table.format, order.join(", "));
    out.push_str("| column | type | null | meaning |\n|---|---|---|---|\n");
    for column in table.columns {
        let null = if column.nullable { "yes" } else { "no" };
        let _ = writeln!(out, "| {} | {} | {null} | {} |", column.name, type_name(column), cell(column.doc));
    }
    out.push('\n');
}

/// The type in words that DuckDB, Polars and pyarrow users know.
fn type_name(column: &Column) -> String {
    fn name(data_type: &DataType) -> String {
        match data_type {
            DataType::Utf8 => "string".into(),
            DataType::List(item) => format!("list<{}>", name(item.data_type())),
            other => other.to_string().to_lowercase(),
        }
    }
    name(&(column.data_type)())
}

fn folded(doc: &str) -> String {
    doc.lines().map(str::trim).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// One line, with the bars that would end a table cell escaped.
fn cell(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
