//! Why there is no diff.

use miette::Diagnostic;

use crate::base::Tier;
use crate::store::StoreError;

#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum DiffError {
    #[error("the two moments were not made alike: {reasons}")]
    #[diagnostic(code(sawmill::diff::mismatch))]
    Mismatch {
        reasons: String,
        #[help]
        help: String,
    },
    #[error("no diff is called `{id}`")]
    #[diagnostic(code(sawmill::diff::unknown))]
    Unknown {
        id: String,
        #[help]
        help: String,
    },
    /// What was kept cannot be believed.
    #[error("the diff {id} is damaged")]
    #[diagnostic(
        code(sawmill::diff::damaged),
        help("`sawmill diff prune` removes it; `sawmill diff compute` with the same moments makes it anew")
    )]
    Damaged {
        id: String,
        #[source]
        source: StoreError,
    },
    #[error("`{id}` is the beginning of more than one diff's id")]
    #[diagnostic(code(sawmill::diff::ambiguous), help("write more of it; `sawmill diff list` names them"))]
    Ambiguous { id: String },
    #[error("no event is called `{event}`")]
    #[diagnostic(code(sawmill::diff::unknown_event))]
    UnknownEvent {
        event: String,
        #[help]
        help: String,
    },
}

impl DiffError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::Damaged { .. } => Tier::Environment,
            _ => Tier::User,
        }
    }
}
