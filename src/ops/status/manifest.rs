//! `status --manifest`: what each repository gives to a search, by mode.
//!
//! Everything is of the builds that stand and of git; no tree is scanned, no list of segments and no object is opened.
//! Display fields (tags, priority, `enabled`) and times are no part of the JSON, so that it moves only with what a
//! search could notice, and with commits.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::{Mode, Timestamp};
use crate::config::Workspace;
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::ops::stale::Standing;
use crate::query::federation::{Roster, Seat};
use crate::query::scan::Percent;
use crate::source;
use crate::store::federation::{Availability, MemberMode, Served};
use crate::store::{BuildRoot, RepoProvenance};

/// The workspace's manifest.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ManifestReport {
    pub generation: String,
    /// `ws1-` and 16 hexadecimal characters over the names of the repositories.
    pub repo_set_id: String,
    /// `wm1-` and 16 hexadecimal characters over all that a search could notice.
    pub manifest_hash: String,
    /// By name.
    pub repos: Vec<ManifestRepo>,
}

/// One repository.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ManifestRepo {
    pub name: String,
    pub availability: Availability,
    pub build: Option<String>,
    /// Its last build failed or its root is gone; `build` is the one before.
    pub stale: bool,
    /// The commit that was checked out when it was built.
    pub commit: Option<String>,
    /// Commits of what is checked out now that the built one has not; none where git does not tell.
    pub behind: Option<u64>,
    pub modes: BTreeMap<Mode, ManifestMode>,
    /// When the build was made; times are left out of JSON unless they are asked for.
    #[serde(skip)]
    pub built_at: Option<Timestamp>,
}

/// One mode of it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ManifestMode {
    #[serde(flatten)]
    pub served: MemberMode,
    /// Bytes of source.
    pub bytes: u64,
    pub health: ManifestHealth,
}

/// How well its files are understood, as `stats` has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ManifestHealth {
    /// Files that a parser was asked to read.
    pub files: u64,
    /// Those that it understood whole.
    pub ok: u64,
    /// `100 · ok / files`, rounded down to 0.1; 100 where `files` is 0.
    pub pct: f64,
}

/// The manifest of the generation that stands.
pub fn run(context: &Context) -> Result<ManifestReport, OpsError> {
    let workspace = context.workspace()?;
    let standing = Standing::of(context)?;
    let roster = Roster::of_all(&standing, crate::base::parallel::available());
    let stale = standing.stale(|_| true);
    let known = &standing.pinned.provenance().repos;
    let repo = |seat: Seat| {
        let known = known.get(&seat.entry.name).filter(|_| !seat.entry.build.is_empty());
        let stale = stale.iter().any(|stale| stale.repo == seat.entry.name);
        repo(context, &workspace, (known, stale), seat)
    };
    Ok(ManifestReport {
        generation: standing.pinned.generation().id.clone(),
        repo_set_id: roster.manifest.repo_set_id,
        manifest_hash: roster.manifest.manifest_hash,
        repos: roster.seats.into_iter().map(repo).collect(),
    })
}

fn repo(
    context: &Context,
    workspace: &Workspace,
    (known, stale): (Option<&RepoProvenance>, bool),
    Seat { member, root, .. }: Seat,
) -> ManifestRepo {
    let commit = known.and_then(|known| known.commit.clone());
    let tree = workspace.repos.iter().find(|repo| repo.name == member.name).map(|repo| &repo.root);
    let behind = commit.as_deref().zip(tree).and_then(|(commit, tree)| source::behind(&*context.vfs, tree, commit));
    let modes = member.modes.into_iter().map(|(mode, served)| {
        let (bytes, health) = root.as_ref().map_or((0, ManifestHealth::default()), |root| measured(root, mode));
        (mode, ManifestMode { served, bytes, health })
    });
    ManifestRepo {
        availability: member.availability,
        build: member.build,
        stale,
        behind,
        commit,
        modes: modes.collect(),
        built_at: known.map(|known| known.built_at),
        name: member.name,
    }
}

/// Comments that are rows of their own have neither files nor bytes of their own.
fn measured(root: &BuildRoot, mode: Mode) -> (u64, ManifestHealth) {
    let segments = root.segments.iter().filter(|segment| segment.mode == mode);
    let bytes = segments.clone().map(|segment| segment.bytes).sum();
    let node = Served::of(root).ok().flatten().and_then(|served| served.files);
    let count = |status: &str| -> u64 {
        let name = node.map(|node| format!("{}/files/{status}", node.name)).unwrap_or_default();
        segments.clone().filter_map(|segment| segment.stats.get(&name)).sum()
    };
    let ok = count("ok");
    let files = ok + count("partial") + count("error");
    (bytes, ManifestHealth { files, ok, pct: Percent::of(ok, files).value() })
}
