//! Scanning a repository: its files, cut into shards and segments, and the one digest that tells whether
//! anything has to be done at all.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::{Digest, KeyHasher};
use crate::plan::RepoPlan;
use crate::source::{self, CutParams, Notice, ScanRequest, Segment, SourceError, SourceFile, StatCache};

use crate::store::Writer;

use super::action::guard::guarded;
use super::event::Event;
use super::failure::Failure;
use super::key::write_file;
use super::services::Services;

/// A repository as it stood at the scan.
pub struct Scanned {
    pub name: Arc<str>,
    pub segments: Vec<Segment>,
    /// Digest of the plan and all files: equal means that nothing is to do.
    pub root_key: Digest,
    pub files: u64,
    pub bytes: u64,
    pub notices: Vec<Notice>,
}

/// Scans one repository with the help of its stat cache; a writer leaves a fresh one.
pub fn scan(services: &Services, writer: Option<&Writer>, repo: &RepoPlan, threads: usize) -> Result<Scanned, Failure> {
    let name: Arc<str> = repo.name.as_str().into();
    let store = &services.store;
    // A stat cache is disposable: one that cannot be read costs a second reading of the files.
    let old = store.stat_cache(&repo.name).and_then(|bytes| StatCache::decode(&bytes).ok()).unwrap_or_default();
    let never = [store.dirs().state.clone(), store.dirs().cache.clone()];
    let request = ScanRequest {
        root: &repo.root,
        include: &repo.include,
        exclude: &repo.exclude,
        languages: &repo.languages,
        limits: &services.limits,
        never: &never,
        threads,
        cancel: &services.cancel,
    };
    let now = services.clock.now();
    let (scan, fresh) = source::scan(&*services.vfs, &request, &old, now).map_err(|e| failure(&e, &repo.name))?;
    services.cancel.check().map_err(|_| Failure::cancelled())?;
    if let Some(writer) = writer
        && fresh.is_news(&old, scan.hashed)
        && let Err(error) = writer.replace_stat(&repo.name, &fresh.encode())
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
        root_key,
        files: scan.files.len() as u64,
        bytes: scan.bytes,
        notices: scan.notices,
        segments: source::cut(scan.files, &services.cut),
    })
}

fn failure(error: &SourceError, repo: &str) -> Failure {
    match error {
        SourceError::Cancelled(_) => Failure::cancelled(),
        other => Failure::of(other, other.tier(), &format!("repository `{repo}`")),
    }
}

/// The digest of everything that decides a repository's build and its manifest.
pub fn root_key(repo: &RepoPlan, cut: &CutParams, files: &[SourceFile]) -> Digest {
    let mut hasher = KeyHasher::new("sawmill.root.v2");
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
    }
    hasher.int(files.len() as u64);
    for file in files {
        write_file(&mut hasher, file);
    }
    hasher.finish()
}
