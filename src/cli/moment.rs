//! `--at REF`: a command reads a past moment.

use std::str::FromStr;

use sawmill::ops::{At, AtReport, Context, OpsError, Ref};

use super::run::Stop;
use super::shell::Shell;

/// The argument, for commands that read.
#[derive(Debug, Default, clap::Args)]
pub struct Moment {
    /// As of then: latest, previous, gen:ID, snap:ID, tag:TAG, build:ID, git:REVISION or path:DIR.
    #[arg(long, value_name = "REF")]
    at: Option<String>,
}

impl Moment {
    /// The context, of that moment. A ref of one repository means the one of `repos`, where there is one.
    pub fn context(&self, shell: &Shell, repos: &[String]) -> Result<Context, Stop> {
        let at = self.at.as_ref().map(|text| named(shell, text, repos)).transpose()?;
        let mut context = of_moments(shell, at.as_slice())?;
        context.at = at;
        Ok(context)
    }
}

/// The context for these moments. Where all of them are in stores that a directory names, there need be no workspace.
pub fn of_moments(shell: &Shell, moments: &[At]) -> Result<Context, Stop> {
    let elsewhere = !moments.is_empty() && moments.iter().all(|at| matches!(at.moment, Ref::Path(_)));
    if elsewhere { shell.context_anywhere() } else { shell.context() }
}

/// The moment that `text` names.
pub fn named(shell: &Shell, text: &str, repos: &[String]) -> Result<At, Stop> {
    let moment = Ref::from_str(text).map_err(OpsError::from)?;
    let repo = if let [one] = repos { Some(one.clone()) } else { None };
    Ok(At { moment, repo, from: shell.directory.clone() })
}

/// Tells people which moment answers.
pub fn note(shell: &Shell, at: Option<&AtReport>) {
    if let Some(at) = at {
        shell.output.say(&format!("as of {} ({})", at.asked, at.resolved));
    }
}
