//! What is referred to, and by whom.
//!
//! A build is held by a generation, by a snapshot that points to it, or by the commit that it was made of. What a
//! build holds, its lists tell: objects, and the actions that made them. A frozen snapshot is a store of its own and
//! holds nothing here; the events of a diff are a file of its own.
//!
//! | file | holds |
//! |---|---|
//! | `held.rs` | the builds of one workspace that something holds |
//! | `walk.rs` | from builds to objects, over all workspaces of a cache |
//! | `workspaces.rs` | which workspaces those are |

mod held;
mod walk;
mod workspaces;

pub(super) use held::Held;
pub use held::Holder;
pub use walk::Kept;
pub(super) use walk::Reach;
pub(super) use workspaces::Registration;
