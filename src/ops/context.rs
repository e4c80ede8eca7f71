//! What every operation starts from.

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::vfs::Vfs;
use crate::base::{Cancel, Clock, Limits};
use crate::config::{self, ConfigErrors, Workspace};
use crate::engine::{Decisions, Listener, Services};
use crate::nodes::{self, KINDS, Kind, WORKSPACE, WorkspaceKind};
use crate::plan::{self, Plan, Selection};
use crate::source::{self, CutParams};
use crate::store::{Pinned, Store, StoreDirs};
use crate::table::TableSchema;
use crate::worker::{Allowance, Pool, Program};

use super::at::At;
use super::error::OpsError;

/// The doors to the machine, and which workspace is meant.
#[derive(Clone)]
pub struct Context {
    pub vfs: Arc<dyn Vfs>,
    pub clock: Arc<dyn Clock>,
    pub cancel: Cancel,
    /// `workspace.yaml` or whatever it is called. It is not read where all moments are in stores that a directory names.
    pub workspace_file: PathBuf,
    /// `--param K=V`.
    pub params: Vec<(String, String)>,
    /// The kinds that pipelines may name.
    pub kinds: Vec<&'static dyn Kind>,
    /// The kinds that pipelines of workspace scope may name.
    pub workspace_kinds: Vec<&'static dyn WorkspaceKind>,
    /// `SAWMILL_CACHE`, which stands over the workspace's `cache:`.
    pub cache: Option<PathBuf>,
    /// How shards and segments are cut.
    pub cut: CutParams,
    /// What reads files, in processes of its own; where there is none, files are read in this one. The program is to
    /// call [`worker`](super::worker) when it is started with [`worker::ARGUMENT`](super::worker::ARGUMENT).
    pub workers: Option<Program>,
    pub allowance: Allowance,
    /// The moment that a command reads; HEAD's where none is given. A build is always of now.
    pub at: Option<At>,
}

impl Context {
    /// A context with the built-in kinds.
    pub fn new(vfs: Arc<dyn Vfs>, clock: Arc<dyn Clock>, cancel: Cancel, workspace_file: PathBuf) -> Self {
        Self {
            vfs,
            clock,
            cancel,
            workspace_file,
            params: Vec::new(),
            kinds: KINDS.to_vec(),
            workspace_kinds: WORKSPACE.to_vec(),
            cache: None,
            cut: CutParams::default(),
            workers: None,
            allowance: Allowance::default(),
            at: None,
        }
    }

    /// The tables that builds with these kinds have.
    pub fn tables(&self) -> Vec<&'static TableSchema> {
        nodes::tables(&self.kinds)
    }

    pub fn workspace(&self) -> Result<Workspace, OpsError> {
        config::load(&*self.vfs, &self.workspace_file, &self.params).map_err(|errors| {
            // The graph may be wrong as well; a person wants to hear of everything at once.
            let all = super::check::of(self).mistakes;
            OpsError::Config(if all.is_empty() { errors } else { ConfigErrors::new(all) })
        })
    }

    pub fn plan(&self, workspace: &Workspace) -> Result<Plan, OpsError> {
        let languages: Vec<&str> = source::known_languages().collect();
        let mut mistakes = workspace.unknown_languages(&languages);
        match plan::compile(workspace, &self.kinds, &self.workspace_kinds, &Limits::default()) {
            Ok(plan) if mistakes.is_empty() => Ok(plan),
            Ok(_) => Err(ConfigErrors::new(mistakes).into()),
            Err(errors) => {
                mistakes.extend(errors.mistakes);
                Err(ConfigErrors::new(mistakes).into())
            }
        }
    }

    /// The repositories and nodes that `selectors` name; everything where there is none.
    pub fn selection(&self, workspace: &Workspace, plan: &Plan, selectors: &[String]) -> Result<Selection, OpsError> {
        let tags = workspace.repos.iter().map(|repo| (repo.name.clone(), repo.tags.clone())).collect();
        let also = workspace.unavailable.iter().map(|lost| lost.name.clone()).collect();
        Ok(plan::select(selectors, plan, &tags, &also)?)
    }

    pub fn store(&self, workspace: &Workspace) -> Result<Store, OpsError> {
        let cache = match &self.cache {
            Some(cache) => {
                let roots = workspace.repos.iter().map(|repo| (repo.name.as_str(), repo.root.as_path()));
                config::check_cache(&*self.vfs, cache, &workspace.state, roots)
                    .map_err(|trouble| OpsError::BadCache { trouble })?;
                cache.clone()
            }
            None => workspace.cache.clone(),
        };
        Ok(Store::open(Arc::clone(&self.vfs), StoreDirs { cache, state: workspace.state.clone() })?)
    }

    /// HEAD's generation, pinned.
    pub fn pinned(&self) -> Result<Pinned, OpsError> {
        let workspace = self.workspace()?;
        self.store(&workspace)?.pin()?.ok_or(OpsError::NotBuilt)
    }

    /// The workers, none of which is started yet.
    pub fn pool(&self) -> Option<Arc<Pool>> {
        self.workers.clone().map(|program| Arc::new(Pool::new(program, self.allowance)))
    }

    pub fn services(&self, store: Store, listener: Listener) -> Services {
        let limits = Limits::default();
        Services {
            vfs: Arc::clone(&self.vfs),
            clock: Arc::clone(&self.clock),
            store,
            limits,
            cut: self.cut,
            cancel: self.cancel.clone(),
            workers: self.pool(),
            decisions: Arc::new(Decisions::new(self.kinds.clone(), &limits, &self.allowance)),
            listener,
        }
    }
}
