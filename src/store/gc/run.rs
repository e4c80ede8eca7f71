//! Doing what a plan says.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::PoisonError;

use super::super::error::{StoreError, StoreNotice, io_at};
use super::super::verify::Amount;
use super::super::writer::Writer;
use super::condemned::Since;
use super::item::{Item, Sort};
use super::plan::{GcPlan, GcRequest};
use crate::base::Cancel;
use crate::base::vfs::LockKind;

/// Where a run ends before its plan does. What is left goes the next time.
#[derive(Clone, Debug, Default)]
pub struct GcLimits {
    /// Objects that are deleted at most.
    pub max_objects: Option<u64>,
    pub cancel: Cancel,
}

/// Why a run ended before its plan did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GcStop {
    Cancelled,
    /// As many objects went as may.
    Full,
}

/// What a run did.
#[derive(Debug, Default)]
pub struct GcDone {
    pub removed: BTreeMap<Sort, Amount>,
    /// Registrations that were dropped: their workspaces are gone.
    pub dropped: u64,
    pub stopped: Option<GcStop>,
    pub notices: Vec<StoreNotice>,
}

struct Run<'a> {
    writer: &'a Writer,
    limits: &'a GcLimits,
    /// What is condemned and stands still.
    left: Since,
    done: GcDone,
}

impl Writer {
    /// Collects: makes the plan, condemns, and deletes what is due. Gives the plan and what came of it.
    pub fn gc(&self, request: &GcRequest<'_>, limits: &GcLimits) -> Result<(GcPlan, GcDone), StoreError> {
        let _one_at_a_time = self.publishing.lock().unwrap_or_else(PoisonError::into_inner);
        self.check_healthy()?;
        let store = self.store();
        let stamped = match store.head() {
            Ok(Some(head)) if store.stamp_holds(&head)? => Some(head),
            _ => None,
        };
        let plan = store.gc_plan(request)?;
        // Before anything goes: a run that is killed leaves what it knew.
        self.keep_condemned(&plan.since())?;
        let mut run = Run { writer: self, limits, left: plan.since(), done: GcDone::default() };
        run.drop_registrations(&plan)?;
        // A generation that someone began to read stays, and what it names with it.
        let all = run.records(&plan)?;
        if run.goes_on() {
            if all { run.rest(&plan)? } else { run.rest(&store.gc_plan(request)?)? }
        }
        self.keep_condemned(&run.left)?;
        self.empty_tmp()?;
        if let Some(head) = stamped {
            // Nothing that HEAD needs came or went: the next build may believe that.
            self.record_stamp(&head)?;
        }
        Ok((plan, run.done))
    }
}

impl Run<'_> {
    /// Says whether to go on.
    fn goes_on(&mut self) -> bool {
        if self.limits.cancel.is_cancelled() {
            self.done.stopped = Some(GcStop::Cancelled);
        }
        self.done.stopped.is_none()
    }

    fn went(&mut self, item: &Item, amount: Amount) {
        self.left.remove(item);
        self.done.removed.entry(item.sort()).or_default().add(amount);
    }

    fn drop_registrations(&mut self, plan: &GcPlan) -> Result<(), StoreError> {
        for other in &plan.gone {
            self.writer.remove_if_there(&other.record)?;
            let what = "dropped: the workspace that it registered is gone".to_owned();
            self.done.notices.push(StoreNotice { path: other.record.clone(), what });
            self.done.dropped += 1;
        }
        if plan.gone.is_empty() { Ok(()) } else { self.writer.sync_dir(&self.writer.store().layout().roots()) }
    }

    /// Removes the records that are due, each under its lease. `false`: a reader took one meanwhile.
    fn records(&mut self, plan: &GcPlan) -> Result<bool, StoreError> {
        let mut all = true;
        for (item, condemned) in plan.condemned.iter().filter(|(_, condemned)| condemned.is_due) {
            if !matches!(item, Item::Generation(_) | Item::Commit(..)) || !self.goes_on() {
                continue;
            }
            if self.record(item)? {
                self.went(item, condemned.amount);
            } else {
                all = false;
            }
        }
        // Before anything that they name.
        self.writer.sync_everything(true)?;
        Ok(all)
    }

    /// One generation or commit. The record goes last: by it a later collection finds the rest.
    fn record(&self, item: &Item) -> Result<bool, StoreError> {
        let (writer, layout) = (self.writer, self.writer.store().layout());
        let lease = match item {
            Item::Generation(id) => layout.lease(id),
            Item::Commit(repo, commit) => layout.git_lease(repo, commit),
            _ => return Ok(true),
        };
        let lock = writer.store().vfs().try_lock(&lease, LockKind::Exclusive).map_err(io_at("lock", &lease))?;
        let Some(_unread) = lock else { return Ok(false) };
        match item {
            Item::Generation(id) => {
                self.take_away(&layout.view(id))?;
                self.remove(&layout.provenance(id))?;
                self.remove(&layout.generation(id))?;
            }
            Item::Commit(repo, commit) => self.remove(&layout.git_commit(repo, commit))?,
            _ => {}
        }
        self.remove(&lease)?;
        Ok(true)
    }

    /// What the records named, after them.
    fn rest(&mut self, plan: &GcPlan) -> Result<(), StoreError> {
        let due: Vec<(&Item, Amount)> =
            plan.condemned.iter().filter(|(_, c)| c.is_due).map(|(item, c)| (item, c.amount)).collect();
        for (item, amount) in due.iter().filter(|(item, _)| !item.is_of_cache()) {
            if self.goes_on() && self.manifest(item)? {
                self.went(item, *amount);
            }
        }
        self.writer.sync_everything(true)?;
        if !plan.actions.is_empty() && self.goes_on() {
            self.writer.forget_actions(&plan.actions)?;
            let entries = Amount { files: plan.actions.len() as u64, bytes: 0 };
            self.done.removed.entry(Sort::Memo).or_default().add(entries);
        }
        let mut objects = 0;
        for (item, amount) in due.into_iter().filter(|(item, _)| item.is_of_cache()) {
            let is_object = matches!(item, Item::Object(_));
            if is_object && self.limits.max_objects.is_some_and(|most| objects >= most) && self.goes_on() {
                self.done.stopped = Some(GcStop::Full);
            }
            if !self.goes_on() {
                break;
            }
            self.cached(item)?;
            objects += u64::from(is_object);
            self.went(item, amount);
        }
        Ok(())
    }

    fn manifest(&self, item: &Item) -> Result<bool, StoreError> {
        let layout = self.writer.store().layout();
        match item {
            Item::Build(repo, id) => self.take_away(&layout.build(repo, id))?,
            Item::List(repo, hash) => self.remove(&layout.list(repo, hash))?,
            Item::Lease(name) => {
                let path = layout.lease(name);
                let vfs = self.writer.store().vfs();
                let lock = vfs.try_lock(&path, LockKind::Exclusive).map_err(io_at("lock", &path))?;
                let Some(_unread) = lock else { return Ok(false) };
                self.remove(&path)?;
            }
            // These went before, or a reader keeps them.
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn cached(&self, item: &Item) -> Result<(), StoreError> {
        let layout = self.writer.store().layout();
        match item {
            Item::Object(hash) => {
                self.writer.present().remove(hash);
                self.writer.remove_if_there(&layout.object(hash))?;
                self.writer.remove_if_there(&layout.blocks(hash))
            }
            Item::Blocks(hash) => self.writer.remove_if_there(&layout.blocks(hash)),
            Item::Quarantined(name) => self.writer.remove_if_there(&layout.quarantine().join(name)),
            _ => Ok(()),
        }
    }

    /// Removes a file; the next sync makes that durable.
    fn remove(&self, path: &Path) -> Result<(), StoreError> {
        self.writer.remove_if_there(path)?;
        self.touched(path);
        Ok(())
    }

    /// Renames a directory into `tmp`, from where it is deleted at the end, or by the next writer.
    fn take_away(&self, path: &Path) -> Result<(), StoreError> {
        let away = self.writer.temporary_path(&self.writer.store().layout().tmp_beside(path));
        match self.writer.store().vfs().rename(path, &away) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(io_at("move away", path)(e)),
            Ok(()) => {}
        }
        let mut unsynced = self.writer.unsynced();
        unsynced.files.retain(|file| !file.starts_with(path));
        unsynced.dirs.retain(|dir| !dir.starts_with(path));
        drop(unsynced);
        self.writer.forget_dirs(path);
        self.touched(path);
        Ok(())
    }

    fn touched(&self, path: &Path) {
        self.writer.unsynced().dirs.extend(path.parent().map(Path::to_owned));
    }
}
