//! Definitions inside chunks that are not called as they are.

use arrow::array::{StringArray, UInt32Array};

use crate::table::{Batch, TableError};

/// Kinds of definitions that nobody looks for by name alone, and of which there are many.
const UNMARKED: [&str; 5] = ["field", "key", "parameter", "region", "variable"];

/// Per row of `chunks`, the names of the definitions that begin in it, without its own; in order, each once.
pub fn inside<'a>(outline: &'a Batch, chunks: &Batch) -> Result<Vec<Vec<&'a str>>, TableError> {
    let (path, start): (&StringArray, &UInt32Array) = (outline.column("path")?, outline.column("start_byte")?);
    let (role, kind): (&StringArray, &StringArray) = (outline.column("role")?, outline.column("kind")?);
    let name: &StringArray = outline.column("name")?;
    let (chunk_path, own): (&StringArray, &StringArray) = (chunks.column("path")?, chunks.column("name")?);
    let (from, to): (&UInt32Array, &UInt32Array) = (chunks.column("start_byte")?, chunks.column("end_byte")?);
    let mut out = vec![Vec::new(); chunks.len()];
    let mut first = 0;
    for (at, names) in out.iter_mut().enumerate() {
        let (path_here, from, to) = (chunk_path.value(at), from.value(at), to.value(at));
        // Both tables are sorted by path and first byte, and chunks tile their files.
        while first < outline.len() && (path.value(first), start.value(first)) < (path_here, from) {
            first += 1;
        }
        while first < outline.len() && path.value(first) == path_here && start.value(first) < to {
            let found = name.value(first);
            let marked = role.value(first) == "definition" && !UNMARKED.contains(&kind.value(first));
            if marked && !found.is_empty() && found != own.value(at) && !names.contains(&found) {
                names.push(found);
            }
            first += 1;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema::{ChunkRow, OutlineRow};

    fn row(path: &str, start_byte: u32, role: &str, kind: &str, name: &str) -> OutlineRow {
        let [path, role, kind, name] = [path, role, kind, name].map(str::to_owned);
        OutlineRow { path, role, kind, name, start_byte, ..OutlineRow::default() }
    }

    fn chunk(path: &str, start_byte: u32, end_byte: u32, name: &str) -> ChunkRow {
        ChunkRow { path: path.into(), start_byte, end_byte, name: name.into(), ..ChunkRow::default() }
    }

    #[test]
    fn a_chunk_has_the_definitions_that_begin_in_it_but_its_own() {
        let outline = Batch::of(&[
            row("a.rs", 0, "definition", "struct", "Log"),
            row("a.rs", 5, "definition", "field", "path"),
            row("a.rs", 20, "definition", "function", "open"),
            row("a.rs", 25, "reference", "call", "read"),
            row("a.rs", 30, "definition", "function", "open"),
            row("a.rs", 35, "definition", "function", "close"),
            row("c.rs", 0, "definition", "function", "last"),
        ])
        .unwrap();
        let chunks = [
            chunk("a.rs", 0, 20, "Log"),
            chunk("a.rs", 20, 40, ""),
            chunk("b.rs", 0, 9, ""),
            chunk("c.rs", 0, 9, "other"),
        ];
        let chunks = Batch::of(&chunks).unwrap();
        let found = inside(&outline, &chunks).unwrap();
        assert_eq!(found, [vec![], vec!["open", "close"], vec![], vec!["last"]]);
    }
}
