//! As many workers as there are threads that ask.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::base::Cancel;

use super::child::{Child, Failed};
use super::confine::Confinement;
use super::meter::Allowance;
use super::serve::ARGUMENT;
use super::trouble::Trouble;

/// What is started as a worker. Behind `arguments` it is given the address space that it may take, in bytes.
#[derive(Clone, Debug)]
pub struct Program {
    pub path: PathBuf,
    pub arguments: Vec<String>,
}

impl Program {
    /// This very program.
    pub fn this() -> io::Result<Self> {
        // The name may mean another program by now: a build may outlive an upgrade.
        let path = if cfg!(target_os = "linux") { PathBuf::from("/proc/self/exe") } else { std::env::current_exe()? };
        Ok(Self { path, arguments: vec![ARGUMENT.to_owned()] })
    }
}

/// Why a call gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    #[error("cancelled")]
    Cancelled,
    /// No worker can be started: the machine's trouble, not the file's.
    #[error("no worker process can be started")]
    Unavailable(#[source] io::Error),
    /// The request's own trouble.
    #[error("{0}")]
    Trouble(Trouble),
}

/// Workers, started as they are needed and kept until the pool is dropped.
#[derive(Debug)]
pub struct Pool {
    program: Program,
    allowance: Allowance,
    idle: Mutex<Vec<Child>>,
    started: AtomicU64,
    confinement: OnceLock<Confinement>,
}

impl Pool {
    pub fn new(program: Program, allowance: Allowance) -> Self {
        Self { program, allowance, idle: Mutex::default(), started: AtomicU64::new(0), confinement: OnceLock::new() }
    }

    /// The answer of `room` to `body`. What fails is tried once more in a worker of its own: the first may have been
    /// hurt by another request.
    pub fn call(&self, room: &str, body: &[u8], cancel: &Cancel) -> Result<Vec<u8>, CallError> {
        let used = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(child) = used {
            match self.ask(child, room, body, cancel) {
                // A refusal is the word of a whole worker.
                Err(Failed::Trouble(trouble)) if !matches!(trouble, Trouble::Refused { .. }) => {}
                done => return done.map_err(CallError::from),
            }
        }
        self.ask(self.start()?, room, body, cancel).map_err(CallError::from)
    }

    fn ask(&self, mut child: Child, room: &str, body: &[u8], cancel: &Cancel) -> Result<Vec<u8>, Failed> {
        let answer = child.call(room, body, cancel);
        if matches!(answer, Ok(_) | Err(Failed::Trouble(Trouble::Refused { .. }))) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(child);
        }
        answer
    }

    fn start(&self) -> Result<Child, CallError> {
        let child = Child::start(&self.program, self.allowance).map_err(CallError::Unavailable)?;
        self.started.fetch_add(1, Ordering::Relaxed);
        self.confinement.get_or_init(|| child.confinement);
        Ok(child)
    }

    /// How many workers were started so far.
    pub fn started(&self) -> u64 {
        self.started.load(Ordering::Relaxed)
    }

    /// How the workers are confined; none before the first was started.
    pub fn confinement(&self) -> Option<Confinement> {
        self.confinement.get().copied()
    }
}

impl From<Failed> for CallError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Cancelled => Self::Cancelled,
            Failed::Trouble(trouble) => Self::Trouble(trouble),
        }
    }
}
