//! Every name and magic number on disk.
//!
//! ```text
//! cache/
//!   format.json                       the cache's format; a newer one is refused untouched
//!   LOCK                              kernel lock of the one writer; never deleted
//!   holder.json                       who took it last, for the message to the next one
//!   objects/<2>/<62>.parquet          an artifact, named by the BLAKE3 of its bytes; mode 0444; written once
//!   objects/<2>/<62>.blocks           beside one above 256 KiB: BLAKE3 chaining values of its 64 KiB blocks
//!   memo/<64>.memo                    action key → outputs; a piece is named by the BLAKE3 of its bytes
//!   roots/<64>.json                   a workspace that uses this cache, for garbage collection
//!   quarantine/                       what was damaged, set aside
//!   condemned.json                    objects that nothing needs, and since when that is known: the next collections
//!                                     delete them
//!   suspects/<64>                     an object that a reader found damaged: the next writer looks at it first
//!   tmp/                              temporaries of the one writer
//! state/
//!   .gitignore                        `*`
//!   format.json  LOCK  tmp/           as above
//!   HEAD.json                         → generation; swapped last
//!   generations/<id>.json             immutable
//!   generations/<id>.provenance.json  refreshed by every build
//!   builds/<repo>/<id>/root.json      first level of a manifest
//!   builds/<repo>/<id>/view/node=<node>/table=<table>/part-<5>.parquet → object
//!   builds/<repo>/lists/<64>.json     second level, named by the BLAKE3 of its bytes; shared between builds
//!   builds/<pipeline>@<node>/…        the same of a node of a pipeline of workspace scope; its lists are one a
//!                                     repository, and the manifest of the workspace is among them
//!   leases/<generation>               locked shared by readers; `git-<commit>-<repo>` for the build of a commit
//!   views/<generation>/repo=<repo> → ../../builds/<repo>/<id>/view; `repo=<pipeline>@<node>` likewise
//!   views/<generation>/workspace_manifest.json → that of the first node of the workspace
//!   latest → views/<generation>
//!   snapshots/<id>/snapshot.json      a snapshot; immutable
//!   snapshots/<id>/tags.json          its tags, where they are not those that it was made with
//!   snapshots/<id>/frozen.json        how it was frozen; written last
//!   snapshots/<id>/frozen/            a store of its own: a state directory with its cache inside
//!   snapshots/manifest.json           index of the records; made again where lost
//!   diffs/<id>/inputs.json            what was compared
//!   diffs/<id>/events.parquet         the events
//!   diffs/<id>/summary.json           totals, and the hash of the events; written last
//!   git/<repo>/<commit>.json          the newest build of a commit
//!   condemned.json                    generations, builds and lists that nothing needs, as in the cache
//!   decisions.json                    which files are not read any more, and why; enters keys, found out again where lost
//!   ledger/runs/<8 digits>.json       what the last runs did and why; disposable
//!   ledger/failures/<8 digits>-<16>.parquet
//!   ledger/history/…                  rows of runs: the newest one, and the head of the BLAKE3 of the bytes; disposable
//!   ledger/suspect                    a reader found a piece of these damaged: the next writer looks at all
//!   answers/<64>.json                 answers of searches, by what they were asked; disposable
//!   stat/<repo>                       stat cache; `<repo>@git` for its commits; disposable
//!   stamp.json                        the object directories' times, for the null check; disposable
//! ```
//!
//! A JSON file that is not named by its hash is an envelope with a checksum (`envelope.rs`).
//!
//! **Memo piece**, integers little endian:
//!
//! ```text
//! 8 bytes   "SAWMEMO1"
//! u64       sequence: of two pieces with one key, the higher is the newer
//! u32       count
//! count × ( key: 32 bytes, end: u32 )      sorted by key; entry i is body[end of i−1 .. end of i]
//! body:  entry = outputs, ingredients
//!        outputs = u32 count × ( text table, 32 bytes artifact, u64 rows, u64 bytes, u32 count × (text, u64) )
//!        ingredients = u32 count × ( text, text );  text = u32 length, UTF-8
//! ```
//!
//! **Blocks**: 32-byte chaining values and nothing else; joined by BLAKE3's own tree they give the object's name, so
//! they need no checksum.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::model::{Generation, workspace_name};
use crate::base::Digest;

/// Format of the store and of its JSON records.
pub const FORMAT: u32 = 1;

pub(super) const MEMO_MAGIC: &[u8; 8] = b"SAWMEMO1";

/// Objects larger than this have a `.blocks` file.
pub(super) const BLOCKS_ABOVE: usize = 256 << 10;
/// What is verified at once in such an object.
pub(super) const BLOCK: usize = 64 << 10;
/// More pieces than this in a directory are merged into one.
pub(super) const MAX_PIECES: usize = 16;

pub(super) const MODE_FILE: u32 = 0o644;
pub(super) const MODE_OBJECT: u32 = 0o444;

pub(super) const FORMAT_FILE: &str = "format.json";
pub(super) const LOCK_FILE: &str = "LOCK";

pub(super) const MEMO_EXTENSION: &str = "memo";

/// Where everything stands.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub cache: PathBuf,
    pub state: PathBuf,
}

impl Layout {
    pub(super) fn holder(&self) -> PathBuf {
        self.cache.join("holder.json")
    }

    pub(super) fn objects(&self) -> PathBuf {
        self.cache.join("objects")
    }

    pub(super) fn object_dir(&self, hash: &Digest) -> PathBuf {
        self.objects().join(hash.prefix_hex(2))
    }

    pub(super) fn object(&self, hash: &Digest) -> PathBuf {
        self.object_dir(hash).join(object_name(hash, "parquet"))
    }

    pub(super) fn blocks(&self, hash: &Digest) -> PathBuf {
        self.object_dir(hash).join(object_name(hash, "blocks"))
    }

    pub(super) fn memo(&self) -> PathBuf {
        self.cache.join("memo")
    }

    pub(super) fn roots(&self) -> PathBuf {
        self.cache.join("roots")
    }

    pub(super) fn root_of_workspace(&self, workspace: &Digest) -> PathBuf {
        self.roots().join(format!("{workspace}.json"))
    }

    pub(super) fn quarantine(&self) -> PathBuf {
        self.cache.join("quarantine")
    }

    /// What garbage collection found that nothing needs, of the cache.
    pub(super) fn condemned_in_cache(&self) -> PathBuf {
        self.cache.join("condemned.json")
    }

    /// The same of this workspace.
    pub(super) fn condemned_in_state(&self) -> PathBuf {
        self.state.join("condemned.json")
    }

    pub(super) fn suspects(&self) -> PathBuf {
        self.cache.join("suspects")
    }

    pub(super) fn suspect(&self, hash: &Digest) -> PathBuf {
        self.suspects().join(hash.hex())
    }

    pub(super) fn cache_tmp(&self) -> PathBuf {
        self.cache.join("tmp")
    }

    pub(super) fn state_tmp(&self) -> PathBuf {
        self.state.join("tmp")
    }

    pub(super) fn gitignore(&self) -> PathBuf {
        self.state.join(".gitignore")
    }

    pub(super) fn head(&self) -> PathBuf {
        self.state.join("HEAD.json")
    }

    pub(super) fn generations(&self) -> PathBuf {
        self.state.join("generations")
    }

    pub(super) fn generation(&self, id: &str) -> PathBuf {
        self.generations().join(format!("{id}.json"))
    }

    pub(super) fn provenance(&self, id: &str) -> PathBuf {
        self.generations().join(format!("{id}.provenance.json"))
    }

    pub(super) fn answers(&self) -> PathBuf {
        self.state.join("answers")
    }

    pub(super) fn answer(&self, key: &Digest) -> PathBuf {
        self.answers().join(format!("{key}.json"))
    }

    pub(super) fn builds(&self) -> PathBuf {
        self.state.join("builds")
    }

    pub(super) fn build(&self, repo: &str, id: &str) -> PathBuf {
        self.builds().join(repo).join(id)
    }

    pub(super) fn build_root(&self, repo: &str, id: &str) -> PathBuf {
        self.build(repo, id).join("root.json")
    }

    pub(super) fn build_view(&self, repo: &str, id: &str) -> PathBuf {
        self.build(repo, id).join("view")
    }

    pub(super) fn lists(&self, repo: &str) -> PathBuf {
        self.builds().join(repo).join("lists")
    }

    pub(super) fn list(&self, repo: &str, hash: &Digest) -> PathBuf {
        self.lists(repo).join(format!("{hash}.json"))
    }

    pub(super) fn leases(&self) -> PathBuf {
        self.state.join("leases")
    }

    pub(super) fn lease(&self, generation: &str) -> PathBuf {
        self.leases().join(generation)
    }

    pub(super) fn views(&self) -> PathBuf {
        self.state.join("views")
    }

    pub(super) fn view(&self, generation: &str) -> PathBuf {
        self.views().join(generation)
    }

    pub(super) fn stats(&self) -> PathBuf {
        self.state.join("stat")
    }

    pub(super) fn stat(&self, repo: &str) -> PathBuf {
        self.stats().join(repo)
    }

    pub(super) fn runs(&self) -> PathBuf {
        self.state.join("ledger").join("runs")
    }

    pub(super) fn run(&self, number: u64) -> PathBuf {
        self.runs().join(format!("{number:08}.json"))
    }

    /// Where the pieces of a table of the ledger stand.
    pub(super) fn ledger(&self, table: &str) -> PathBuf {
        self.state.join("ledger").join(table)
    }

    pub(super) fn suspect_ledger(&self) -> PathBuf {
        self.state.join("ledger").join("suspect")
    }

    pub(super) fn stamp(&self) -> PathBuf {
        self.state.join("stamp.json")
    }

    pub(super) fn decisions(&self) -> PathBuf {
        self.state.join("decisions.json")
    }

    pub(super) fn latest(&self) -> PathBuf {
        self.state.join("latest")
    }

    pub(super) fn snapshots(&self) -> PathBuf {
        self.state.join("snapshots")
    }

    pub(super) fn snapshot_index(&self) -> PathBuf {
        self.snapshots().join("manifest.json")
    }

    pub(super) fn snapshot(&self, id: &str) -> PathBuf {
        self.snapshots().join(id)
    }

    pub(super) fn snapshot_record(&self, id: &str) -> PathBuf {
        self.snapshot(id).join("snapshot.json")
    }

    pub(super) fn snapshot_tags(&self, id: &str) -> PathBuf {
        self.snapshot(id).join("tags.json")
    }

    pub(super) fn frozen_record(&self, id: &str) -> PathBuf {
        self.snapshot(id).join("frozen.json")
    }

    /// A state directory; its cache is `cache` inside.
    pub(super) fn frozen(&self, id: &str) -> PathBuf {
        self.snapshot(id).join("frozen")
    }

    pub(super) fn diffs(&self) -> PathBuf {
        self.state.join("diffs")
    }

    pub(super) fn diff(&self, id: &str) -> PathBuf {
        self.diffs().join(id)
    }

    pub(super) fn diff_inputs(&self, id: &str) -> PathBuf {
        self.diff(id).join("inputs.json")
    }

    pub(super) fn diff_summary(&self, id: &str) -> PathBuf {
        self.diff(id).join("summary.json")
    }

    pub(super) fn diff_events(&self, id: &str) -> PathBuf {
        self.diff(id).join("events.parquet")
    }

    pub(super) fn git_builds(&self) -> PathBuf {
        self.state.join("git")
    }

    pub(super) fn git_commits(&self, repo: &str) -> PathBuf {
        self.git_builds().join(repo)
    }

    pub(super) fn git_commit(&self, repo: &str, commit: &str) -> PathBuf {
        self.git_commits(repo).join(format!("{commit}.json"))
    }

    /// What readers of a commit's build lock.
    pub(super) fn git_lease(&self, repo: &str, commit: &str) -> PathBuf {
        self.lease(&git_lease_name(repo, commit))
    }

    /// Directories that the writer makes.
    pub(super) fn directories(&self) -> [PathBuf; 12] {
        [
            self.cache_tmp(),
            self.objects(),
            self.memo(),
            self.roots(),
            self.quarantine(),
            self.suspects(),
            self.state_tmp(),
            self.generations(),
            self.builds(),
            self.leases(),
            self.views(),
            self.stats(),
        ]
    }

    /// The directory that `path` belongs to, its word, and the rest of the path. The deeper of the two decides: the
    /// cache is inside the state by default.
    fn area_of<'a>(&self, path: &'a Path) -> Option<(&'static str, &'a Path)> {
        let cache = path.strip_prefix(&self.cache).map(|inside| ("cache", inside));
        let state = path.strip_prefix(&self.state).map(|inside| ("state", inside));
        match (cache, state) {
            (Ok(cache), Ok(state)) if state.1.as_os_str().len() < cache.1.as_os_str().len() => Some(state),
            (Ok(cache), _) => Some(cache),
            (_, state) => state.ok(),
        }
    }

    /// The name of a file inside the store, as it enters the file's checksum: the same on every machine.
    pub(super) fn name_of(&self, path: &Path) -> String {
        self.area_of(path).map_or_else(String::new, |(area, inside)| format!("{area}/{}", inside.to_string_lossy()))
    }

    /// Where temporaries that will be renamed to `path` are written.
    pub(super) fn tmp_beside(&self, path: &Path) -> PathBuf {
        match self.area_of(path) {
            Some(("cache", _)) => self.cache_tmp(),
            _ => self.state_tmp(),
        }
    }
}

fn object_name(hash: &Digest, extension: &str) -> String {
    let hex = hash.hex();
    format!("{}.{extension}", hex.get(2..).unwrap_or_default())
}

/// The name of the lease of a commit's build.
pub(super) fn git_lease_name(repo: &str, commit: &str) -> String {
    format!("git-{commit}-{repo}")
}

/// The target of `latest`.
pub(super) fn latest_target(generation: &str) -> PathBuf {
    Path::new("views").join(generation)
}

/// The name of a repository's link in a view, and its target.
pub(super) fn repo_link(repo: &str, build: &str) -> (String, PathBuf) {
    (format!("repo={repo}"), Path::new("../../builds").join(repo).join(build).join("view"))
}

/// Name of a workspace's manifest in views.
pub(super) const WORKSPACE_MANIFEST: &str = "workspace_manifest.json";

/// From the view of a build of a node of the workspace to its manifest.
pub(super) fn manifest_target(manifest: &Digest) -> PathBuf {
    Path::new("../../lists").join(format!("{manifest}.json"))
}

/// The links in the view of a generation. The manifest is that of the first node of the workspace, by name.
pub(super) fn view_links(generation: &Generation) -> BTreeMap<String, PathBuf> {
    let mut links: BTreeMap<String, PathBuf> =
        generation.builds().map(|(name, build)| repo_link(&name, &build.build)).collect();
    if let Some(node) = generation.workspace.keys().next() {
        let target = Path::new(&format!("repo={}", workspace_name(node))).join(WORKSPACE_MANIFEST);
        links.insert(WORKSPACE_MANIFEST.to_owned(), target);
    }
    links
}

/// `b-` or `g-` and twelve hexadecimal characters.
pub(super) fn is_id(prefix: &str, id: &str) -> bool {
    id.strip_prefix(prefix)
        .is_some_and(|hex| hex.len() == 12 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// `snap-YYYYMMDD-HHMMSS-` and six hexadecimal characters, then `-` and a counter where that was taken.
pub(super) fn is_snapshot_id(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("snap-") else { return false };
    let mut parts = rest.split('-');
    let (day, time, hex, counter) = (parts.next(), parts.next(), parts.next(), parts.next());
    let digits =
        |text: Option<&str>, len: usize| text.is_some_and(|t| t.len() == len && t.bytes().all(|b| b.is_ascii_digit()));
    let is_hex = hex.is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
    let counted = counter.is_none_or(|n| (1..=4).contains(&n.len()) && n.bytes().all(|b| b.is_ascii_digit()));
    digits(day, 8) && digits(time, 6) && is_hex && counted && parts.next().is_none()
}

/// `diff_` and 16 hexadecimal characters.
pub(super) fn is_diff_id(id: &str) -> bool {
    id.strip_prefix("diff_")
        .is_some_and(|hex| hex.len() == 16 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// A commit's hexadecimal id: 40 characters (SHA-1) or 64 (SHA-256).
pub(super) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// May this text be one part of a path? Names come from files that could have been written by anyone.
pub(super) fn is_part(name: &str) -> bool {
    !name.is_empty() && name.len() <= 200 && !matches!(name, "." | ".." | "lists") && !name.contains(['/', '\0'])
}
