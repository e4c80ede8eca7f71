//! What the engine is given: the doors, the store, who listens.

use std::sync::Arc;

use miette::Diagnostic;

use crate::base::vfs::Vfs;
use crate::base::{Cancel, Clock, Limits, Tier};
use crate::source::{CutParams, Notice};
use crate::store::{Store, StoreError, StoreNotice};
use crate::worker::Pool;

use super::decisions::Decisions;
use super::event::{Event, Listener};
use super::failure::Failure;

/// The engine's surroundings, for any number of runs.
#[derive(Clone)]
pub struct Services {
    pub vfs: Arc<dyn Vfs>,
    pub clock: Arc<dyn Clock>,
    pub store: Store,
    pub limits: Limits,
    /// How shards and segments are cut.
    pub cut: CutParams,
    pub cancel: Cancel,
    /// The processes that read files; where there are none, files are read at home.
    pub workers: Option<Arc<Pool>>,
    /// Which files are not read. Without workers nothing is decided.
    pub decisions: Arc<Decisions>,
    pub listener: Listener,
}

impl Services {
    /// Takes what the store has decided about files. Without workers nothing is.
    pub fn read_decisions(&self) -> Result<(), StoreError> {
        if self.workers.is_some() { self.decisions.read(&self.store) } else { Ok(()) }
    }

    pub fn tell(&self, event: Event) {
        (self.listener)(event);
    }

    /// Reports an error that did not stop anything.
    pub fn notice(&self, error: &(dyn Diagnostic + 'static), repo: Option<&str>) {
        let failure = Failure::of(error, Tier::Environment, "");
        self.notice_failure(&failure, repo);
    }

    pub fn notice_failure(&self, failure: &Failure, repo: Option<&str>) {
        self.tell(Event::of_failure(failure, repo));
    }

    /// Tells what the scan of a repository remarked.
    pub fn notice_source(&self, repo: &Arc<str>, notices: &[Notice]) {
        for notice in notices {
            self.tell(Event::Notice {
                repo: Some(Arc::clone(repo)),
                code: notice.code.to_owned(),
                path: notice.path.clone(),
                message: notice.message.clone(),
                help: notice.help.to_owned(),
            });
        }
    }

    /// Tells what the store found damaged, and what became of it.
    pub fn notice_store(&self, notice: &StoreNotice) {
        self.tell(Event::of_store(notice));
    }
}
