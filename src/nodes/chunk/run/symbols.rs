//! Definitions as rows of `symbols`.

use super::ids::Ids;
use super::outline::{Build, Tree};
use super::text::Text;
use crate::nodes::FileSlot;
use crate::nodes::chunk::schema::SYMBOL_ID;
use crate::table::schema::{ChunkRow, SymbolRow};

/// One row for each definition of a file but the keys of records, in the table's order, added to `out`. `chunks` are
/// the file's.
pub(super) fn symbols(
    file: &FileSlot,
    text: &Text<'_>,
    tree: &Tree<'_>,
    chunks: &[ChunkRow],
    out: &mut Vec<SymbolRow>,
) {
    let mut ids = Ids::new("s_", SYMBOL_ID, &file.path);
    let first = out.len();
    for item in tree.items.iter().filter(|i| i.build < Build::Section && i.kind != "key" && !i.name.is_empty()) {
        let symbol_id = ids.named(tree.zones.at(item.start).language, item.kind, item.qualified_name, item.signature);
        let holder = chunks.partition_point(|c| c.end_byte <= item.start);
        // Only a definition at the end of an empty file has no chunk.
        let Some(holder) = chunks.get(holder).or(chunks.last()) else { continue };
        out.push(SymbolRow {
            symbol_id,
            chunk_id: holder.chunk_id.clone(),
            path: file.path.text().to_owned(),
            name: item.name.to_owned(),
            qualified_name: item.qualified_name.to_owned(),
            kind: item.kind.to_owned(),
            visibility: item.visibility.map(str::to_owned),
            start_line: text.number(item.start),
            end_line: text.number(item.end.saturating_sub(1).max(item.start)),
        });
    }
    if let Some(added) = out.get_mut(first..) {
        added.sort_by(|a, b| {
            (a.start_line, &a.qualified_name, &a.symbol_id).cmp(&(b.start_line, &b.qualified_name, &b.symbol_id))
        });
    }
}
