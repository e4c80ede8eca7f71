//! Whose problem an error is; the exit code follows from it in one place.

/// The tier of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// A negative answer to a well-formed question: no hit, a failure under `--fail-fast`, damage found.
    Negative,
    /// The user's input, configuration or usage.
    User,
    /// Disk, permission, another process holds the lock.
    Environment,
    /// A bug of ours, or a lost object.
    Bug,
    /// The user stopped it.
    Cancelled,
}

impl Tier {
    /// The process exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Negative => 1,
            Self::User => 2,
            Self::Environment => 3,
            Self::Bug => 4,
            Self::Cancelled => 130,
        }
    }
}
