//! Rows as streams: written piece by piece, so that a table of any length passes through.

use sawmill::ops::show::Rows;
use serde_json::{Map, Value};

use super::output;
use super::run::Stop;
use super::sanitize;

/// One object a line.
pub fn jsonl(mut rows: Rows) -> Result<(), Stop> {
    while let Some(part) = rows.next_rows()? {
        let mut text = String::new();
        for row in &part {
            text.push_str(&output::json(row)?);
        }
        output::data(text)?;
    }
    Ok(())
}

/// A head and a record a row, cleaned as for a terminal: whoever opens the file with a pager is safe.
pub fn csv(mut rows: Rows) -> Result<(), Stop> {
    let columns = rows.columns();
    output::data(record(columns.iter().map(|column| (*column).to_owned())))?;
    while let Some(part) = rows.next_rows()? {
        let records = part.iter().map(|row| record(columns.iter().map(|column| sanitize::lines(&cell(row, column)))));
        output::data(records.collect::<String>())?;
    }
    Ok(())
}

/// The same of rows that are at hand.
pub fn csv_text(columns: &[String], rows: &[Map<String, Value>]) -> String {
    let records = rows.iter().map(|row| record(columns.iter().map(|column| sanitize::lines(&cell(row, column)))));
    record(columns.iter().cloned()) + &records.collect::<String>()
}

/// An Arrow IPC stream.
pub fn arrow(rows: Rows) -> Result<(), Stop> {
    let mut written = Ok(());
    rows.arrow(|part| {
        written = output::data(part);
        written.is_ok()
    })?;
    Ok(written?)
}

/// The value of a column as text.
pub fn cell(row: &Map<String, Value>, column: &str) -> String {
    match row.get(column) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

fn record(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.map(quoted).collect();
    cells.join(",") + "\n"
}

/// Source: RFC 4180, section 2.
fn quoted(cell: String) -> String {
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_with_a_comma_quote_or_line_end_is_quoted() {
        let quoted = |text: &str| quoted(text.to_owned());
        assert_eq!(quoted("plain text"), "plain text");
        assert_eq!(quoted("a,b"), "\"a,b\"");
        assert_eq!(quoted("say \"hi\"\n"), "\"say \"\"hi\"\"\n\"");
    }
}
