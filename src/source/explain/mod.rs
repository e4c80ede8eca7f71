//! Why a path is in a repository or not: what a scan would decide about it, and by which rule.
//!
//! [`explain`] follows one path from the root as a scan would, and looks at nothing else: the directories on the
//! way, their ignore files, and the bytes of the file where a scan would read them. It takes every decision by
//! the scan's own functions (`scan::gate`, `scan::walk`, `scan::settle`, `language`, `role`) and only writes down
//! what led to it; a property test holds that both agree.
//!
//! A scan stops at the first directory that is left out, and so does this: a path below it is told as excluded,
//! be it there or not. Paths are found by their text, as rows are. Where several have one text (bytes that are no
//! UTF-8 are written `\xNN`), the one whose bytes were asked for is told, and else the first in the order of rows.

mod model;
mod near;
mod run;
mod trace;
mod words;

pub use model::{
    DecidingRule, Exclusion, Fate, LanguageReason, LanguageVerdict, Likeness, ModeReason, ModeVerdict, Near,
    PathVerdict, RoleReason, RoleVerdict, RuleSource, Withheld,
};
pub use run::explain;

#[cfg(test)]
mod agreement_tests;
#[cfg(test)]
mod tests;
