//! The memo: action key → outputs. An entry is believed only if its objects are there and hash to their names,
//! which their readers check.
//!
//! | file | holds |
//! |---|---|
//! | `encode.rs` | entries and pieces as bytes; `layout.rs` draws the form |
//! | `lookup.rs` | [`Memo`]: all pieces in memory as they are on disk, an entry decoded when it is asked for |
//! | `append.rs` | adding and merging pieces |

mod append;
mod encode;
mod lookup;

pub(super) use encode::is_piece;
pub use lookup::Memo;
