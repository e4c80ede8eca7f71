//! What keeps an object.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::super::error::{StoreError, StoreNotice, io_at};
use super::super::model::{Piece, SegmentList};
use super::super::open::Store;
use super::super::reach::{Held, Holder};
use super::super::verify::{Amount, PlaceUnit};
use super::item::Item;
use super::plan::{Condemned, GcPlan};
use crate::base::{Digest, Mode, Timestamp};

/// What a person's words for an object come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    One(Digest),
    /// No object's hash begins so, or no object is at that path.
    None,
    /// Several begin so; the first of them.
    Several(Vec<Digest>),
}

/// Where in a build an object stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeeperPlace {
    pub node: String,
    pub table: String,
    pub mode: Mode,
    pub unit: PlaceUnit,
    /// Of the shard or segment.
    pub id: String,
}

/// A build that has the object, and what holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeper {
    /// The state directory of another workspace; none: this one.
    pub workspace: Option<PathBuf>,
    pub repo: String,
    pub build: String,
    pub holders: BTreeSet<Holder>,
    pub places: Vec<KeeperPlace>,
}

/// What keeps an object.
#[derive(Debug)]
pub struct WhyKept {
    pub object: Digest,
    /// Nothing where it is not there.
    pub amount: Option<Amount>,
    pub keepers: Vec<Keeper>,
    /// On the list of the condemned, as the next collection would see it.
    pub condemned: Option<Condemned>,
    /// Records that cannot be read: they may keep it too.
    pub unknown: Vec<StoreNotice>,
}

/// Candidates that an ambiguous name gives.
const NAMED: usize = 5;

impl Store {
    /// The object that `text` means: its hash or the beginning of it, or a path: that of a part in a view, or its own.
    pub fn object_named(&self, text: &str, from: &Path) -> Result<Named, StoreError> {
        if text.contains(['/', '.']) {
            let path = from.join(text);
            let target = match self.vfs().read_link(&path) {
                Ok(target) => target,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Named::None),
                Err(e) if e.kind() == std::io::ErrorKind::InvalidInput => path,
                Err(e) => return Err(io_at("read", &path)(e)),
            };
            return Ok(hash_at(&target).map_or(Named::None, Named::One));
        }
        let text = text.to_ascii_lowercase();
        let mut fit: Vec<Digest> = self.objects_there()?.into_iter().map(|file| file.hash).collect();
        fit.retain(|hash| hash.hex().starts_with(&text));
        fit.dedup();
        Ok(match fit.as_slice() {
            [one] => Named::One(*one),
            // One that is gone can still be named by records.
            [] => text.parse().map_or(Named::None, Named::One),
            several => Named::Several(several.iter().take(NAMED).copied().collect()),
        })
    }

    /// What keeps an object, by the plan that a collection would have now.
    pub fn why_kept(&self, object: &Digest, plan: &GcPlan) -> Result<WhyKept, StoreError> {
        let mut keepers = Vec::new();
        let counts = |holder: &Holder| match holder {
            Holder::Generation(id) => !plan.condemned.contains_key(&Item::Generation(id.clone())),
            Holder::Commit { repo, commit } => {
                !plan.condemned.contains_key(&Item::Commit(repo.clone(), commit.clone()))
            }
            Holder::Snapshot(_) => true,
        };
        self.keepers_in(None, &self.held(&|holder, _| counts(holder)), object, &mut keepers);
        for other in self.other_workspaces()? {
            // What cannot be read is in the plan.
            if let Ok(store) = self.open_other(&other) {
                let state = Some(store.dirs().state.clone());
                store.keepers_in(state, &store.held(&|_, _| true), object, &mut keepers);
            }
        }
        let amount = self.amount_of(&Item::Object(*object))?;
        Ok(WhyKept {
            object: *object,
            amount: (amount.files > 0).then_some(amount),
            keepers,
            condemned: plan.condemned.get(&Item::Object(*object)).copied(),
            unknown: plan.unknown().to_vec(),
        })
    }

    /// When a collection condemned an object; `None` where none did.
    pub fn condemned_since(&self, object: &Digest) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.condemned()?.0.get(&Item::Object(*object)).copied())
    }

    fn keepers_in(&self, workspace: Option<PathBuf>, held: &Held, object: &Digest, keepers: &mut Vec<Keeper>) {
        let mut known: BTreeMap<(String, Digest), Vec<KeeperPlace>> = BTreeMap::new();
        for ((repo, build), holders) in &held.builds {
            // A record that cannot be read is in the plan.
            let Ok(root) = self.build_root(repo, build) else { continue };
            let mut places: BTreeSet<KeeperPlace> = BTreeSet::new();
            for segment in &root.segments {
                let of_list = known.entry((repo.clone(), segment.list)).or_insert_with(|| {
                    self.segment_list(repo, &segment.list).map(|list| places_in(&list, object)).unwrap_or_default()
                });
                places.extend(of_list.iter().cloned());
            }
            if !places.is_empty() {
                keepers.push(Keeper {
                    workspace: workspace.clone(),
                    repo: repo.clone(),
                    build: build.clone(),
                    holders: holders.clone(),
                    places: places.into_iter().collect(),
                });
            }
        }
    }
}

fn places_in(list: &SegmentList, object: &Digest) -> Vec<KeeperPlace> {
    let place = |piece: &Piece, unit: PlaceUnit, id: &str| KeeperPlace {
        node: piece.node.clone(),
        table: piece.table.clone(),
        mode: list.mode,
        unit,
        id: id.to_owned(),
    };
    let is_it = |piece: &&Piece| piece.artifact == *object;
    let of_shards = list
        .shards
        .iter()
        .flat_map(|shard| shard.pieces.iter().filter(is_it).map(|piece| place(piece, PlaceUnit::Shard, &shard.id)));
    of_shards.chain(list.pieces.iter().filter(is_it).map(|piece| place(piece, PlaceUnit::Segment, &list.id))).collect()
}

/// The hash in `…/objects/ab/cd….parquet`.
fn hash_at(path: &Path) -> Option<Digest> {
    let stem = path.file_stem()?.to_str()?;
    let dir = path.parent()?.file_name()?.to_str()?;
    format!("{dir}{stem}").parse().ok()
}
