//! Which generations are kept.

use std::collections::BTreeSet;

use super::super::error::{StoreError, StoreNotice, io_at};
use super::super::open::Store;
use super::super::reach::Holder;
use crate::base::Timestamp;

/// How many generations are kept besides HEAD and the one before it: those that are within both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepBuilds {
    /// The newest ones, HEAD among them.
    pub keep: u32,
    pub max_age_days: u32,
}

/// A generation as far as retention looks at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Aged {
    pub id: String,
    pub made: Timestamp,
    /// Counts as the newest, whatever the clock said.
    pub is_head: bool,
    /// By HEAD, `previous`, `latest` or a snapshot.
    pub is_held: bool,
}

/// The ids that are not kept: beyond the count or older than the age, and held by nothing.
pub(super) fn surplus(generations: &[Aged], keep: KeepBuilds, now: Timestamp) -> BTreeSet<String> {
    let mut newest: Vec<&Aged> = generations.iter().collect();
    newest.sort_by(|a, b| (b.is_head, b.made, &b.id).cmp(&(a.is_head, a.made, &a.id)));
    let age = u64::from(keep.max_age_days) * 86_400;
    let is_within = |place: usize, of: &Aged| place < keep.keep as usize && now.since(of.made).as_secs() < age;
    let counted = newest.into_iter().enumerate();
    counted.filter(|(place, of)| !of.is_held && !is_within(*place, of)).map(|(_, of)| of.id.clone()).collect()
}

/// The generations of this workspace.
#[derive(Debug, Default)]
pub(super) struct Retained {
    pub surplus: BTreeSet<String>,
    /// Those that would not be kept but for a reader.
    pub read: BTreeSet<String>,
    /// What cannot be read: what these hold is not known.
    pub unread: Vec<StoreNotice>,
}

impl Store {
    /// Which generations `keep` does not keep. Where HEAD cannot be read, all are kept.
    pub(super) fn retained(&self, keep: KeepBuilds, now: Timestamp) -> Result<Retained, StoreError> {
        let mut retained = Retained::default();
        let head = match self.head() {
            Ok(head) => head,
            Err(e) if e.is_damage() => {
                let what = format!("{}; `sawmill build` makes it again", e.in_words());
                retained.unread.push(StoreNotice { path: self.layout().head(), what });
                return Ok(retained);
            }
            Err(e) => return Err(e),
        };
        let mut held: BTreeSet<String> = head.iter().cloned().chain(self.shown()?).collect();
        if let Some(head) = &head {
            match self.provenance(head) {
                Ok(provenance) => held.extend(provenance.and_then(|provenance| provenance.previous)),
                Err(e) if e.is_damage() => {}
                Err(e) => return Err(e),
            }
        }
        for holder in self.held(&|holder, _| matches!(holder, Holder::Snapshot(_))).builds.into_values().flatten() {
            if let Holder::Snapshot(id) = holder {
                held.insert(self.snapshot(&id)?.record.generation);
            }
        }
        let mut aged = Vec::new();
        for id in self.generation_ids()? {
            let is_head = head.as_ref() == Some(&id);
            aged.push(Aged { made: self.made_at(&id)?, is_head, is_held: held.contains(&id), id });
        }
        retained.surplus = surplus(&aged, keep, now);
        self.give_up_broken(&aged, &mut retained);
        for id in retained.surplus.clone() {
            if self.is_leased(&self.layout().lease(&id))? {
                retained.surplus.remove(&id);
                retained.read.insert(id);
            }
        }
        Ok(retained)
    }

    /// A damaged record that would be kept: nobody can read it again, so it goes; until then it may hold anything.
    fn give_up_broken(&self, aged: &[Aged], retained: &mut Retained) {
        for one in aged.iter().filter(|one| !one.is_held) {
            if let Err(e @ StoreError::Damaged { .. }) = self.generation(&one.id)
                && retained.surplus.insert(one.id.clone())
            {
                let what =
                    format!("{}; it is condemned, and until it is gone nobody knows what it holds", e.in_words());
                retained.unread.push(StoreNotice { path: self.layout().generation(&one.id), what });
            }
        }
    }

    /// When a generation became HEAD. Where that is lost, when its record was written.
    fn made_at(&self, id: &str) -> Result<Timestamp, StoreError> {
        match self.provenance(id) {
            Ok(Some(provenance)) => return Ok(provenance.created_at),
            Ok(None) => {}
            Err(e) if e.is_damage() => {}
            Err(e) => return Err(e),
        }
        let path = self.layout().generation(id);
        self.vfs().stat(&path).map(|stat| stat.mtime).map_err(io_at("look at", &path))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400_000_000_000;

    fn aged(id: &str, day: i64, is_held: bool) -> Aged {
        Aged { id: id.to_owned(), made: Timestamp(day * DAY), is_head: false, is_held }
    }

    fn gone(keep: u32, max_age_days: u32, generations: &[Aged], today: i64) -> Vec<String> {
        surplus(generations, KeepBuilds { keep, max_age_days }, Timestamp(today * DAY)).into_iter().collect()
    }

    #[test]
    fn a_generation_is_kept_within_the_count_and_the_age() {
        let all = [aged("a", 1, false), aged("b", 8, false), aged("c", 9, true)];
        assert_eq!(gone(10, 30, &all, 10), [""; 0]);
        assert_eq!(gone(2, 30, &all, 10), ["a"]);
        assert_eq!(gone(10, 9, &all, 10), ["a"]);
        assert_eq!(gone(0, 0, &all, 10), ["a", "b"], "what is held stays");
        assert_eq!(gone(1, 30, &[aged("a", 1, true), aged("b", 2, false), aged("c", 3, false)], 4), ["b"]);
    }

    #[test]
    fn head_is_the_newest_whatever_the_clock_said() {
        let head = Aged { is_head: true, ..aged("a", 1, true) };
        assert_eq!(gone(1, 30, &[head, aged("b", 5, false)], 6), ["b"]);
    }

    proptest! {
        #[test]
        fn what_goes_is_older_than_what_stays_unheld(
            days in prop::collection::vec((0..40_i64, any::<bool>()), 0..20), keep in 0..8_u32, age in 0..40_u32,
        ) {
            let all: Vec<Aged> =
                days.iter().enumerate().map(|(at, (day, held))| aged(&format!("{at:02}"), *day, *held)).collect();
            let gone = gone(keep, age, &all, 40);
            let stays = all.iter().filter(|one| !gone.contains(&one.id) && !one.is_held);
            let newest_gone = all.iter().filter(|one| gone.contains(&one.id)).map(|one| one.made).max();
            for one in stays {
                prop_assert!(newest_gone.is_none_or(|gone| gone <= one.made));
            }
            prop_assert!(all.iter().filter(|one| !gone.contains(&one.id) && !one.is_held).count() <= keep as usize);
            prop_assert!(all.iter().all(|one| !(one.is_held && gone.contains(&one.id))));
        }
    }
}
