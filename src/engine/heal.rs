//! What this run found missing or damaged, and whether it was made again.
//!
//! A memo is believed only if its artifacts are there with the sizes that it tells. Damage inside one shows when
//! it is read: it is then set aside, so that its memo is a miss, and the repository is asked again with a fresh
//! database. An artifact that was made again and is damaged again is the disk's trouble and fails the repository:
//! so every round but a last one makes something whole, and rounds end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use crate::base::{ByteSource, Digest, Tier};
use crate::store::{MemoOutput, StoreError, StoreNotice};

use super::event::Event;
use super::failure::Failure;
use super::reason::LostArtifact;
use super::world::{World, held, store_failure};

/// Artifacts that were lost in this run.
#[derive(Default)]
pub struct Lost(Mutex<BTreeMap<Digest, State>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Whatever names it is not believed.
    Missing,
    /// Likewise; it was there.
    Damaged,
    /// With whether it had been damaged.
    MadeAgain(bool),
}

impl State {
    fn was_damaged(self) -> bool {
        matches!(self, Self::Damaged | Self::MadeAgain(true))
    }
}

impl Lost {
    pub fn is_missing(&self, artifact: &Digest) -> bool {
        matches!(held(&self.0).get(artifact), Some(State::Missing | State::Damaged))
    }

    pub fn is_made_again(&self, artifact: &Digest) -> bool {
        matches!(held(&self.0).get(artifact), Some(State::MadeAgain(_)))
    }

    pub fn note_missing(&self, artifact: Digest) {
        held(&self.0).entry(artifact).or_insert(State::Missing);
    }

    pub fn note_made(&self, artifact: &Digest) {
        if let Some(state) = held(&self.0).get_mut(artifact) {
            *state = State::MadeAgain(state.was_damaged());
        }
    }

    /// Those of `outputs` that were found lost in this run.
    pub fn of(&self, outputs: &[MemoOutput]) -> Vec<LostArtifact> {
        let lost = held(&self.0);
        outputs
            .iter()
            .filter_map(|output| {
                let damaged = lost.get(&output.artifact)?.was_damaged();
                Some(LostArtifact { table: output.table.clone(), artifact: output.artifact.short(), damaged })
            })
            .collect()
    }

    /// Artifacts that were made again.
    pub fn healed(&self) -> usize {
        held(&self.0).values().filter(|s| matches!(s, State::MadeAgain(_))).count()
    }

    /// Was everything made again?
    pub fn is_settled(&self) -> bool {
        held(&self.0).values().all(|s| matches!(s, State::MadeAgain(_)))
    }
}

impl World {
    /// Takes a damaged artifact out of the way, and gives the failure of whoever wanted to read it.
    pub fn lose(&self, artifact: &Digest, error: &StoreError) -> Failure {
        if !error.is_damage() {
            return store_failure(error);
        }
        // Held throughout: two threads may have met the same damage.
        let mut lost = held(&self.lost.0);
        match lost.get(artifact) {
            Some(State::Missing | State::Damaged) => Failure::damaged(artifact),
            // What was read may be the old bytes.
            Some(State::MadeAgain(_)) if self.is_whole(artifact) => Failure::damaged(artifact),
            Some(State::MadeAgain(_)) => Failure::of(error, Tier::Environment, "after it was made again"),
            None => {
                let (state, word) =
                    if is_missing(error) { (State::Missing, "missing") } else { (State::Damaged, "damaged") };
                let mut what = word.to_owned();
                // A dry run leaves it where it is.
                if let Some(writer) = &self.given.writer {
                    if let Err(error) = writer.quarantine(artifact) {
                        return store_failure(&error);
                    }
                    what.push_str(": set aside");
                }
                lost.insert(*artifact, state);
                let path = self.given.store.object_path(artifact);
                self.tell(Event::of_store(&StoreNotice { path, what }));
                Failure::damaged(artifact)
            }
        }
    }

    fn is_whole(&self, artifact: &Digest) -> bool {
        let read = |source: Arc<dyn ByteSource>| Some(source.read_at(0, usize::try_from(source.len()).ok()?).is_ok());
        self.given.writer.as_ref().and_then(|w| w.open(artifact).ok()).and_then(read).unwrap_or(false)
    }
}

fn is_missing(error: &StoreError) -> bool {
    matches!(error, StoreError::Missing { .. })
}
