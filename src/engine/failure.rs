//! Why a query gave no value.
//!
//! A failure is a plain value, so that salsa can hold it; it ends the repository's part of the run. It is never
//! remembered: no memo is written for it, and the next run starts afresh.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use miette::Diagnostic;

use crate::base::{Digest, Tier};
use crate::nodes::NodeError;

/// A failure, cheap to clone and compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(Arc<Cause>);

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The user stopped the run.
    Cancelled,
    /// A file is no longer what the scan saw; the run scans again.
    Changed { repo: String, path: String },
    /// An artifact that is needed was found damaged or missing, and was set aside; the run makes it again.
    Damaged { artifact: String },
    /// In a dry run: it depends on what `node` would make, which is not known before it ran.
    Later { node: Arc<str> },
    /// Anything else, with the place where it happened.
    Error { tier: Tier, code: String, message: String, help: Option<String>, at: String },
}

impl Failure {
    pub fn cancelled() -> Self {
        Self(Arc::new(Cause::Cancelled))
    }

    pub fn changed(repo: &str, path: &str) -> Self {
        Self(Arc::new(Cause::Changed { repo: repo.into(), path: path.into() }))
    }

    pub fn damaged(artifact: &Digest) -> Self {
        Self(Arc::new(Cause::Damaged { artifact: artifact.short() }))
    }

    pub fn later(node: &Arc<str>) -> Self {
        Self(Arc::new(Cause::Later { node: Arc::clone(node) }))
    }

    /// The node that would run first, where this only says that nothing is known yet.
    pub fn waits_for(&self) -> Option<&Arc<str>> {
        match &*self.0 {
            Cause::Later { node } => Some(node),
            _ => None,
        }
    }

    /// A node panicked. The message is kept unless it could name a path of this machine; where it happened stands
    /// on the standard error already.
    pub fn panicked(payload: &(dyn Any + Send), at: &str) -> Self {
        let said =
            payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let line = said.and_then(|text| text.lines().next()).filter(|line| !line.contains(['/', '\\']));
        let told: String = line.map(|line| format!(": {line}").chars().take(200).collect()).unwrap_or_default();
        Self(Arc::new(Cause::Error {
            tier: Tier::Bug,
            code: "sawmill::engine::panic".into(),
            message: format!("the node panicked{told}"),
            help: Some(
                "this is a bug of the node's kind: please report it to its author; the repository keeps its last build"
                    .into(),
            ),
            at: at.into(),
        }))
    }

    /// Keeps what `error` says, its chain of sources included.
    pub fn of(error: &(dyn Diagnostic + 'static), tier: Tier, at: &str) -> Self {
        let mut message = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            message.push_str(": ");
            message.push_str(&inner.to_string());
            source = inner.source();
        }
        Self(Arc::new(Cause::Error {
            tier,
            code: error.code().map_or_else(|| "sawmill::engine::failed".to_owned(), |c| c.to_string()),
            message,
            help: error.help().map(|h| h.to_string()),
            at: at.to_owned(),
        }))
    }

    /// A node's error: a bug of ours unless it was stopped.
    pub fn of_node(error: &NodeError, at: &str) -> Self {
        match error {
            NodeError::Cancelled => Self::cancelled(),
            NodeError::Sandbox(_) => Self::of(error, Tier::Environment, at),
            other => Self::of(other, Tier::Bug, at),
        }
    }

    /// An invariant of the engine does not hold.
    pub fn bug(what: &str, at: &str) -> Self {
        Self(Arc::new(Cause::Error {
            tier: Tier::Bug,
            code: "sawmill::engine::invariant".into(),
            message: what.into(),
            help: Some("this is a bug of Sawmill: please report it with the command that you ran".into()),
            at: at.into(),
        }))
    }

    pub fn cause(&self) -> &Cause {
        &self.0
    }

    /// Does it go away once what was set aside is made again?
    pub fn is_damage(&self) -> bool {
        matches!(*self.0, Cause::Damaged { .. })
    }

    /// Will asking again be of no use in this run?
    pub fn is_final(&self) -> bool {
        !matches!(*self.0, Cause::Cancelled | Cause::Changed { .. } | Cause::Damaged { .. })
    }

    pub fn is_cancelled(&self) -> bool {
        matches!(*self.0, Cause::Cancelled)
    }

    pub fn tier(&self) -> Tier {
        match &*self.0 {
            Cause::Cancelled => Tier::Cancelled,
            Cause::Changed { .. } | Cause::Damaged { .. } => Tier::Environment,
            Cause::Later { .. } => Tier::Bug,
            Cause::Error { tier, .. } => *tier,
        }
    }

    pub fn code_name(&self) -> &str {
        match &*self.0 {
            Cause::Cancelled => "sawmill::engine::cancelled",
            Cause::Changed { .. } => "sawmill::engine::changed",
            Cause::Damaged { .. } => "sawmill::engine::damaged",
            Cause::Later { .. } => "sawmill::engine::invariant",
            Cause::Error { code, .. } => code,
        }
    }

    pub fn advice(&self) -> Option<&str> {
        match &*self.0 {
            Cause::Cancelled => Some("run `sawmill build` again: what was finished is reused"),
            Cause::Changed { .. } => Some("run `sawmill build` again when the tree is quiet"),
            Cause::Damaged { .. } => Some("check the disk, then run `sawmill build` again"),
            Cause::Later { .. } => Some("this is a bug of Sawmill: please report it"),
            Cause::Error { help, .. } => help.as_deref(),
        }
    }
}

impl std::error::Error for Failure {}

impl Diagnostic for Failure {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code_name()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.advice().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            Cause::Cancelled => f.write_str("stopped on request"),
            Cause::Changed { repo, path } => {
                write!(f, "`{path}` of repository `{repo}` keeps changing while it is read")
            }
            Cause::Later { node } => write!(f, "what `{node}` makes is not known before it ran"),
            Cause::Damaged { artifact } => write!(f, "artifacts keep getting damaged, {artifact} for one"),
            Cause::Error { message, at, .. } if at.is_empty() => f.write_str(message),
            Cause::Error { message, at, .. } => write!(f, "{at}: {message}"),
        }
    }
}
