//! Definitions inside chunks that are not called as they are, and what stands around definitions.

use arrow::array::{StringArray, UInt32Array};

use super::super::tokenize::scope_of;
use crate::table::{Batch, TableError};

/// Kinds of definitions that nobody looks for by name alone, and of which there are many.
const UNMARKED: [&str; 5] = ["field", "key", "parameter", "region", "variable"];

/// The definitions that begin in a chunk; in order, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inside<'a> {
    /// The names of those that are not called as the chunk is.
    pub names: Vec<&'a str>,
    /// Names with what stands directly around them, the chunk's own among them.
    pub scoped: Vec<(&'a str, &'a str)>,
}

impl<'a> Inside<'a> {
    fn add(&mut self, name: &'a str, qualified: &'a str, own: &str) {
        if name != own && !self.names.contains(&name) {
            self.names.push(name);
        }
        if let Some(scope) = scope_of(qualified, name).filter(|scope| !self.scoped.contains(&(name, *scope))) {
            self.scoped.push((name, scope));
        }
    }
}

/// Per row of `chunks`, what begins in it.
pub fn inside<'a>(outline: &'a Batch, chunks: &Batch) -> Result<Vec<Inside<'a>>, TableError> {
    let (path, start): (&StringArray, &UInt32Array) = (outline.column("path")?, outline.column("start_byte")?);
    let (role, kind): (&StringArray, &StringArray) = (outline.column("role")?, outline.column("kind")?);
    let (name, qualified): (&StringArray, &StringArray) = (outline.column("name")?, outline.column("qualified_name")?);
    let (chunk_path, own): (&StringArray, &StringArray) = (chunks.column("path")?, chunks.column("name")?);
    let (from, to): (&UInt32Array, &UInt32Array) = (chunks.column("start_byte")?, chunks.column("end_byte")?);
    let mut out = vec![Inside::default(); chunks.len()];
    let mut first = 0;
    for (at, inside) in out.iter_mut().enumerate() {
        let (path_here, from, to) = (chunk_path.value(at), from.value(at), to.value(at));
        // Both tables are sorted by path and first byte, and chunks tile their files.
        while first < outline.len() && (path.value(first), start.value(first)) < (path_here, from) {
            first += 1;
        }
        while first < outline.len() && path.value(first) == path_here && start.value(first) < to {
            let found = name.value(first);
            let marked = role.value(first) == "definition" && !UNMARKED.contains(&kind.value(first));
            if marked && !found.is_empty() {
                inside.add(found, qualified.value(first), own.value(at));
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
        let (qualified_name, name) = (name.clone(), name.rsplit("::").next().unwrap_or_default().to_owned());
        OutlineRow { path, role, kind, name, qualified_name, start_byte, ..OutlineRow::default() }
    }

    fn chunk(path: &str, start_byte: u32, end_byte: u32, name: &str) -> ChunkRow {
        ChunkRow { path: path.into(), start_byte, end_byte, name: name.into(), ..ChunkRow::default() }
    }

    #[test]
    fn a_chunk_has_the_definitions_that_begin_in_it_and_its_own_only_with_its_scope() {
        let outline = Batch::of(&[
            row("a.rs", 0, "definition", "struct", "Log"),
            row("a.rs", 5, "definition", "field", "path"),
            row("a.rs", 20, "definition", "function", "Log::open"),
            row("a.rs", 25, "reference", "call", "read"),
            row("a.rs", 30, "definition", "function", "Log::open"),
            row("a.rs", 35, "definition", "function", "close"),
            row("c.rs", 0, "definition", "function", "x::other::last"),
        ])
        .unwrap();
        let chunks = [
            chunk("a.rs", 0, 20, "Log"),
            chunk("a.rs", 20, 40, ""),
            chunk("b.rs", 0, 9, ""),
            chunk("c.rs", 0, 9, "last"),
        ];
        let chunks = Batch::of(&chunks).unwrap();
        let found = inside(&outline, &chunks).unwrap();
        let of = |names: &[&'static str], scoped: &[(&'static str, &'static str)]| Inside {
            names: names.to_vec(),
            scoped: scoped.to_vec(),
        };
        let expected =
            [of(&[], &[]), of(&["open", "close"], &[("open", "Log")]), of(&[], &[]), of(&[], &[("last", "other")])];
        assert_eq!(found, expected);
    }
}
