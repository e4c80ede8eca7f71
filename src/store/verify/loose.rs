//! What stands beside the manifests: formats, memo, registrations, the stamp.

use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::error::{StoreError, io_at};
use super::super::layout::{FORMAT_FILE, MEMO_EXTENSION};
use super::super::ledger::{LedgerTable, is_piece_of_ledger};
use super::super::memo;
use super::super::open::Store;
use super::super::pieces::PieceDir;
use super::finding::{Finding, Record, What};
use super::survey::Survey;
use crate::base::Digest;
use crate::base::vfs::FileKind;

/// A repository, and the bytes of its stat cache or what keeps them from being read.
pub type StatCacheBytes = (String, Result<Vec<u8>, Finding>);

impl Store {
    pub(super) fn survey_loose(&self, survey: &mut Survey) {
        let layout = self.layout();
        for dir in [&layout.cache, &layout.state] {
            let path = dir.join(FORMAT_FILE);
            match self.format_record(dir) {
                Ok(Some(_)) => survey.records += 1,
                // Before the first build there is no directory either.
                Ok(None) if survey.generation.is_none() => {}
                Ok(None) => self.push(survey, Record::Format, &path, &StoreError::Missing { path: path.clone() }),
                Err(e) => self.push(survey, Record::Format, &path, &e),
            }
        }
        let memo = PieceDir { dir: layout.memo(), extension: MEMO_EXTENSION };
        self.survey_pieces(survey, Record::MemoPiece, &memo, memo::is_piece);
        for table in LedgerTable::ALL {
            self.survey_ledger(survey, table);
        }
        for (record, path) in [
            (Record::Stamp, layout.stamp()),
            (Record::Holder, layout.holder()),
            (Record::Decisions, layout.decisions()),
        ] {
            self.survey_record(survey, record, &path);
        }
        match self.files_in(&layout.roots()) {
            Ok(paths) => paths.iter().for_each(|path| self.survey_record(survey, Record::Registration, path)),
            Err(e) => self.push(survey, Record::Registration, &layout.roots(), &e),
        }
    }

    fn push(&self, survey: &mut Survey, record: Record, path: &Path, error: &StoreError) {
        survey.findings.push(Finding::of_error(self, record, path, error));
    }

    /// A sealed record that may be absent.
    fn survey_record(&self, survey: &mut Survey, record: Record, path: &Path) {
        match self.record::<Value>(path) {
            Ok(there) => survey.records += u64::from(there.is_some()),
            Err(e) => self.push(survey, record, path, &e),
        }
    }

    fn survey_pieces(&self, survey: &mut Survey, record: Record, dir: &PieceDir, parses: impl Fn(Vec<u8>) -> bool) {
        let names = match dir.names(self) {
            Ok(names) => names,
            Err(e) => return self.push(survey, record, &dir.dir, &e),
        };
        for name in names {
            let path = dir.path(&name);
            match self.read_if_there(&path) {
                // A writer merged it meanwhile.
                Ok(None) => {}
                Ok(Some(bytes)) => {
                    survey.records += 1;
                    let whole = Digest::of(&bytes) == name;
                    if !whole || !parses(bytes) {
                        let (what, message) = if whole {
                            (What::Newer, "it is no piece that this version reads")
                        } else {
                            (What::Damaged, "its bytes do not hash to its name")
                        };
                        survey.findings.push(Finding::new(self, record, &path, what, message));
                    }
                }
                Err(e) => self.push(survey, record, &path, &e),
            }
        }
    }

    fn survey_ledger(&self, survey: &mut Survey, table: LedgerTable) {
        let (record, dir) = (Record::LedgerPiece, self.layout().ledger(table.name()));
        let names = match self.names_of_ledger(table) {
            Ok(names) => names,
            Err(e) => return self.push(survey, record, &dir, &e),
        };
        for (_, name) in names {
            let path = dir.join(&name);
            match self.read_if_there(&path) {
                // A writer merged it meanwhile.
                Ok(None) => {}
                Ok(Some(bytes)) => {
                    survey.records += 1;
                    if is_piece_of_ledger(&name, &bytes) == Some(false) {
                        self.suspect_ledger();
                        let message = "its bytes do not hash to its name";
                        survey.findings.push(Finding::new(self, record, &path, What::Damaged, message));
                    }
                }
                Err(e) => self.push(survey, record, &path, &e),
            }
        }
    }

    /// The regular files of a directory, sorted; none where it is not there.
    pub(in super::super) fn files_in(&self, dir: &Path) -> Result<Vec<PathBuf>, StoreError> {
        let mut paths: Vec<PathBuf> = match self.vfs().list(dir) {
            Ok(entries) => entries.into_iter().filter(|e| e.kind == FileKind::File).map(|e| dir.join(e.name)).collect(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(io_at("list", dir)(e)),
        };
        paths.sort_unstable();
        Ok(paths)
    }

    /// The stat caches that are there.
    pub fn stat_caches(&self) -> Result<Vec<StatCacheBytes>, StoreError> {
        let mut caches = Vec::new();
        for path in self.files_in(&self.layout().stats())? {
            let Some(repo) = path.file_name().and_then(|name| name.to_str()) else { continue };
            match self.read_if_there(&path) {
                Ok(None) => {}
                Ok(Some(bytes)) => caches.push((repo.to_owned(), Ok(bytes))),
                Err(e) => caches.push((repo.to_owned(), Err(Finding::of_error(self, Record::StatCache, &path, &e)))),
            }
        }
        Ok(caches)
    }

    /// A finding about a repository's stat cache, by whoever can decode one.
    pub fn stat_cache_finding(&self, repo: &str, message: impl Into<String>) -> Finding {
        let mut finding = Finding::new(self, Record::StatCache, &self.layout().stat(repo), What::Damaged, message);
        finding.repo = Some(repo.to_owned());
        finding
    }
}
