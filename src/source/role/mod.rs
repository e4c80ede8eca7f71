//! What part a file plays in its repository: told by its path, and by marks in its text.

mod mark;
mod told;

pub use mark::Mark;
pub use told::{Role, RoleRule};
