//! Scanning a repository: its files, cut into shards and segments, and the one digest that tells whether
//! anything has to be done at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::{Digest, KeyHasher, RelPath};
use crate::plan::RepoPlan;
use crate::source::{
    self, CommitError, CommittedTree, CutParams, Notice, PathVerdict, ScanRequest, Segment, SourceError, SourceFile,
    StatCache, Unusable,
};

use crate::store::{StoreNotice, Writer, git_stat_name};

use super::action::guard::guarded;
use super::assemble;
use super::decisions::Decisions;
use super::event::Event;
use super::failure::Failure;
use super::key::write_file;
use super::services::Services;

/// A repository as it stood at the scan.
pub struct Scanned {
    pub name: Arc<str>,
    pub segments: Arc<Vec<Segment>>,
    /// Digest of the plan and all files.
    base_key: Digest,
    pub files: u64,
    pub bytes: u64,
    pub notices: Vec<Notice>,
}

impl Scanned {
    /// Digest of the plan, all files and what is decided of them: equal means that nothing is to do.
    pub fn root_key(&self, decisions: &Decisions) -> Digest {
        let files = self.segments.iter().flat_map(|segment| &segment.shards).flat_map(|shard| &shard.files);
        match decisions.digest(files) {
            Some(decided) => KeyHasher::new("sawmill.root-decided.v1").digest(&self.base_key).digest(&decided).finish(),
            None => self.base_key,
        }
    }
}

/// Scans one repository with the help of its stat cache; a writer leaves a fresh one. Of a commit, `tree` is what the
/// services read: it has a stat cache of its own, and what cannot be read of it fails the scan.
pub fn scan(
    services: &Services,
    writer: Option<&Writer>,
    repo: &RepoPlan,
    tree: Option<&CommittedTree>,
    threads: usize,
) -> Result<Scanned, Failure> {
    let name: Arc<str> = repo.name.as_str().into();
    let stat = if tree.is_some() { git_stat_name(&repo.name) } else { repo.name.clone() };
    let old = stat_cache(services, &repo.name, &stat);
    let never = never(services);
    let request = request(services, repo, &never, threads);
    let now = services.clock.now();
    let scanned = source::scan(&*services.vfs, &request, &old, now);
    services.cancel.check().map_err(|_| Failure::cancelled())?;
    whole(tree, &repo.name)?;
    let (scan, fresh) = scanned.map_err(|e| failure(&e, &repo.name))?;
    if let Some(writer) = writer
        && fresh.is_news(&old, scan.hashed)
        && let Err(error) = writer.replace_stat(&stat, &fresh.encode())
    {
        services.notice(&error, Some(&repo.name));
    }
    services.tell(Event::Scanned {
        repo: Arc::clone(&name),
        files: scan.files.len(),
        bytes: scan.bytes,
        hashed: scan.hashed,
    });
    services.notice_source(&name, &scan.notices);
    // Asks every kind for its definitions, all of them for the first time: a panic in one comes up here.
    let root_key = guarded(&repo.name, || Ok(root_key(repo, &services.cut, &scan.files)))?;
    Ok(Scanned {
        name,
        base_key: root_key,
        files: scan.files.len() as u64,
        bytes: scan.bytes,
        notices: scan.notices,
        segments: Arc::new(source::cut(scan.files, &services.cut)),
    })
}

/// Was all of a commit's tree read that was asked for?
pub(super) fn whole(tree: Option<&CommittedTree>, repo: &str) -> Result<(), Failure> {
    match tree.and_then(CommittedTree::fault) {
        Some(fault) => Err(of_commit(fault, repo)),
        None => Ok(()),
    }
}

pub(super) fn of_commit(error: &CommitError, repo: &str) -> Failure {
    Failure::of(error, error.tier(), &format!("repository `{repo}`"))
}

/// What every scan of a repository asks for.
fn request<'a>(services: &'a Services, repo: &'a RepoPlan, never: &'a [PathBuf], threads: usize) -> ScanRequest<'a> {
    ScanRequest {
        root: &repo.root,
        include: &repo.include,
        exclude: &repo.exclude,
        languages: &repo.languages,
        limits: &services.limits,
        never,
        threads,
        cancel: &services.cancel,
    }
}

/// The directories of this machine that no scan enters.
fn never(services: &Services) -> [PathBuf; 2] {
    let dirs = services.store.dirs();
    [dirs.state.clone(), dirs.cache.clone()]
}

/// What a scan of `repo` decides about `path`, and why.
pub fn explain(services: &Services, repo: &RepoPlan, path: &RelPath) -> Result<PathVerdict, Failure> {
    let never = never(services);
    let request = request(services, repo, &never, 1);
    source::explain(&*services.vfs, &request, path).map_err(|e| failure(&e, &repo.name))
}

/// What the last scan left. A stat cache is disposable: one that cannot be read costs a second reading of the files,
/// and a notice, because the disk may have worse to come.
fn stat_cache(services: &Services, repo: &str, stat: &str) -> StatCache {
    let bytes = match services.store.stat_cache(stat) {
        Ok(bytes) => bytes,
        Err(error) => {
            services.notice(&error, Some(repo));
            None
        }
    };
    match bytes.map(|bytes| StatCache::decode(&bytes)) {
        Some(Ok(cache)) => cache,
        Some(Err(unusable @ (Unusable::Damaged | Unusable::Foreign))) => {
            let what = format!("the stat cache is not believed, {unusable}: every file was read");
            services.notice_store(&StoreNotice { path: services.store.stat_cache_path(stat), what });
            StatCache::default()
        }
        Some(Err(Unusable::OtherVersion)) | None => StatCache::default(),
    }
}

fn failure(error: &SourceError, repo: &str) -> Failure {
    match error {
        SourceError::Cancelled(_) => Failure::cancelled(),
        other => Failure::of(other, other.tier(), &format!("repository `{repo}`")),
    }
}

/// The digest of everything that decides a repository's build and its manifest.
pub fn root_key(repo: &RepoPlan, cut: &CutParams, files: &[SourceFile]) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.root.v3");
    hasher.add(&repo.name).digest(&repo.config_digest).digest(&cut.digest());
    // These stand in the manifest and move no output.
    hasher.add(&repo.pipeline).add(&repo.serve.and_then(|at| repo.nodes.get(at)).map(|n| n.name.as_str()));
    let languages: BTreeSet<Option<&str>> = files.iter().map(|f| f.language.as_deref()).collect();
    for node in &repo.nodes {
        let definitions: BTreeMap<&str, Digest> =
            languages.iter().map(|l| (l.unwrap_or(""), node.kind.definition_digest(*l))).collect();
        hasher.add(&node.name).digest(&node.chain).int(definitions.len() as u64);
        for (language, digest) in definitions {
            hasher.add(language).digest(&digest);
        }
        // Of all languages, not of those here: what stands in the manifest must be what this program would write.
        hasher.add(&assemble::cohort(node));
    }
    hasher.int(files.len() as u64);
    for file in files {
        write_file(&mut hasher, file);
    }
    hasher.finish()
}
