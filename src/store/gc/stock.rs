//! What stands on the disk, whether something needs it or not.

use std::collections::{BTreeMap, BTreeSet};

use super::super::error::{StoreError, io_at};
use super::super::layout::{is_id, is_part};
use super::super::open::Store;
use super::super::verify::{Amount, StoredFile};
use super::item::Item;
use crate::base::Digest;
use crate::base::vfs::FileKind;

impl Store {
    /// The builds and lists that stand, of every repository.
    pub(in super::super) fn manifests_there(&self) -> Result<BTreeSet<Item>, StoreError> {
        let mut there = BTreeSet::new();
        let part = |name: &str| is_part(name).then(|| name.to_owned());
        for repo in self.names_under(&self.layout().builds(), part)? {
            let id = |name: &str| is_id("b-", name).then(|| name.to_owned());
            let builds = self.names_under(&self.layout().builds().join(&repo), id)?;
            there.extend(builds.into_iter().map(|id| Item::Build(repo.clone(), id)));
            let hash = |name: &str| name.strip_suffix(".json").map(str::to_owned);
            let lists = self.names_under(&self.layout().lists(&repo), hash)?;
            there.extend(lists.into_iter().filter_map(|hash| Some(Item::List(repo.clone(), hash.parse().ok()?))));
        }
        Ok(there)
    }

    /// The objects that stand, as items with what their files take.
    pub(super) fn objects_as_items(&self) -> Result<BTreeMap<Item, Amount>, StoreError> {
        let mut there: BTreeMap<Item, Amount> = BTreeMap::new();
        for StoredFile { hash, is_blocks, amount } in self.objects_there()? {
            let object = Item::Object(hash);
            let item = if is_blocks && !there.contains_key(&object) { Item::Blocks(hash) } else { object };
            there.entry(item).or_default().add(amount);
        }
        Ok(there)
    }

    pub(super) fn quarantined(&self) -> Result<BTreeMap<Item, Amount>, StoreError> {
        let mut there = BTreeMap::new();
        for path in self.files_in(&self.layout().quarantine())? {
            if let Some(name) = path.file_name().and_then(|name| name.to_str()).filter(|name| is_part(name)) {
                there.insert(Item::Quarantined(name.to_owned()), self.size_of(&path)?);
            }
        }
        Ok(there)
    }

    /// What the files of an item take.
    pub(in super::super) fn amount_of(&self, item: &Item) -> Result<Amount, StoreError> {
        let layout = self.layout();
        let files = match item {
            Item::Generation(id) => {
                let mut amount = self.measure(&layout.view(id))?;
                for path in [layout.generation(id), layout.provenance(id), layout.lease(id)] {
                    amount.add(self.size_of(&path)?);
                }
                return Ok(amount);
            }
            Item::Build(repo, id) => return self.measure(&layout.build(repo, id)),
            Item::Commit(repo, id) => vec![layout.git_commit(repo, id), layout.git_lease(repo, id)],
            Item::List(repo, hash) => vec![layout.list(repo, hash)],
            Item::Lease(name) => vec![layout.lease(name)],
            Item::Object(hash) => vec![layout.object(hash), layout.blocks(hash)],
            Item::Blocks(hash) => vec![layout.blocks(hash)],
            Item::Quarantined(name) => vec![layout.quarantine().join(name)],
        };
        let mut amount = Amount::default();
        for path in files {
            amount.add(self.size_of(&path)?);
        }
        Ok(amount)
    }

    fn size_of(&self, path: &std::path::Path) -> Result<Amount, StoreError> {
        match self.vfs().stat(path) {
            Ok(stat) => Ok(Amount { files: 1, bytes: if stat.kind == FileKind::File { stat.size } else { 0 } }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Amount::default()),
            Err(e) => Err(io_at("look at", path)(e)),
        }
    }

    /// Does an object stand, going by what was listed?
    pub(super) fn stands(there: &BTreeMap<Item, Amount>, hash: &Digest) -> bool {
        there.contains_key(&Item::Object(*hash))
    }
}
