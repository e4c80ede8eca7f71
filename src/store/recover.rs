//! HEAD, when HEAD itself is lost: the records of the generations are still there.

use super::error::{StoreError, StoreNotice};
use super::layout::is_id;
use super::lease::Pinned;
use super::open::Store;
use crate::base::Timestamp;

impl Store {
    /// The generations that have a record, by id, whether it is whole or not.
    pub fn generation_ids(&self) -> Result<Vec<String>, StoreError> {
        let id = |name: &str| name.strip_suffix(".json").filter(|id| is_id("g-", id)).map(str::to_owned);
        self.names_under(&self.layout().generations(), id)
    }

    /// The newest generation whose record and whose builds' roots are whole, pinned, for a build that found HEAD
    /// damaged or gone: what it cannot make again it keeps from here. `None` when there is none. The notice of the
    /// answer says which one it is.
    ///
    /// Newest is by the time that a generation became HEAD; one whose provenance is lost comes last.
    pub fn recover_head(&self) -> Result<Option<Pinned>, StoreError> {
        let mut whole: Vec<(Option<Timestamp>, String)> = Vec::new();
        for id in self.generation_ids()? {
            match self.is_whole(&id) {
                Ok(()) => {}
                Err(e) if e.is_damage() => continue,
                Err(e) => return Err(e),
            }
            let created = match self.provenance(&id) {
                Ok(provenance) => provenance.map(|provenance| provenance.created_at),
                Err(e) if e.is_damage() => None,
                Err(e) => return Err(e),
            };
            whole.push((created, id));
        }
        whole.sort_unstable();
        for (_, id) in whole.into_iter().rev() {
            let what = format!("HEAD is lost: generation {id} is the newest that is whole, and stands in for it");
            let notice = StoreNotice { path: self.layout().head(), what };
            if let Some(pinned) = self.pin_generation(&id, Some(notice))? {
                return Ok(Some(pinned));
            }
        }
        Ok(None)
    }

    fn is_whole(&self, id: &str) -> Result<(), StoreError> {
        self.generation(id)?.builds().try_for_each(|(name, build)| self.build_root(&name, &build.build).map(drop))
    }
}
