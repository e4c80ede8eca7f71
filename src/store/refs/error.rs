//! Why a ref comes to nothing.

use miette::Diagnostic;

use crate::base::Tier;

/// A ref that is none, or that names nothing. Nothing else is ever taken instead.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum RefError {
    #[error("`{text}` is no ref")]
    #[diagnostic(code(sawmill::refs::invalid))]
    Invalid {
        text: String,
        #[help]
        help: String,
    },
    #[error("`{asked}` names nothing: {what}")]
    #[diagnostic(code(sawmill::refs::unknown))]
    Unknown {
        asked: String,
        what: String,
        /// With candidates, where there are any.
        #[help]
        help: String,
    },
    #[error("`{asked}` is the beginning of more than one id")]
    #[diagnostic(code(sawmill::refs::ambiguous))]
    Ambiguous {
        asked: String,
        #[help]
        help: String,
    },
    #[error("`{asked}` cannot be told: the snapshot {id} is damaged")]
    #[diagnostic(code(sawmill::refs::damaged))]
    Damaged {
        asked: String,
        id: String,
        #[help]
        help: String,
        #[source]
        source: Box<crate::store::StoreError>,
    },
    /// What is meant is one repository's, and it is not said which.
    #[error("`{asked}` is about one repository, and {what}")]
    #[diagnostic(code(sawmill::refs::repository))]
    Repository {
        asked: String,
        what: String,
        #[help]
        help: String,
    },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] crate::store::StoreError),
}

impl RefError {
    pub fn tier(&self) -> Tier {
        match self {
            Self::Store(error) => error.tier(),
            Self::Damaged { source, .. } => source.tier(),
            Self::Invalid { .. } | Self::Unknown { .. } | Self::Ambiguous { .. } | Self::Repository { .. } => {
                Tier::User
            }
        }
    }
}
