//! What many repositories are as one: which builds there are, what of them may be scored together, and one hash over
//! all that a search could notice.
//!
//! A manifest is a pure function of the first levels of the builds. It opens no list of segments and no object, so its
//! cost grows with the number of repositories and segments, not with what they hold.
//!
//! | file | holds |
//! |---|---|
//! | `model.rs` | the manifest as it stands in JSON |
//! | `served.rs` | the nodes whose tables search reads |
//! | `cohort.rs` | what two repositories must have in common in a mode |
//! | `member.rs` | one repository's entry, from its build |
//! | `manifest.rs` | the whole, and its two ids |

mod cohort;
mod manifest;
mod member;
mod model;
mod served;

#[cfg(test)]
mod tests;

pub use cohort::{NOT_RECORDED, cohort_key, parameters};
pub use member::Found;
pub use model::{Availability, Manifest, Member, MemberMode, Parameters};
pub use served::Served;
