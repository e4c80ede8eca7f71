//! The lists of the condemned: one of the cache, one of the workspace.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::super::error::{StoreError, StoreNotice};
use super::super::layout::FORMAT;
use super::super::open::Store;
use super::super::writer::Writer;
use super::item::Item;
use crate::base::Timestamp;

/// `condemned.json`.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct CondemnedRecord {
    format: u32,
    /// Name of an item → when a collection first found that nothing needs it.
    since: BTreeMap<String, Timestamp>,
}

/// Since when what is condemned is so.
pub(super) type Since = BTreeMap<Item, Timestamp>;

impl Store {
    /// What earlier collections condemned. A damaged list says nothing: its grace begins anew.
    pub(super) fn condemned(&self) -> Result<(Since, Vec<StoreNotice>), StoreError> {
        let (mut since, mut notices) = (Since::new(), Vec::new());
        for (path, of_cache) in self.condemned_paths() {
            match self.record::<CondemnedRecord>(path.as_ref()) {
                Ok(None) => {}
                Ok(Some(record)) => {
                    let known = record.since.iter().filter_map(|(name, at)| Some((Item::parse(name)?, *at)));
                    since.extend(known.filter(|(item, _)| item.is_of_cache() == of_cache));
                }
                Err(e) if e.is_damage() => {
                    notices.push(StoreNotice { path, what: "damaged: what it condemned waits anew".into() });
                }
                Err(e) => return Err(e),
            }
        }
        Ok((since, notices))
    }

    fn condemned_paths(&self) -> [(std::path::PathBuf, bool); 2] {
        [(self.layout().condemned_in_cache(), true), (self.layout().condemned_in_state(), false)]
    }
}

impl Writer {
    /// Writes the lists that differ from what stands, durably.
    pub(super) fn keep_condemned(&self, since: &Since) -> Result<(), StoreError> {
        for (path, of_cache) in self.store().condemned_paths() {
            let of_it = since.iter().filter(|(item, _)| item.is_of_cache() == of_cache);
            let record =
                CondemnedRecord { format: FORMAT, since: of_it.map(|(item, at)| (item.name(), *at)).collect() };
            let there = match self.store().record::<CondemnedRecord>(&path) {
                Err(e) if e.is_damage() => None,
                other => Some(other?.unwrap_or_else(|| CondemnedRecord { format: FORMAT, ..Default::default() })),
            };
            if there.as_ref() != Some(&record) {
                self.replace_record(&path, &record)?;
                self.sync_dir(path.parent().unwrap_or_else(|| Path::new("/")))?;
            }
        }
        Ok(())
    }
}
