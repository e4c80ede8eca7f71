//! How a file can fail in a worker.

use std::fmt;
use std::time::Duration;

/// Why there is no answer. The file was tried twice, the second time in a worker of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It took more processor time than a file may.
    CpuTime { limit: Duration },
    /// It took more time than a file may, by the clock.
    WallTime { limit: Duration },
    /// The worker did something that it gave up the right to.
    Forbidden,
    /// The worker ran out of memory.
    Memory { limit: u64 },
    /// The worker ran out of stack.
    Stack,
    /// The worker ended: by a signal, or by itself.
    Died { signal: Option<i32>, code: Option<i32>, said: String },
    /// The worker's answer is none.
    Garbled { what: String },
    /// The worker could not answer, and said why.
    Refused { what: String },
}

impl Trouble {
    /// A short stable name: what records keep.
    pub fn name(&self) -> &'static str {
        match self {
            Self::CpuTime { .. } => "cpu-time",
            Self::WallTime { .. } => "wall-time",
            Self::Forbidden => "forbidden",
            Self::Memory { .. } => "memory",
            Self::Stack => "stack",
            Self::Died { .. } => "died",
            Self::Garbled { .. } => "garbled",
            Self::Refused { .. } => "refused",
        }
    }

    /// Is `word` the name of a trouble?
    pub fn is_name(word: &str) -> bool {
        ["cpu-time", "wall-time", "forbidden", "memory", "stack", "died", "garbled", "refused"].contains(&word)
    }

    /// The last that the worker said, where it is worth telling.
    pub fn said(&self) -> Option<&str> {
        match self {
            Self::Died { said, .. } if !said.is_empty() => Some(said),
            _ => None,
        }
    }
}

/// As people read it, of the file: "the parser …". It enters rows and keys: nothing in it differs between machines.
impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CpuTime { limit } => write!(f, "the parser took more than {} s of processor time", limit.as_secs()),
            Self::WallTime { limit } => write!(f, "the parser took more than {} s", limit.as_secs()),
            Self::Forbidden => f.write_str("the parser tried what a worker may not do"),
            Self::Memory { limit } => write!(f, "the parser took more than {} MiB of memory", limit >> 20),
            Self::Stack => f.write_str("the parser ran out of stack"),
            Self::Died { signal: Some(signal), .. } => write!(f, "the parser was ended by signal {signal}"),
            Self::Died { code, .. } => write!(f, "the parser ended with {}", code.unwrap_or(-1)),
            Self::Garbled { what } => write!(f, "the parser's answer is none: {what}"),
            Self::Refused { what } => f.write_str(what),
        }
    }
}
