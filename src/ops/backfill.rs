//! `build --backfill`: what an older version produced, and nothing else.
//!
//! A build re-runs what an older version produced by itself, because the version is in the keys; it does so everywhere,
//! beside whatever else has changed. A backfill picks the repositories in which outputs of that version stand, and leaves
//! the others as they are: so one kind or one language of many repositories can be brought up to date first.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use miette::Diagnostic;

use crate::base::Tier;
use crate::base::suggest::nearest;
use crate::engine::{self, BuildOptions, Forecast, Moved, Reason, Services};
use crate::nodes::Kind;
use crate::plan::Plan;
use crate::source;

use super::context::Context;
use super::error::OpsError;

/// An older version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backfill {
    /// A kind of node with this FORMAT: `extract@6`.
    Format { kind: String, format: u32 },
    /// Definitions of this language that are not the present ones: `lang:lua`.
    Language(String),
}

/// Why a backfill cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum BackfillError {
    #[error("`{text}` names no older version")]
    #[diagnostic(
        code(sawmill::backfill::malformed),
        help("write `KIND@FORMAT`, as `extract@6`, or `lang:NAME`, as `lang:lua`")
    )]
    Malformed { text: String },
    #[error("no kind of node is called `{kind}`")]
    #[diagnostic(code(sawmill::backfill::unknown_kind), help("{help}"))]
    UnknownKind { kind: String, help: String },
    #[error("no language is called `{language}`")]
    #[diagnostic(code(sawmill::backfill::unknown_language), help("{help}"))]
    UnknownLanguage { language: String, help: String },
    #[error("FORMAT {format} of `{kind}` is no older one: this program writes FORMAT {now}")]
    #[diagnostic(
        code(sawmill::backfill::not_older),
        help("`sawmill history PATH` tells which FORMAT made what stands")
    )]
    NotOlder { kind: String, format: u32, now: u32 },
}

impl BackfillError {
    pub fn tier(&self) -> Tier {
        Tier::User
    }
}

impl FromStr for Backfill {
    type Err = BackfillError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || BackfillError::Malformed { text: text.to_owned() };
        if let Some(language) = text.strip_prefix("lang:").filter(|language| !language.is_empty()) {
            return Ok(Self::Language(language.to_owned()));
        }
        let (kind, format) = text.split_once('@').filter(|(kind, _)| !kind.is_empty()).ok_or_else(malformed)?;
        let format = format.parse().map_err(|_| malformed())?;
        Ok(Self::Format { kind: kind.to_owned(), format })
    }
}

impl fmt::Display for Backfill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format { kind, format } => write!(f, "{kind}@{format}"),
            Self::Language(language) => write!(f, "lang:{language}"),
        }
    }
}

/// The repositories, of those that `options` asks for, in which outputs of that version stand.
pub(super) fn repositories(
    context: &Context,
    services: &Services,
    plan: &Plan,
    options: &BuildOptions,
    backfill: &Backfill,
) -> Result<BTreeSet<String>, OpsError> {
    match backfill {
        Backfill::Format { kind, format } => {
            let now = known(&context.kinds, kind)?.format();
            if *format >= now {
                return Err(BackfillError::NotOlder { kind: kind.clone(), format: *format, now }.into());
            }
            of_format(services, plan, options, kind, *format)
        }
        Backfill::Language(language) => {
            let mut languages = source::known_languages();
            if !languages.any(|known| known == language) {
                let near = nearest(language, source::known_languages());
                let help = match near {
                    Some(near) => format!("did you mean `lang:{near}`?"),
                    None => "docs/languages.md lists the languages; `sawmill stats` those of this workspace".to_owned(),
                };
                return Err(BackfillError::UnknownLanguage { language: language.clone(), help }.into());
            }
            of_language(services, plan, options, language)
        }
    }
}

fn known(kinds: &[&'static dyn Kind], name: &str) -> Result<&'static dyn Kind, BackfillError> {
    kinds.iter().copied().find(|kind| kind.name() == name).ok_or_else(|| {
        let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", names.join(", ")),
        };
        BackfillError::UnknownKind { kind: name.to_owned(), help }
    })
}

/// The manifests say which FORMAT made what stands.
fn of_format(
    services: &Services,
    plan: &Plan,
    options: &BuildOptions,
    kind: &str,
    format: u32,
) -> Result<BTreeSet<String>, OpsError> {
    let Some(head) = services.store.pin()? else { return Ok(BTreeSet::new()) };
    let mut found = BTreeSet::new();
    for repo in plan.repos.iter().filter(|repo| options.wants(&repo.name)) {
        if !head.generation().repos.contains_key(&repo.name) {
            continue;
        }
        let root = head.build(&repo.name)?;
        if root.nodes.iter().any(|node| node.kind == kind && node.format == format) {
            found.insert(repo.name.clone());
        }
    }
    Ok(found)
}

/// A dry run knows what would run because the language's definition moved.
fn of_language(
    services: &Services,
    plan: &Plan,
    options: &BuildOptions,
    language: &str,
) -> Result<BTreeSet<String>, OpsError> {
    let outlook = engine::dry_run(services, plan, options)?;
    let moved = |moved: &Moved| matches!(moved, Moved::Language { language: name, .. } if name == language);
    let due = outlook.actions.into_iter().filter(|action| {
        let reason = action.reason.as_ref();
        action.forecast == Forecast::Will
            && reason.is_some_and(|r| matches!(r, Reason::Moved { moved: all, .. } if all.iter().any(moved)))
    });
    Ok(due.map(|action| action.repo).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_kind_with_a_format_or_a_language() {
        for text in ["extract@6", "lang:lua", "lang:c-sharp"] {
            assert_eq!(text.parse::<Backfill>().unwrap().to_string(), text);
        }
        for text in ["", "extract", "extract@", "@6", "extract@x", "lang:", "extract@-1"] {
            assert_eq!(text.parse::<Backfill>(), Err(BackfillError::Malformed { text: text.to_owned() }));
        }
    }
}
