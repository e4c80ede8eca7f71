//! Values that both files check alike: version, names, tags, patterns, retention.

use std::sync::Arc;

use crate::base::suggest::nearest;
use crate::config::codes;
use crate::config::mistake::{Mistake, SourceText};
use crate::config::model::{Builds, Diffs, GitBuilds, Snapshots};
use crate::config::name::{NAME_RULE, is_name, nearest_name};
use crate::config::pattern;
use crate::config::read::{Reader, Written, list};
use crate::config::written::WorkspaceFile;

/// The version of both formats.
const VERSION: u32 = 1;

pub fn version(version: Option<&Written<u32>>, reader: &mut Reader<'_>) {
    if let Some(given) = version.filter(|v| v.value != VERSION) {
        let message = format!("version {} of the format is not known", given.value);
        reader.report(
            Mistake::at(&codes::BAD_VERSION, message, reader.file, given.span, "this version")
                .help(format!("write `version: {VERSION}`, or update Sawmill")),
        );
    }
}

/// Reports a name that is not allowed.
pub fn check_name(name: &Written<String>, what: &str, reader: &mut Reader<'_>) -> bool {
    if is_name(&name.value) {
        return true;
    }
    let help = match nearest_name(&name.value) {
        Some(near) => format!("did you mean `{near}`? A name is {NAME_RULE}"),
        None => format!("a name is {NAME_RULE}"),
    };
    let message = format!("`{}` is no name for {what}", name.value.escape_debug());
    reader.report(Mistake::at(&codes::BAD_NAME, message, reader.file, name.span, "not allowed").help(help));
    false
}

/// Trimmed, lower-case, sorted, distinct.
pub fn tags(written: &[Written<String>], reader: &mut Reader<'_>) -> Vec<String> {
    let mut out = Vec::with_capacity(written.len());
    for tag in written {
        let normal = tag.value.trim().to_lowercase();
        if normal.is_empty() || normal.chars().any(|c| c.is_whitespace() || c.is_control() || c == ',') {
            let message = format!("`{}` is no tag", tag.value.escape_debug());
            reader.report(
                Mistake::at(&codes::BAD_VALUE, message, reader.file, tag.span, "not allowed")
                    .help("a tag is one word: no spaces, commas or control characters"),
            );
        } else {
            out.push(normal);
        }
    }
    out.sort();
    out.dedup();
    out
}

/// Reports patterns in gitignore syntax that can match nothing, and remarks those that match something else than
/// they seem to.
pub fn check_patterns<'w>(patterns: impl IntoIterator<Item = &'w Written<String>>, reader: &mut Reader<'_>) {
    for written in patterns {
        if let Some(why) = pattern::fault(&written.value) {
            let mistake = bad_glob(reader.file, written, why);
            reader.report(mistake.help("patterns are in gitignore syntax: `*`, `?`, `**/`, `[a-z]`, `!` before it"));
        } else if pattern::has_braces(&written.value) {
            let message = "braces are plain text in gitignore syntax";
            reader.report(
                Mistake::at(&codes::BRACES, message, reader.file, written.span, "no choice is made here")
                    .help("write one pattern for each choice")
                    .severity(miette::Severity::Warning),
            );
        }
    }
}

/// Patterns of `languages: map:`; a `!` means nothing there.
pub fn check_language_map<'w>(patterns: impl Iterator<Item = &'w Written<String>>, reader: &mut Reader<'_>) {
    let (negated, plain): (Vec<_>, Vec<_>) = patterns.partition(|p| p.value.starts_with('!'));
    for written in negated {
        let mistake = bad_glob(reader.file, written, "a `!` means nothing here");
        reader.report(mistake.help("name the files that are in the language"));
    }
    check_patterns(plain, reader);
}

pub fn bad_glob(file: &Arc<SourceText>, glob: &Written<String>, why: &str) -> Mistake {
    let shown: String = glob.value.chars().take(80).collect();
    Mistake::at(&codes::BAD_GLOB, format!("`{}` is no pattern", shown.escape_debug()), file, glob.span, why)
}

pub fn unknown_language(file: &Arc<SourceText>, language: &Written<String>, known: &[&str]) -> Mistake {
    let help = match nearest(&language.value, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known languages: {}", list(known)),
    };
    let message = format!("the language `{}` is not known", language.value.escape_debug());
    Mistake::at(&codes::UNKNOWN_LANGUAGE, message, file, language.span, "not known").help(help)
}

/// Retention with its defaults.
pub fn retention(file: &WorkspaceFile) -> (Builds, GitBuilds, Snapshots, Diffs) {
    let (mut builds, mut git) = (Builds::default(), GitBuilds::default());
    let (mut snapshots, mut diffs) = (Snapshots::default(), Diffs::default());
    let set = |to: &mut u32, from: Option<&Written<u32>>| {
        if let Some(from) = from {
            *to = from.value;
        }
    };
    if let Some(written) = file.builds.as_ref().map(|w| &w.value) {
        set(&mut builds.keep, written.keep.as_ref());
        set(&mut builds.max_age_days, written.max_age_days.as_ref());
    }
    if let Some(written) = file.git.as_ref().map(|w| &w.value) {
        set(&mut git.keep, written.keep.as_ref());
        set(&mut git.max_age_days, written.max_age_days.as_ref());
    }
    if let Some(written) = file.snapshots.as_ref().map(|w| &w.value) {
        set(&mut snapshots.keep_pointer, written.keep_pointer.as_ref());
        set(&mut snapshots.keep_frozen, written.keep_frozen.as_ref());
        set(&mut snapshots.max_age_days, written.max_age_days.as_ref());
        set(&mut snapshots.staging_max_age_hours, written.staging_max_age_hours.as_ref());
        if let Some(tags) = &written.protect_tags {
            snapshots.protect_tags = tags.value.iter().map(|t| t.value.clone()).collect();
        }
    }
    if let Some(written) = file.diffs.as_ref().map(|w| &w.value) {
        set(&mut diffs.keep, written.keep.as_ref());
        set(&mut diffs.keep_automatic, written.keep_automatic.as_ref());
        set(&mut diffs.max_age_days, written.max_age_days.as_ref());
        diffs.max_total_bytes = written.max_total_bytes.as_ref().map(|written| written.value);
    }
    (builds, git, snapshots, diffs)
}
