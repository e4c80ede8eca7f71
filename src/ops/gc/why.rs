//! What keeps an object, in a person's words.

use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::store::gc::{Holder, Keeper, NamedObject};
use crate::store::verify::PlaceUnit;
use crate::store::{GitBuild, Store, StoreError};

use super::super::context::Context;
use super::super::error::OpsError;
use super::error::GcError;
use super::report::{Amount, GcUnknown};
use super::run::{GRACE, asked, expired, unknown};

/// What holds a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GcHolderKind {
    /// HEAD's generation.
    Latest,
    /// The generation before it.
    Previous,
    /// A generation that `builds:` retains.
    Generation,
    /// A generation that only a reader keeps.
    Reader,
    Snapshot,
    /// A commit that was built.
    Commit,
}

/// One holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GcHolder {
    pub kind: GcHolderKind,
    /// Of the generation, snapshot or commit.
    pub id: String,
}

/// Where in a build an object stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GcPlace {
    pub node: String,
    pub table: String,
    pub mode: String,
    pub unit: PlaceUnit,
    /// Of the shard or segment.
    pub id: String,
}

/// A build that has the object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct GcKeeper {
    /// The directory's name of another workspace; null: this one.
    pub workspace: Option<String>,
    pub repo: String,
    pub build: String,
    pub holders: Vec<GcHolder>,
    pub places: Vec<GcPlace>,
}

/// What keeps an object.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GcWhyReport {
    pub ok: bool,
    /// Its hash.
    pub object: String,
    /// Its files; null where it is not there.
    pub amount: Option<Amount>,
    /// Empty: nothing needs it.
    pub keepers: Vec<GcKeeper>,
    /// Since when it is condemned, RFC 3339, UTC; null where no collection condemned it.
    pub condemned_since: Option<String>,
    /// Records that cannot be read: they may keep it too.
    pub unknown: Vec<GcUnknown>,
}

/// What keeps the object that `text` names: a hash, the beginning of one, or a path from `from`.
pub fn why(context: &Context, text: &str, from: &Path) -> Result<GcWhyReport, OpsError> {
    let workspace = context.workspace()?;
    let store = context.store(&workspace)?;
    let object = match store.object_named(text, from)? {
        NamedObject::One(object) => object,
        NamedObject::None => return Err(GcError::Unknown { asked: text.to_owned() }.into()),
        NamedObject::Several(several) => {
            let several: Vec<String> = several.iter().map(|hash| format!("`{}`", hash.short())).collect();
            let help = format!("write more of it: {}", several.join(", "));
            return Err(GcError::Ambiguous { asked: text.to_owned(), help }.into());
        }
    };
    let expired = |records: &[GitBuild]| expired(&workspace, records, context.clock.now());
    let plan = store.gc_plan(&asked(context, &workspace, GRACE, &expired))?;
    let kept = store.why_kept(&object, &plan)?;
    if kept.amount.is_none() && kept.keepers.is_empty() {
        return Err(GcError::Unknown { asked: text.to_owned() }.into());
    }
    let since = store.condemned_since(&object)?;
    let known = Known::of(&store)?;
    Ok(GcWhyReport {
        ok: true,
        object: object.hex(),
        amount: kept.amount,
        keepers: kept.keepers.iter().map(|keeper| told(keeper, &known, plan.read())).collect(),
        condemned_since: kept.condemned.and(since).map(|since| since.to_string()),
        unknown: unknown(&kept.unknown),
    })
}

/// The generations of this workspace that have a name.
struct Known {
    head: Option<String>,
    previous: Option<String>,
}

impl Known {
    /// What cannot be read of them is told as unknown already.
    fn of(store: &Store) -> Result<Self, StoreError> {
        let or_none = |e: StoreError| if e.is_damage() { Ok(None) } else { Err(e) };
        let head = store.head().or_else(or_none)?;
        let provenance = match &head {
            Some(head) => store.provenance(head).or_else(|e| if e.is_damage() { Ok(None) } else { Err(e) })?,
            None => None,
        };
        Ok(Self { head, previous: provenance.and_then(|provenance| provenance.previous) })
    }
}

fn told(keeper: &Keeper, known: &Known, read: &std::collections::BTreeSet<String>) -> GcKeeper {
    let is_ours = keeper.workspace.is_none();
    let holder = |holder: &Holder| match holder {
        Holder::Generation(id) => {
            let kind = match Some(id) {
                _ if !is_ours => GcHolderKind::Generation,
                id if id == known.head.as_ref() => GcHolderKind::Latest,
                id if id == known.previous.as_ref() => GcHolderKind::Previous,
                Some(id) if read.contains(id) => GcHolderKind::Reader,
                _ => GcHolderKind::Generation,
            };
            GcHolder { kind, id: id.clone() }
        }
        Holder::Snapshot(id) => GcHolder { kind: GcHolderKind::Snapshot, id: id.clone() },
        Holder::Commit { commit, .. } => GcHolder { kind: GcHolderKind::Commit, id: commit.clone() },
    };
    let places = keeper.places.iter().map(|place| GcPlace {
        node: place.node.clone(),
        table: place.table.clone(),
        mode: place.mode.name().to_owned(),
        unit: place.unit,
        id: place.id.clone(),
    });
    GcKeeper {
        workspace: keeper.workspace.as_deref().map(redacted),
        repo: keeper.repo.clone(),
        build: keeper.build.clone(),
        holders: keeper.holders.iter().map(holder).collect(),
        places: places.collect(),
    }
}

/// The name of the directory that a state directory is in: no path of this machine is told.
fn redacted(state: &Path) -> String {
    let name = state.parent().and_then(Path::file_name).or_else(|| state.file_name()).unwrap_or_default();
    format!("…/{}", name.to_string_lossy())
}
