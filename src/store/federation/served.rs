//! The nodes whose tables search reads.

use crate::store::model::{BuildRoot, NodeRecord};

/// The served index of a build and what feeds it.
#[derive(Clone, Copy, Debug)]
pub struct Served<'a> {
    pub index: &'a NodeRecord,
    pub chunk: &'a NodeRecord,
    /// The nearest node at or above the chunks that writes `files`.
    pub files: Option<&'a NodeRecord>,
}

impl<'a> Served<'a> {
    /// `Ok(None)` where the build serves no index; `Err` is the name that the record leads to and does not hold.
    pub fn of(root: &'a BuildRoot) -> Result<Option<Self>, String> {
        let Some(name) = root.serve.as_deref() else { return Ok(None) };
        let find = |name: &str| root.nodes.iter().find(|n| n.name == name).ok_or_else(|| name.to_owned());
        let index = find(name)?;
        let chunk = find(index.inputs.get("chunks").ok_or("chunks")?)?;
        Ok(Some(Self { index, chunk, files: above_with_table(root, chunk, "files") }))
    }

    /// These nodes, each once.
    pub fn nodes(&self) -> impl Iterator<Item = &'a NodeRecord> {
        let files = self.files.filter(|node| node.name != self.chunk.name);
        [Some(self.index), Some(self.chunk), files].into_iter().flatten()
    }

    /// Node, table and format of each table that search can read, by table.
    pub fn tables(&self) -> Vec<(&'a NodeRecord, &'static str, u32)> {
        let of_index = ["chunk_stats", "indexed_files", "postings", "trigrams"].map(|table| (Some(self.index), table));
        let of_chunk = ["chunks", "symbols"].map(|table| (Some(self.chunk), table));
        let all = of_index.into_iter().chain(of_chunk).chain([(self.files, "files")]);
        let mut tables: Vec<_> = all
            .filter_map(|(node, table)| {
                let node = node?;
                let format = node.merged.get(table).or_else(|| node.tables.get(table))?;
                Some((node, table, *format))
            })
            .collect();
        tables.sort_by_key(|(_, table, _)| *table);
        tables
    }
}

fn above_with_table<'a>(root: &'a BuildRoot, from: &'a NodeRecord, table: &str) -> Option<&'a NodeRecord> {
    let mut open = vec![from];
    let mut seen = 0;
    while let Some(node) = open.get(seen).copied() {
        if node.tables.contains_key(table) {
            return Some(node);
        }
        seen += 1;
        for input in node.inputs.values() {
            let upper = root.nodes.iter().find(|n| n.name == *input);
            open.extend(upper.filter(|u| open.iter().all(|o| o.name != u.name)));
        }
    }
    None
}
