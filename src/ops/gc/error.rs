//! Why no object is meant.

use miette::Diagnostic;

use crate::base::Tier;

/// A person's words name no object, or several.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum GcError {
    #[error("no object is `{asked}`")]
    #[diagnostic(
        code(sawmill::gc::unknown_object),
        help(
            "give an object's hash or the beginning of it (`sawmill inspect` lists artifacts), or the path of a part under `.sawmill/latest/`"
        )
    )]
    Unknown { asked: String },
    #[error("several objects have a hash that begins with `{asked}`")]
    #[diagnostic(code(sawmill::gc::ambiguous_object))]
    Ambiguous {
        asked: String,
        #[help]
        help: String,
    },
}

impl GcError {
    /// Whose problem it is.
    pub fn tier(&self) -> Tier {
        Tier::User
    }
}
