//! Records of runs, the newest few: `ledger/runs/<8 digits>.json`, checksummed JSON.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::super::error::{StoreError, io_at};
use super::super::open::Store;
use super::super::writer::Writer;
use super::tables::LedgerTable;

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
    /// The number of the run that is kept next: above all that the ledger tells of.
    pub fn next_run(&self) -> Result<u64, StoreError> {
        let mut last = self.store().runs()?.last().copied();
        for table in LedgerTable::ALL {
            last = last.max(self.store().last_of_ledger(table)?);
        }
        Ok(last.map_or(1, |last| last.saturating_add(1)))
    }

    /// Keeps the record of run `number`, and forgets the oldest ones.
    pub fn keep_run(&self, number: u64, record: &impl Serialize) -> Result<(), StoreError> {
        self.make_dir(&self.store().layout().runs())?;
        let runs = self.store().runs()?;
        self.replace_record(&self.store().layout().run(number), record)?;
        for old in runs.iter().rev().skip(KEPT - 1) {
            self.remove_if_there(&self.store().layout().run(*old))?;
        }
        Ok(())
    }
}
