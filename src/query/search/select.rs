//! Which repositories, segments and artifacts a request reaches.

use std::sync::Arc;

use super::request::{RepoStatus, SearchRequest, SearchedRepo};
use crate::base::{Digest, Mode, parallel};
use crate::nodes::chunk::EXTRACTED_ROWS;
use crate::nodes::index::FIELDS;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::federation::{Decision, Roster, Seat};
use crate::query::parse::Query;
use crate::query::pieces::Pieces;
use crate::store::federation::{Availability, Served};
use crate::store::{BuildRoot, Piece, SegmentList, SegmentRef};

/// What is searched: repositories by priority (highest first), then name.
#[derive(Debug, Default)]
pub struct Selection {
    /// The first error that left a repository out.
    pub failure: Option<QueryError>,
    pub repos: Vec<SearchedRepo>,
    pub segments: Vec<SegmentPieces>,
    /// Segments of these repositories whose modes are not asked for.
    pub skipped: usize,
}

/// One searchable piece.
#[derive(Clone, Debug)]
pub struct SegmentPieces {
    /// Index into [`Selection::repos`].
    pub repo: usize,
    pub repo_name: String,
    pub mode: Mode,
    /// Those without text among them.
    pub files: u64,
    /// Chunks.
    pub docs: u64,
    /// Terms by field.
    pub lengths: [u64; FIELDS.len()],
    pub postings: Digest,
    pub stats: Digest,
    pub trigrams: Option<TrigramPieces>,
    pub shards: Vec<ShardPieces>,
}

/// What keeps files from being read.
#[derive(Clone, Copy, Debug)]
pub struct TrigramPieces {
    pub trigrams: Digest,
    pub files: Digest,
    /// How many files the segment has.
    pub count: u32,
}

/// Where a shard's rows are.
#[derive(Clone, Copy, Debug)]
pub struct ShardPieces {
    /// Of source.
    pub bytes: u64,
    pub chunks: Digest,
    /// The definitions in them, where the pipeline keeps those.
    pub symbols: Option<Digest>,
    /// The table that knows the roles of files, where the pipeline has one above the chunks.
    pub files: Option<Digest>,
    /// Are some rows comments of their own?
    pub extracted: bool,
}

/// Fewer lists than this are read on one thread: to start another takes longer.
const FEW_LISTS: usize = 8;

/// What of the repositories on `roster` is searched: their segments of the wanted modes, as far as `decision` lets them.
pub fn select(
    pieces: &dyn Pieces,
    cache: &Cache,
    request: &SearchRequest,
    query: &Query,
    (roster, decision): (Roster, &Decision),
) -> Selection {
    let mut selection = Selection::default();
    let lists = Asked { pieces, cache, request, query, decision }.lists(&roster.seats);
    for (Seat { entry, member, root, failure }, lists) in roster.seats.into_iter().zip(lists) {
        let repo = selection.repos.len();
        let mut searched = SearchedRepo {
            name: entry.name.clone(),
            build: entry.build.clone(),
            status: RepoStatus::of(member.availability),
            stale: entry.stale,
            message: None,
            chunks: 0,
        };
        let found = match (failure, root) {
            (Some(error), _) => Err(error),
            (None, Some(root)) => segments(&root, lists, (repo, &entry.name)),
            (None, None) => Ok(None),
        };
        match found {
            Ok(Some((segments, skipped))) => {
                selection.skipped += skipped;
                searched.chunks = segments.iter().map(|s| s.docs).sum();
                say_left_out(&mut searched, decision, segments.is_empty());
                selection.segments.extend(segments);
            }
            Ok(None) => {
                searched.status = RepoStatus::NoIndex;
                searched.message = Some("its pipeline serves no index".into());
            }
            Err(error) => {
                fail(&mut searched, &error);
                selection.failure.get_or_insert(error);
            }
        }
        selection.repos.push(searched);
    }
    selection
}

impl RepoStatus {
    fn of(availability: Availability) -> Self {
        match availability {
            Availability::Present => Self::Ok,
            Availability::MissingBuild => Self::MissingBuild,
            Availability::InvalidPointer => Self::InvalidPointer,
            Availability::Incompatible => Self::Incompatible,
        }
    }
}

/// Which modes of it are not searched, because its scores cannot be compared there.
fn say_left_out(searched: &mut SearchedRepo, decision: &Decision, nothing_else: bool) {
    let left: Vec<String> = decision
        .left_out(&searched.name)
        .map(|(mode, left)| format!("{mode} (`{}` differs; cohort {})", left.parameter, left.cohort))
        .collect();
    if !left.is_empty() {
        searched.message = Some(format!("left out in {}", left.join(", ")));
        if nothing_else {
            searched.status = RepoStatus::LeftOut;
        }
    }
}

impl Selection {
    /// Leaves out a repository that turned out to be unreadable.
    pub fn leave_out(&mut self, repo: usize, error: QueryError) {
        self.segments.retain(|s| s.repo != repo);
        if let Some(searched) = self.repos.get_mut(repo) {
            fail(searched, &error);
            self.failure.get_or_insert(error);
        }
    }

    /// Those segments alone that lie in `repos`, which are places in [`repos`](Self::repos).
    pub fn of(&self, repos: &[usize]) -> Self {
        Self {
            failure: None,
            repos: self.repos.clone(),
            segments: self.segments.iter().filter(|s| repos.contains(&s.repo)).cloned().collect(),
            skipped: self.skipped,
        }
    }

    /// An answer of nothing would be no answer where nothing could be searched.
    pub fn refuse_nothing(&mut self) -> Result<(), QueryError> {
        match self.failure.take() {
            Some(source) if self.repos.iter().all(|repo| repo.status != RepoStatus::Ok) => {
                let failed = self.repos.iter().filter(|repo| repo.status.is_failure());
                let repos = failed.map(|repo| format!("`{}`", repo.name)).collect::<Vec<_>>().join(", ");
                Err(QueryError::Unreadable { repos, source: Box::new(source) })
            }
            failure => {
                self.failure = failure;
                Ok(())
            }
        }
    }

    /// Under `--strict` an answer is that of all, as they are now, or none.
    pub fn refuse_part(&mut self) -> Result<(), QueryError> {
        let said = |repo: &SearchedRepo| match repo.status {
            status if status.is_failure() => Some(format!("`{}` ({})", repo.name, status.name())),
            _ if repo.stale => Some(format!("`{}` (stale: its last build failed)", repo.name)),
            _ => None,
        };
        let what: Vec<String> = self.repos.iter().filter_map(said).collect();
        if what.is_empty() {
            return Ok(());
        }
        Err(QueryError::Strict { what: what.join(", "), source: self.failure.take().map(Box::new) })
    }
}

fn fail(searched: &mut SearchedRepo, error: &QueryError) {
    // An answer names no path of this machine; an error of the store does, so only its code goes in.
    let mut message = match error {
        QueryError::Store(_) => "the store could not give what its manifest names".to_owned(),
        other => other.to_string(),
    };
    if let Some(code) = miette::Diagnostic::code(error) {
        message = format!(
            "{message} ({code}); `sawmill build` makes again what the present files give, `sawmill verify --all` tells what is lost"
        );
    }
    if !searched.status.is_failure() {
        searched.status = RepoStatus::Error;
    }
    searched.message = Some(message);
    searched.chunks = 0;
}

/// What segments are asked for.
struct Asked<'a> {
    pieces: &'a dyn Pieces,
    cache: &'a Cache,
    request: &'a SearchRequest,
    query: &'a Query,
    decision: &'a Decision,
}

/// The lists of a repository that were read, in order, each with whether its segment is asked for itself: where it is
/// not, its comments may be.
type Lists = Result<Vec<(Arc<SegmentList>, bool)>, QueryError>;

impl Asked<'_> {
    /// Of each seat. All lists are read at once, so that many small repositories take no longer than a large one.
    fn lists(&self, seats: &[Seat]) -> Vec<Lists> {
        let mut wanted: Vec<(usize, &str, &SegmentRef, bool)> = Vec::new();
        for (at, Seat { entry, root, failure, .. }) in seats.iter().enumerate() {
            let served = root.iter().filter(|build| failure.is_none() && matches!(Served::of(build), Ok(Some(_))));
            for segment in served.flat_map(|build| &build.segments) {
                let own = self.request.wants(self.query, segment.mode);
                let extracted = segment.mode == Mode::Code && self.request.wants(self.query, Mode::ExtractedProse);
                if (own || extracted) && !self.decision.leaves_out(&entry.name, segment.mode) {
                    wanted.push((at, &entry.name, segment, own));
                }
            }
        }
        let threads = if wanted.len() < FEW_LISTS { 1 } else { self.request.threads };
        let read = parallel::map(threads, &wanted, |(_, name, segment, _)| {
            self.cache.segment_list(self.pieces, name, &segment.list)
        });
        let mut lists: Vec<Lists> = seats.iter().map(|_| Ok(Vec::new())).collect();
        for ((at, _, _, own), list) in wanted.into_iter().zip(read) {
            // The first failure of a repository, in the order of its segments, is the one that is told.
            if let Some(of_repo) = lists.get_mut(at) {
                match (of_repo.as_mut(), list) {
                    (Ok(known), Ok(list)) => known.push((list, own)),
                    (Ok(_), Err(error)) => *of_repo = Err(error),
                    (Err(_), _) => {}
                }
            }
        }
        lists
    }
}

/// Those of a repository, and how many there are that are not searched; `None` where it serves no index.
fn segments(
    build: &BuildRoot,
    lists: Lists,
    place: (usize, &str),
) -> Result<Option<(Vec<SegmentPieces>, usize)>, QueryError> {
    let Some(nodes) = Nodes::of(build)? else { return Ok(None) };
    let lists = lists?;
    let asked = lists.iter().filter(|(list, own)| *own || nodes.has_extracted(list));
    let out: Vec<SegmentPieces> = asked.map(|(list, _)| nodes.segment(list, place)).collect::<Result<_, _>>()?;
    let skipped = build.segments.len() - out.len();
    Ok(Some((out, skipped)))
}

/// The nodes whose tables search reads.
struct Nodes<'a> {
    index: &'a str,
    chunk: &'a str,
    files: Option<&'a str>,
}

impl<'a> Nodes<'a> {
    fn of(build: &'a BuildRoot) -> Result<Option<Self>, QueryError> {
        let missing = |name| QueryError::Manifest { what: format!("build {} has no node `{name}`", build.id) };
        let served = Served::of(build).map_err(missing)?;
        Ok(served.map(|Served { index, chunk, files }| Self {
            index: &index.name,
            chunk: &chunk.name,
            files: files.map(|n| n.name.as_str()),
        }))
    }

    /// Are there comments that are rows of their own?
    fn has_extracted(&self, list: &SegmentList) -> bool {
        let chunks = |piece: &&Piece| piece.node == self.chunk && piece.table == "chunks";
        let mut found = list.shards.iter().filter_map(|shard| shard.pieces.iter().find(chunks));
        found.any(|piece| piece.stats.contains_key(EXTRACTED_ROWS))
    }

    /// `None` where the index was made without: then every file is read.
    fn trigrams(&self, list: &SegmentList) -> Option<TrigramPieces> {
        let merged = |table: &str| list.pieces.iter().find(|p| p.node == self.index && p.table == table);
        let (trigrams, files) = merged("trigrams").zip(merged("indexed_files"))?;
        let count = files.stats.get("files").copied()?;
        let whole = trigrams.stats.get("files").copied() == Some(count);
        let count = u32::try_from(count).ok().filter(|_| whole)?;
        Some(TrigramPieces { trigrams: trigrams.artifact, files: files.artifact, count })
    }

    fn segment(&self, list: &SegmentList, (repo, name): (usize, &str)) -> Result<SegmentPieces, QueryError> {
        let merged = |table: &str| {
            let piece = list.pieces.iter().find(|p| p.node == self.index && p.table == table);
            piece.ok_or_else(|| missing(list, table))
        };
        let stats = merged("chunk_stats")?;
        let total = |name: &str| stats.stats.get(name).copied().ok_or_else(|| no_total(list, name));
        let mut lengths = [0; FIELDS.len()];
        for (slot, field) in lengths.iter_mut().zip(FIELDS) {
            *slot = total(field.length_column())?;
        }
        let mut out = SegmentPieces {
            repo,
            repo_name: name.to_owned(),
            mode: list.mode,
            files: list.shards.iter().map(|shard| shard.files).sum(),
            docs: total("docs")?,
            lengths,
            postings: merged("postings")?.artifact,
            stats: stats.artifact,
            trigrams: self.trigrams(list),
            shards: Vec::with_capacity(list.shards.len()),
        };
        for shard in &list.shards {
            let piece = |node: &str, table: &str| shard.pieces.iter().find(|p| p.node == node && p.table == table);
            let chunks = piece(self.chunk, "chunks").ok_or_else(|| missing(list, "chunks"))?;
            out.shards.push(ShardPieces {
                bytes: shard.bytes,
                chunks: chunks.artifact,
                symbols: piece(self.chunk, "symbols").map(|p| p.artifact),
                extracted: chunks.stats.contains_key(EXTRACTED_ROWS),
                files: self.files.and_then(|node| piece(node, "files")).map(|p| p.artifact),
            });
        }
        Ok(out)
    }
}

fn missing(list: &SegmentList, table: &str) -> QueryError {
    QueryError::Manifest { what: format!("segment {} names no `{table}`", list.id) }
}

fn no_total(list: &SegmentList, name: &str) -> QueryError {
    QueryError::Manifest { what: format!("segment {} has no total `{name}`", list.id) }
}
