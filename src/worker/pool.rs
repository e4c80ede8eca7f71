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

/// Takes an answer, or says what is wrong with it.
pub type Accept<'a> = &'a mut dyn FnMut(Vec<u8>) -> Result<(), String>;

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

    /// Hands the answer of `room` to `body` to `accept`. What fails is tried once more, in a worker of its own: the
    /// first may have been hurt by another request. So is an answer that `accept` refuses.
    pub fn call(&self, room: &str, body: &[u8], accept: Accept<'_>, cancel: &Cancel) -> Result<(), CallError> {
        let used = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let child = used.map_or_else(|| self.start(), Ok)?;
        match self.ask(child, self.allowance.first(), room, body, accept, cancel) {
            // A refusal is the word of a whole worker.
            Err(Failed::Trouble(trouble)) if !matches!(trouble, Trouble::Refused { .. }) => {}
            done => return done.map_err(CallError::from),
        }
        self.ask(self.start()?, self.allowance, room, body, accept, cancel).map_err(CallError::from)
    }

    fn ask(
        &self,
        mut child: Child,
        allowance: Allowance,
        room: &str,
        body: &[u8],
        accept: Accept<'_>,
        cancel: &Cancel,
    ) -> Result<(), Failed> {
        let answer = child.call(room, body, allowance, cancel);
        let whole = match answer {
            // A worker that lies is not asked again.
            Ok(answer) => accept(answer).map_err(|what| Trouble::Garbled { what }.into()),
            Err(Failed::Trouble(refused @ Trouble::Refused { .. })) => Err(refused.into()),
            Err(failed) => return Err(failed),
        };
        if !matches!(whole, Err(Failed::Trouble(Trouble::Garbled { .. }))) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(child);
        }
        whole
    }

    fn start(&self) -> Result<Child, CallError> {
        let child = Child::start(&self.program, self.allowance).map_err(CallError::Unavailable)?;
        self.started.fetch_add(1, Ordering::Relaxed);
        self.confinement.get_or_init(|| child.confinement);
        Ok(child)
    }

    /// Ends the workers that are not at work. A worker dies with the thread that started it: who ends threads calls this
    /// first, or finds the next worker dead.
    pub fn rest(&self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Starts a worker to see how it is confined, and keeps it.
    pub fn try_one(&self) -> Result<Confinement, CallError> {
        let child = self.start()?;
        let confinement = child.confinement;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(child);
        Ok(confinement)
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
