//! `decisions.json`: which files are not read any more, and why. What is in it is the engine's; here it is checksummed
//! JSON. It enters keys; losing it costs the time to find out again.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;
use super::open::Store;
use super::writer::Writer;

impl Store {
    /// The decisions, if any were ever made.
    pub fn decisions<T: DeserializeOwned>(&self) -> Result<Option<T>, StoreError> {
        self.record(&self.layout().decisions())
    }
}

impl Writer {
    /// Keeps these decisions in place of those that are there.
    pub fn replace_decisions(&self, record: &impl Serialize) -> Result<(), StoreError> {
        self.replace_record(&self.store().layout().decisions(), record)
    }
}
