//! Objects: artifacts named by the BLAKE3 of their bytes.
//!
//! | file | holds |
//! |---|---|
//! | `blocks.rs` | the chaining values that let a reader verify one block of a large object |
//! | `read.rs` | readers that verify before they hand bytes out; the stamp of the object directories |
//! | `write.rs` | staging, and putting what was staged into its place |
//! | `export.rs` | bringing objects to another place, read back |
//! | `suspect.rs` | what readers found damaged, and how the next writer mends it |

mod blocks;
mod export;
mod read;
mod suspect;
mod write;

pub(super) use export::{ExportError, Transfer};
pub(super) use write::Staged;
