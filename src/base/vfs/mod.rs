//! The one door to the file system.
//!
//! Everything that Sawmill reads or writes on a disk goes through [`Vfs`], so that tests can stand a memory
//! file system with a durability model, or one that injects faults, behind the same code. Operations are few,
//! each maps to one system call or a short documented sequence. Errors are the system's own and hold no path: who
//! calls knows it, and names it only where a person will read it.
//!
//! | implementation | what |
//! |---|---|
//! | [`real::RealFs`] | the machine: `openat2` beneath a root where confinement is asked for, `renameat2` without replacing, kernel locks |
//! | [`memory::MemoryFs`] | files in memory; keeps for each file and directory what was synced, so that a power cut can be played |
//! | [`fault::FaultFs`] | wraps another one; fails the n-th operation, once or from then on, with a given error |

mod door;
pub mod fault;
pub mod memory;
pub mod real;

pub use door::{DirEntry, FileKind, LockGuard, LockKind, Stat, Vfs};
