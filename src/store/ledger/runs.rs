//! Records of runs, the newest few: `ledger/runs/<8 digits>.json`. What is in them is the engine's; here they are
//! checksummed JSON. They are not synced and nothing but an answer to people depends on them.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::{StoreError, io_at};
use super::open::Store;
use super::writer::Writer;

/// Records that are kept.
const KEPT: usize = 32;

impl Store {
    /// The numbers of the runs that are kept, oldest first.
    pub fn runs(&self) -> Result<Vec<u64>, StoreError> {
        let dir = self.layout().runs();
        let entries = match self.vfs().list(&dir) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(io_at("list", &dir)(e)),
        };
        let number = |name: &str| name.strip_suffix(".json").filter(|n| n.len() >= 8)?.parse::<u64>().ok();
        let mut runs: Vec<u64> = entries.iter().filter_map(|entry| number(&entry.name.to_string_lossy())).collect();
        runs.sort_unstable();
        Ok(runs)
    }

    /// The record of one run; `None` when it is not kept any more.
    pub fn run<T: DeserializeOwned>(&self, number: u64) -> Result<Option<T>, StoreError> {
        self.record(&self.layout().run(number))
    }
}

impl Writer {
    /// Keeps the record of a run after all others, and forgets the oldest ones.
    pub fn keep_run(&self, record: &impl Serialize) -> Result<(), StoreError> {
        self.make_dir(&self.store().layout().runs())?;
        let runs = self.store().runs()?;
        let next = runs.last().map_or(1, |last| last + 1);
        self.replace_record(&self.store().layout().run(next), record)?;
        for old in runs.iter().rev().skip(KEPT - 1) {
            self.remove_if_there(&self.store().layout().run(*old))?;
        }
        Ok(())
    }
}
