//! A check and its state.

use schemars::JsonSchema;
use serde::Serialize;

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    Ok,
    /// Sawmill works, and not as well as it could.
    Warning,
    /// Something will fail.
    Problem,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    pub name: String,
    pub state: State,
    pub message: String,
    /// What to do next, where something is to do.
    pub help: Option<String>,
}

impl Check {
    pub fn ok(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self { name: name.into(), state: State::Ok, message: message.into(), help: None }
    }

    pub fn warning(name: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { name: name.into(), state: State::Warning, message: message.into(), help: Some(help.into()) }
    }

    pub fn problem(name: impl Into<String>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { name: name.into(), state: State::Problem, message: message.into(), help: Some(help.into()) }
    }
}

/// All checks, in the order in which they were made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoctorReport {
    /// No check is a problem.
    pub ok: bool,
    pub checks: Vec<Check>,
}

impl DoctorReport {
    pub fn count(&self, state: State) -> usize {
        self.checks.iter().filter(|check| check.state == state).count()
    }
}
