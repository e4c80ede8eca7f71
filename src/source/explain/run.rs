//! From a path to its verdict.

use crate::base::vfs::Vfs;
use crate::base::{Limits, RelPath, SkipReason};
use crate::source::language::{LanguageRule, extension, known_extension};
use crate::source::model::{FileContent, Notice, ScanRequest, SourceFile};
use crate::source::path_text::text_of;
use crate::source::role::{Mark, RoleRule};
use crate::source::scan::{Found, Ground, SourceError, withhold_collisions};
use crate::source::stat_cache::StatCache;

use super::model::{
    DecidingRule, Fate, LanguageReason, LanguageVerdict, ModeReason, ModeVerdict, PathVerdict, RoleReason, RoleVerdict,
    Withheld,
};
use super::trace::{End, Trail, trace};

/// What a scan of `request` would decide about `path`, and why. Errors are those of the scan.
pub fn explain(vfs: &dyn Vfs, request: &ScanRequest<'_>, path: &RelPath) -> Result<PathVerdict, SourceError> {
    let ground = Ground::of(vfs, request)?;
    let mut told = Vec::new();
    let mut trails = trace(&ground.walk, path, &mut told)?;
    let rows = settle(&ground, &trails, &mut told)?;
    for trail in &mut trails {
        let is_row = |row: &Row| row.file.path.as_bytes() == trail.path;
        if matches!(trail.end, End::File(..)) && !rows.iter().any(is_row) {
            // It vanished before it was read.
            trail.end = End::Absent(None);
        }
    }
    told.sort_by(|a, b| (&a.path, a.code).cmp(&(&b.path, b.code)));
    Ok(verdict(request, path, choose(trails, path), rows, told))
}

/// A file's row, and what told its language and role.
struct Row {
    file: SourceFile,
    rule: LanguageRule,
    role: RoleRule,
}

/// The rows of the files among `trails`.
fn settle(ground: &Ground<'_>, trails: &[Trail], told: &mut Vec<Notice>) -> Result<Vec<Row>, SourceError> {
    let file = |trail| match trail {
        &Trail { ref path, end: End::File(ref stat, _) } => Some(Found { path, stat }),
        _ => None,
    };
    let mut found: Vec<Found<'_>> = trails.iter().filter_map(file).collect();
    found.sort_unstable_by_key(|file| file.path);
    let cache = StatCache::default();
    let (mut settled, notices) = ground.settler(&cache).piece(&found)?;
    told.extend(notices);
    settled.sort_by(|a, b| a.file.path.cmp(&b.file.path));
    let rules: Vec<_> = settled.iter().map(|settled| (settled.rule, settled.role)).collect();
    let mut files: Vec<SourceFile> = settled.into_iter().map(|settled| settled.file).collect();
    withhold_collisions(&mut files);
    Ok(files.into_iter().zip(rules).map(|(file, (rule, role))| Row { file, rule, role }).collect())
}

/// The trail of the very bytes that were asked for, or else the first in the order of rows. One that leads
/// somewhere comes before one that does not.
fn choose(trails: Vec<Trail>, path: &RelPath) -> Option<Trail> {
    trails.into_iter().min_by_key(|trail| {
        let is_absent = matches!(trail.end, End::Absent(_) | End::BelowFile);
        (is_absent, !path.as_bytes().starts_with(&trail.path), RelPath::from_bytes(&trail.path).ok())
    })
}

fn verdict(
    request: &ScanRequest<'_>,
    path: &RelPath,
    trail: Option<Trail>,
    rows: Vec<Row>,
    notices: Vec<Notice>,
) -> PathVerdict {
    let mut verdict = PathVerdict {
        path: path.text().to_owned(),
        fate: Fate::Absent { at: path.text().to_owned(), near: None },
        size: None,
        content_hash: None,
        language: None,
        mode: None,
        role: None,
        notices,
    };
    let Some(trail) = trail else { return verdict };
    let at = text_of(&trail.path);
    match trail.end {
        End::Absent(near) => verdict.fate = Fate::Absent { at, near },
        End::BelowFile => {}
        End::Excluded(by) => verdict.fate = Fate::Excluded { at, by },
        End::Dir(rules) => verdict.fate = Fate::Entered { rules },
        End::File(_, rules) => {
            if let Some(row) = rows.into_iter().find(|row| row.file.path.as_bytes() == trail.path) {
                include(&mut verdict, &row, rules, request);
            }
        }
    }
    verdict
}

fn include(verdict: &mut PathVerdict, row: &Row, rules: Vec<DecidingRule>, request: &ScanRequest<'_>) {
    let (hash, withheld) = match row.file.content {
        FileContent::Hash(hash) => (Some(hash.to_string()), None),
        FileContent::Withheld(reason) => (None, Some(why_withheld(reason, request.limits))),
    };
    verdict.size = Some(row.file.size);
    verdict.language = Some(LanguageVerdict {
        language: row.file.language.as_deref().map(str::to_owned),
        by: why_language(row, hash.is_some(), request),
    });
    verdict.mode = Some(ModeVerdict {
        mode: row.file.mode.name().to_owned(),
        by: if row.file.language.is_some() { ModeReason::Language } else { ModeReason::NoLanguage },
    });
    let by = why_role(row.role);
    verdict.role = Some(RoleVerdict { role: row.file.role.to_string(), by });
    verdict.content_hash = hash;
    verdict.fate = Fate::Included { rules, withheld };
}

fn why_withheld(reason: SkipReason, limits: &Limits) -> Withheld {
    match reason {
        SkipReason::TooLarge => Withheld::TooLarge { limit: limits.read_bytes },
        SkipReason::Secret => Withheld::Secret,
        SkipReason::Unreadable => Withheld::Unreadable,
        SkipReason::PathCollision => Withheld::PathCollision,
    }
}

fn why_language(row: &Row, was_read: bool, request: &ScanRequest<'_>) -> LanguageReason {
    let name = row.file.path.file_name();
    let shown = || text_of(name);
    match row.rule {
        LanguageRule::Map(at) => {
            LanguageReason::Map { glob: request.languages.get(at).map(|(glob, _)| glob.clone()).unwrap_or_default() }
        }
        LanguageRule::Name => LanguageReason::Name { name: shown() },
        LanguageRule::Extension(extension) => LanguageReason::Extension { extension: extension.to_owned() },
        LanguageRule::Shebang => LanguageReason::FirstLine,
        LanguageRule::Modeline => LanguageReason::ModeLine,
        LanguageRule::Content => LanguageReason::Content { extension: known_extension(name).map(str::to_owned) },
        LanguageRule::ProseName => LanguageReason::ProseName { name: shown() },
        LanguageRule::Unknown => match extension(name) {
            Some(extension) => LanguageReason::UnknownExtension { extension: text_of(extension) },
            None => LanguageReason::UnknownName { first_line_read: was_read },
        },
    }
}

fn why_role(rule: RoleRule) -> RoleReason {
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    match rule {
        RoleRule::Directory(name) => RoleReason::Directory(text(name)),
        RoleRule::Root(name) => RoleReason::Root(text(name)),
        RoleRule::Name(name) => RoleReason::Name(text(name)),
        RoleRule::Start(start) => RoleReason::NameStarts(text(start)),
        RoleRule::End(end) => RoleReason::NameEnds(text(end)),
        RoleRule::Stem(end) => RoleReason::StemEnds(text(end)),
        RoleRule::Mark(Mark::Generated) => RoleReason::Comment,
        RoleRule::Mark(Mark::Minified) => RoleReason::LongLines,
        RoleRule::Nothing => RoleReason::Nothing,
    }
}
