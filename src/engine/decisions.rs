//! Files that workers failed on are not read again: not by this build, not by the next one. That is a decision, which
//! stands until what decided moves (the bytes, the language's definition, the kind's FORMAT, a limit) or somebody
//! revokes it. It enters the keys of the shards that it touches, so that a build with it and one without it are two
//! builds, and a slow machine's verdict is there to be seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::base::{Digest, KeyHasher, Limits, Timestamp};
use crate::nodes::{Denied, Kind};
use crate::source::{FileContent, SourceFile};
use crate::store::{Store, StoreError};
use crate::worker::Allowance;

use super::world::held;

/// Format of the record.
const FORMAT: u32 = 1;

/// A file that is not read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Decision {
    pub kind: String,
    /// The kind's FORMAT.
    pub format: u32,
    /// Hash of the file's bytes.
    pub content: Digest,
    /// Empty where it has none.
    pub language: String,
    /// The kind's definition digest for the language.
    pub definition: Digest,
    /// Digest of the limits, those of workers included.
    pub limits: Digest,
    /// A short stable word.
    pub reason: String,
    pub message: String,
    /// Where the file was met first, and when. For people.
    pub repo: String,
    pub path: String,
    pub decided_at: Timestamp,
}

#[derive(Debug, Serialize, Deserialize)]
struct Record {
    format: u32,
    decisions: Vec<Decision>,
}

/// A file's content in a kind's hands: kind, content, language.
type Subject = (String, Digest, String);

/// What was decided, and what this run decides.
#[derive(Debug)]
pub struct Decisions {
    kinds: Vec<&'static dyn Kind>,
    limits: Digest,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Those that stand.
    standing: BTreeMap<Subject, Decision>,
    /// Those of other versions and limits.
    others: Vec<Decision>,
    is_news: bool,
}

/// What is decided of a shard's files, in a kind's hands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruling(BTreeMap<(Digest, String), Denied>);

impl Decisions {
    /// `kinds`: those whose definitions are asked for.
    pub fn new(kinds: Vec<&'static dyn Kind>, limits: &Limits, allowance: &Allowance) -> Self {
        let digest = KeyHasher::new("sawmill.worker-limits.v1")
            .digest(&limits.digest())
            .int(allowance.cpu.as_millis() as u64)
            .int(allowance.wall.as_millis() as u64)
            .int(allowance.memory)
            .finish();
        Self { kinds, limits: digest, known: Mutex::default() }
    }

    /// Takes what the store has in place of what was known. A damaged record is an error that is damage.
    pub fn read(&self, store: &Store) -> Result<(), StoreError> {
        let mut known = held(&self.known);
        *known = Known::default();
        let record = store.decisions::<Record>()?;
        for decision in record.map(|record| record.decisions).unwrap_or_default() {
            if self.stands(&decision) {
                known.standing.insert(subject(&decision), decision);
            } else {
                known.others.push(decision);
            }
        }
        Ok(())
    }

    fn stands(&self, decision: &Decision) -> bool {
        let language = Some(decision.language.as_str()).filter(|language| !language.is_empty());
        decision.limits == self.limits
            && self.kinds.iter().any(|kind| {
                kind.name() == decision.kind
                    && kind.format() == decision.format
                    && kind.definition_digest(language) == decision.definition
            })
    }

    /// What is decided of a content in the hands of a kind.
    pub fn of(&self, kind: &str, content: &Digest, language: Option<&str>) -> Option<Denied> {
        let known = held(&self.known);
        if known.standing.is_empty() {
            return None;
        }
        let subject = (kind.to_owned(), *content, language.unwrap_or_default().to_owned());
        known.standing.get(&subject).map(denied)
    }

    /// What is decided of `files` in the hands of a kind.
    pub fn ruling(&self, kind: &str, files: &[SourceFile]) -> Ruling {
        let known = held(&self.known);
        let mut ruling = Ruling::default();
        if known.standing.is_empty() {
            return ruling;
        }
        for (content, language) in files.iter().filter_map(content) {
            if let Some(decision) = known.standing.get(&(kind.to_owned(), content, language.to_owned())) {
                ruling.0.insert((content, language.to_owned()), denied(decision));
            }
        }
        ruling
    }

    /// Digest of what is decided of `files`, whoever reads them; `None` where nothing is.
    pub fn digest<'a>(&self, files: impl Iterator<Item = &'a SourceFile>) -> Option<Digest> {
        let known = held(&self.known);
        if known.standing.is_empty() {
            return None;
        }
        let there: BTreeSet<(Digest, &str)> = files.filter_map(content).collect();
        let touching =
            known.standing.iter().filter(|((_, content, language), _)| there.contains(&(*content, language.as_str())));
        let mut hasher = KeyHasher::new("sawmill.decisions.v1");
        let mut count = 0;
        for ((kind, content, language), decision) in touching {
            hasher.add(kind).digest(content).add(language).add(&decision.reason).add(&decision.message);
            count += 1;
        }
        (count > 0).then(|| hasher.int(count).finish())
    }

    /// Decides that a file is not read. `decision` says nothing yet of versions and limits.
    pub fn learn(&self, decision: Decision) {
        let decision = Decision { limits: self.limits, ..decision };
        let mut known = held(&self.known);
        known.is_news = true;
        known.standing.insert(subject(&decision), decision);
    }

    /// Drops the decisions that `revoke` picks, and gives them.
    pub fn revoke(&self, revoke: impl Fn(&Decision) -> bool) -> Vec<Decision> {
        let mut known = held(&self.known);
        let mut revoked: Vec<Decision> = known.standing.values().filter(|d| revoke(d)).cloned().collect();
        known.standing.retain(|_, decision| !revoke(decision));
        revoked.extend(known.others.iter().filter(|d| revoke(d)).cloned());
        known.others.retain(|decision| !revoke(decision));
        known.is_news |= !revoked.is_empty();
        revoked.sort();
        revoked
    }

    /// All that are known, those of other versions and limits too.
    pub fn all(&self) -> Vec<Decision> {
        let known = held(&self.known);
        known.standing.values().chain(&known.others).cloned().collect()
    }

    /// Those that stand.
    pub fn standing(&self) -> Vec<Decision> {
        held(&self.known).standing.values().cloned().collect()
    }

    /// What is to be written, where it is not what was read.
    pub(super) fn news(&self) -> Option<impl Serialize + use<>> {
        let mut known = held(&self.known);
        std::mem::take(&mut known.is_news).then(|| {
            let mut decisions: Vec<Decision> = known.standing.values().chain(&known.others).cloned().collect();
            decisions.sort();
            decisions.dedup();
            Record { format: FORMAT, decisions }
        })
    }

    /// What was read is not what is to stay.
    pub(super) fn spoil(&self) {
        held(&self.known).is_news = true;
    }
}

impl Ruling {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn of(&self, content: &Digest, language: Option<&str>) -> Option<&Denied> {
        if self.0.is_empty() { None } else { self.0.get(&(*content, language.unwrap_or_default().to_owned())) }
    }

    pub fn add(&mut self, content: &Digest, language: Option<&str>, denied: Denied) {
        self.0.insert((*content, language.unwrap_or_default().to_owned()), denied);
    }

    /// For a key.
    pub fn digest(&self) -> Digest {
        let mut hasher = KeyHasher::new("sawmill.ruling.v1");
        hasher.int(self.0.len() as u64);
        for ((content, language), denied) in &self.0 {
            hasher.digest(content).add(language).add(&denied.reason).add(&denied.message);
        }
        hasher.finish()
    }
}

fn subject(decision: &Decision) -> Subject {
    (decision.kind.clone(), decision.content, decision.language.clone())
}

fn denied(decision: &Decision) -> Denied {
    Denied { reason: decision.reason.clone(), message: decision.message.clone() }
}

fn content(file: &SourceFile) -> Option<(Digest, &str)> {
    match &file.content {
        FileContent::Hash(content) => Some((*content, file.language.as_deref().unwrap_or_default())),
        FileContent::Withheld(_) => None,
    }
}
