//! Which repositories, segments and artifacts a request reaches.

use std::collections::BTreeSet;

use super::request::{RepoStatus, SearchRequest, SearchedRepo};
use crate::base::{Digest, Mode, parallel};
use crate::nodes::chunk::EXTRACTED_ROWS;
use crate::nodes::index::FIELDS;
use crate::query::cache::Cache;
use crate::query::error::{QueryError, did_you_mean};
use crate::query::parse::{FilterKind, Query};
use crate::query::pieces::{Pieces, RepoEntry};
use crate::store::{BuildRoot, NodeRecord, Piece, SegmentList};

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
#[derive(Debug)]
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

/// Chooses repositories, and within them the segments of the wanted modes.
pub fn select(
    pieces: &dyn Pieces,
    cache: &Cache,
    request: &SearchRequest,
    query: &Query,
) -> Result<Selection, QueryError> {
    let mut selection = Selection::default();
    for entry in choose_repos(pieces.repos(), request, query)? {
        let repo = selection.repos.len();
        let mut searched = SearchedRepo {
            name: entry.name.clone(),
            build: entry.build.clone(),
            status: RepoStatus::Ok,
            stale: entry.stale,
            message: None,
            chunks: 0,
        };
        match repo_segments(pieces, cache, request, query, (&entry, repo)) {
            Ok(Some((segments, skipped))) => {
                selection.skipped += skipped;
                searched.chunks = segments.iter().map(|s| s.docs).sum();
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
    Ok(selection)
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

    /// An answer of nothing would be no answer where nothing could be searched.
    pub fn refuse_nothing(&mut self) -> Result<(), QueryError> {
        match self.failure.take() {
            Some(source) if self.repos.iter().all(|repo| repo.status != RepoStatus::Ok) => {
                let repos = self.repos.iter().map(|repo| format!("`{}`", repo.name)).collect::<Vec<_>>().join(", ");
                Err(QueryError::Unreadable { repos, source: Box::new(source) })
            }
            _ => Ok(()),
        }
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
    searched.status = RepoStatus::Error;
    searched.message = Some(message);
    searched.chunks = 0;
}

fn choose_repos(all: Vec<RepoEntry>, request: &SearchRequest, query: &Query) -> Result<Vec<RepoEntry>, QueryError> {
    let known = all.clone();
    let names: Vec<&str> = known.iter().map(|r| r.name.as_str()).collect();
    for wanted in &request.select {
        if !names.contains(&wanted.as_str()) {
            let help = did_you_mean(wanted, &names);
            return Err(QueryError::UnknownRepository { name: wanted.clone(), help });
        }
    }
    let mut chosen = all;
    chosen.retain(|repo| {
        let named = request.select.contains(&repo.name);
        let tags: Vec<&str> = repo.tags.iter().map(String::as_str).collect();
        (named || request.select.is_empty())
            && (named || repo.enabled || request.include_disabled)
            && (request.tags.is_empty() || request.tags.iter().any(|t| repo.tags.contains(t)))
            && query.admits(FilterKind::Tag, &tags)
            && query.admits(FilterKind::Repo, &[&repo.name])
    });
    if chosen.is_empty() {
        return Err(QueryError::EmptySelection { help: nearest(query, request, &known) });
    }
    chosen.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.name.cmp(&b.name)));
    Ok(chosen)
}

/// What may have been meant, where no repository is left.
fn nearest(query: &Query, request: &SearchRequest, all: &[RepoEntry]) -> String {
    let asked = |kind| query.filters.iter().find(|f| f.kind == kind && !f.excludes).map(|f| f.value.as_str());
    if let Some(name) = asked(FilterKind::Repo) {
        return did_you_mean(name, &all.iter().map(|repo| repo.name.as_str()).collect::<Vec<_>>());
    }
    let tags: BTreeSet<&str> = all.iter().flat_map(|repo| &repo.tags).map(String::as_str).collect();
    match asked(FilterKind::Tag).or(request.tags.first().map(String::as_str)) {
        Some(tag) if !tags.is_empty() => did_you_mean(tag, &tags.into_iter().collect::<Vec<_>>()),
        _ => "`sawmill status` lists the repositories, their tags, and which are enabled".into(),
    }
}

/// Its segments of the wanted modes, and how many there are of others; `None` where the repository serves no index.
fn repo_segments(
    pieces: &dyn Pieces,
    cache: &Cache,
    request: &SearchRequest,
    query: &Query,
    (entry, repo): (&RepoEntry, usize),
) -> Result<Option<(Vec<SegmentPieces>, usize)>, QueryError> {
    let build = pieces.build(&entry.name)?;
    let Some(served) = build.serve.as_deref() else { return Ok(None) };
    let nodes = Nodes::of(&build, served)?;
    let wants = |mode| request.wants(query, mode);
    let read = parallel::map(request.threads, &build.segments, |segment| {
        let (own, extracted) = (wants(segment.mode), segment.mode == Mode::Code && wants(Mode::ExtractedProse));
        if !own && !extracted {
            return Ok(None);
        }
        let list = cache.segment_list(pieces, &entry.name, &segment.list)?;
        (own || nodes.has_extracted(&list)).then(|| nodes.segment(&list, (repo, &entry.name))).transpose()
    });
    let read: Vec<Option<SegmentPieces>> = read.into_iter().collect::<Result<_, QueryError>>()?;
    let out: Vec<SegmentPieces> = read.into_iter().flatten().collect();
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
    fn of(build: &'a BuildRoot, served: &'a str) -> Result<Self, QueryError> {
        let find = |name: &str| build.nodes.iter().find(|n| n.name == name);
        let missing = |name: &str| QueryError::Manifest { what: format!("build {} has no node `{name}`", build.id) };
        let index = find(served).ok_or_else(|| missing(served))?;
        let chunk = index.inputs.get("chunks").ok_or_else(|| missing("chunks"))?;
        let chunk_node = find(chunk).ok_or_else(|| missing(chunk))?;
        let files = above_with_table(build, chunk_node, "files");
        Ok(Self { index: &index.name, chunk: &chunk_node.name, files: files.map(|n| n.name.as_str()) })
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

/// The nearest node at or above `from` that writes `table`.
fn above_with_table<'a>(build: &'a BuildRoot, from: &'a NodeRecord, table: &str) -> Option<&'a NodeRecord> {
    let mut open = vec![from];
    let mut seen = 0;
    while let Some(node) = open.get(seen).copied() {
        if node.tables.contains_key(table) {
            return Some(node);
        }
        seen += 1;
        for input in node.inputs.values() {
            let upper = build.nodes.iter().find(|n| n.name == *input);
            open.extend(upper.filter(|u| open.iter().all(|o| o.name != u.name)));
        }
    }
    None
}

fn missing(list: &SegmentList, table: &str) -> QueryError {
    QueryError::Manifest { what: format!("segment {} names no `{table}`", list.id) }
}

fn no_total(list: &SegmentList, name: &str) -> QueryError {
    QueryError::Manifest { what: format!("segment {} has no total `{name}`", list.id) }
}
