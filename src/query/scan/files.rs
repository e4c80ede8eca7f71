//! What stands of single files: their rows in `files`, and what each node made of them.

use crate::base::Digest;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::pieces::Pieces;
use crate::store::{BuildRoot, Piece, SegmentList, ShardRecord};
use crate::table::schema::{FILES, FileRow};
use crate::table::{Batch, TableReader, TableSchema};

use super::place::{Wanted, places};

/// A row of `files`, and which node of which repository wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct StandingFile {
    pub repo: String,
    pub node: String,
    pub row: FileRow,
}

/// What a node made of a file, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingPiece {
    pub node: String,
    pub kind: String,
    pub format: u32,
    pub table: String,
    pub action: Digest,
    pub artifact: Digest,
    /// Rows of the file in that table; `None` where the table is one of a whole segment or not sorted by path.
    pub rows: Option<u64>,
}

/// The rows of all files that did not parse cleanly, by repository and path. No repository named: of all.
pub fn unclean(pieces: &dyn Pieces, cache: &Cache, repos: &[String]) -> Result<Vec<StandingFile>, QueryError> {
    let wanted = Wanted { repos: repos.to_vec(), tables: vec![FILES.name.to_owned()], ..Wanted::default() };
    let mut found = Vec::new();
    for place in places(pieces, &[&FILES], &wanted)? {
        let reader = cache.reader(pieces, &place.artifact, &FILES)?;
        let statuses = reader.read_columns(&["parse_status"])?;
        let statuses: &arrow::array::StringArray = crate::table::typed_column(&statuses, FILES.name, "parse_status")?;
        if !statuses.iter().flatten().any(is_unclean) {
            continue;
        }
        let rows = reader.read_all()?.rows::<FileRow>()?;
        let rows = rows.into_iter().filter(|row| is_unclean(&row.parse_status));
        found.extend(rows.map(|row| StandingFile { repo: place.repo.clone(), node: place.node.clone(), row }));
    }
    found.sort_by(|a, b| {
        let key = |file: &StandingFile| (file.repo.clone(), file.row.path.clone(), file.row.path_bytes.clone());
        key(a).cmp(&key(b)).then_with(|| a.node.cmp(&b.node))
    });
    Ok(found)
}

fn is_unclean(status: &str) -> bool {
    matches!(status, "partial" | "error")
}

/// The rows of the file at `path`; more than one where names show alike, or where two nodes write `files`.
pub fn rows_of(pieces: &dyn Pieces, cache: &Cache, repo: &str, path: &str) -> Result<Vec<StandingFile>, QueryError> {
    let mut found = Vec::new();
    each_shard(pieces, repo, path, |_, _, shard| {
        for piece in shard.pieces.iter().filter(|piece| piece.table == FILES.name) {
            let rows = of_path(&*cache.reader(pieces, &piece.artifact, &FILES)?, path)?.rows::<FileRow>()?;
            let rows = rows.into_iter().filter(|row| row.path == path);
            found.extend(rows.map(|row| StandingFile { repo: repo.to_owned(), node: piece.node.clone(), row }));
        }
        Ok(())
    })?;
    Ok(found)
}

/// What each node made of the file at `path`, in the order of the pipeline. `tables` are those that there can be.
pub fn pieces_of(
    pieces: &dyn Pieces,
    cache: &Cache,
    tables: &[&'static TableSchema],
    repo: &str,
    path: &str,
) -> Result<Vec<StandingPiece>, QueryError> {
    let mut found = Vec::new();
    each_shard(pieces, repo, path, |build, list, shard| {
        let mut files = shard.pieces.iter().filter(|piece| piece.table == FILES.name);
        let has = |piece: &Piece| -> Result<bool, QueryError> {
            let rows = of_path(&*cache.reader(pieces, &piece.artifact, &FILES)?, path)?;
            Ok(rows.texts("path")?.any(|known| known == path))
        };
        // Shards of other modes lie between the same paths.
        if !files.try_fold(false, |any, piece| has(piece).map(|has| any || has))? {
            return Ok(());
        }
        for node in &build.nodes {
            let of_node = |all: &'_ [Piece]| all.iter().filter(|piece| piece.node == node.name).cloned().collect();
            let mut own: Vec<Piece> = of_node(&shard.pieces);
            if own.is_empty() {
                own = of_node(&list.pieces);
            }
            let schema = |piece: &Piece| tables.iter().copied().find(|table| table.name == piece.table);
            let by_path = |piece: &Piece| schema(piece).filter(|table| table.sort.first() == Some(&"path"));
            let Some(piece) = own.iter().find(|piece| by_path(piece).is_some()).or_else(|| own.first()) else {
                continue;
            };
            let rows = match by_path(piece) {
                Some(table) => {
                    let rows = of_path(&*cache.reader(pieces, &piece.artifact, table)?, path)?;
                    Some(rows.texts("path")?.filter(|known| *known == path).count() as u64)
                }
                None => None,
            };
            found.push(StandingPiece {
                node: node.name.clone(),
                kind: node.kind.clone(),
                format: node.format,
                table: piece.table.clone(),
                action: piece.action,
                artifact: piece.artifact,
                rows,
            });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Every path of a repository, sorted: to suggest one.
pub fn paths_of(pieces: &dyn Pieces, cache: &Cache, repo: &str) -> Result<Vec<String>, QueryError> {
    let wanted = Wanted { repos: vec![repo.to_owned()], tables: vec![FILES.name.to_owned()], ..Wanted::default() };
    let mut found = Vec::new();
    for place in places(pieces, &[&FILES], &wanted)? {
        let records = cache.reader(pieces, &place.artifact, &FILES)?.read_columns(&["path"])?;
        let paths: &arrow::array::StringArray = crate::table::typed_column(&records, FILES.name, "path")?;
        found.extend(paths.iter().flatten().map(str::to_owned));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Calls `look` for every shard that may hold `path`.
fn each_shard(
    pieces: &dyn Pieces,
    repo: &str,
    path: &str,
    mut look: impl FnMut(&BuildRoot, &SegmentList, &ShardRecord) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    if !pieces.repos().iter().any(|known| known.name == repo) {
        return Ok(());
    }
    let build = pieces.build(repo)?;
    let within = |first: &str, last: &str| first <= path && path <= last;
    for segment in build.segments.iter().filter(|segment| within(&segment.first_path, &segment.last_path)) {
        let list = pieces.list(repo, &segment.list)?;
        for shard in list.shards.iter().filter(|shard| within(&shard.first_path, &shard.last_path)) {
            look(&build, &list, shard)?;
        }
    }
    Ok(())
}

/// The rows of the pages that may have rows of `path`.
fn of_path(reader: &TableReader, path: &str) -> Result<Batch, QueryError> {
    let rows = reader.find_rows("path", &[path])?;
    let columns: Vec<&str> = reader.schema().columns.iter().map(|column| column.name).collect();
    Ok(Batch::new(reader.schema(), reader.read_rows(&columns, &rows)?)?)
}
