//! The machine's file system.
//!
//! Each operation of [`Vfs`](super::Vfs) is one system call or a short sequence of them, through `rustix` where
//! the standard library has no safe word for it. Nothing here needs unsafe code.
//!
//! | file | holds |
//! |---|---|
//! | `fs.rs` | [`RealFs`]: reads, writes, syncs, renames, locks |
//! | `beneath.rs` | opening a regular file beneath a root without following a symbolic link |
//! | `list.rs` | directories; `list_stat` is the hot path of a scan |

mod beneath;
mod fs;
mod list;
#[cfg(test)]
mod tests;

pub use fs::RealFs;
