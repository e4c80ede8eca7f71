//! From what a person wrote to a file as a scan finds it.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use super::error::PreviewError;
use super::run::PreviewRequest;
use crate::base::vfs::FileKind;
use crate::base::{Limits, RelPath, SkipReason, Tier};
use crate::config::Workspace;
use crate::engine::Failure;
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::plan::{Plan, RepoPlan};
use crate::source::{self, FileContent, Notice, Rules, ScanRequest, SourceError, SourceFile, StatCache, Verdict};

const NO_LINKS: &str = "Sawmill follows no link in a repository; name the file that it leads to";
const IGNORED: &str = "a `!` rule in a .sawmillignore file beside it brings it in";

/// The repository and the path in it that are meant.
pub(super) fn place<'a>(
    context: &Context,
    workspace: &Workspace,
    plan: &'a Plan,
    request: &PreviewRequest,
) -> Result<(&'a RepoPlan, RelPath), OpsError> {
    let names = || plan.repos.iter().map(|repo| repo.name.as_str());
    let named = |name: &str| match plan.repos.iter().find(|repo| repo.name == name) {
        Some(repo) => Ok(repo),
        None => Err(absent(workspace, name, names())),
    };
    let wanted = match &request.repo {
        Some(name) => Some(named(name)?),
        None => None,
    };
    let file = request.file.as_str();
    let on_disk = absolute(context, &request.from.join(file));
    if let Err(error) = &on_disk
        && matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    {
        let Some((name, path)) = file.split_once(':') else {
            return Err(PreviewError::NotThere { file: file.to_owned() }.into());
        };
        let repo = named(name)?;
        let path = RelPath::new(path).map_err(|source| PreviewError::BadPath { file: file.to_owned(), source })?;
        return match wanted.filter(|wanted| wanted.name != repo.name) {
            Some(other) => Err(outside(file, &[other.name.as_str()]).into()),
            None => Ok((repo, path)),
        };
    }
    let on_disk = on_disk.map_err(|source| PreviewError::Unreadable { file: file.to_owned(), source })?;
    let inside = plan.repos.iter().filter(|repo| wanted.is_none_or(|wanted| wanted.name == repo.name));
    let inside = inside.filter_map(|repo| {
        let path = on_disk.strip_prefix(&repo.root).ok()?;
        Some((repo.root.components().count(), repo, RelPath::from_bytes(path.as_os_str().as_bytes()).ok()?))
    });
    // Of overlapping roots the deepest.
    let found = inside.max_by_key(|(depth, ..)| *depth).map(|(_, repo, path)| (repo, path));
    let asked: Vec<&str> = wanted.map_or_else(|| names().collect(), |wanted| vec![wanted.name.as_str()]);
    found.ok_or_else(|| outside(file, &asked).into())
}

/// Why no repository of that name can be asked: its tree is not there, or nobody declared it.
fn absent<'a>(workspace: &Workspace, name: &str, known: impl Iterator<Item = &'a str> + Clone) -> OpsError {
    match workspace.unavailable.iter().find(|lost| lost.name == name) {
        Some(lost) => Failure::of(&lost.mistake, Tier::User, &lost.mistake.place()).into(),
        None => OpsError::unknown_repository(name, known),
    }
}

fn outside(file: &str, repos: &[&str]) -> PreviewError {
    let help = match repos {
        [one] => format!("it is not below the root of `{one}`; leave `--repo` out, or name another"),
        repos => format!("name a file below the root of one of: {}", repos.join(", ")),
    };
    PreviewError::Outside { file: file.to_owned(), help }
}

/// The place of a file that is there. A link at its end stays: that it is one will be said.
fn absolute(context: &Context, path: &Path) -> io::Result<PathBuf> {
    let (Some(parent), Some(Component::Normal(name))) = (path.parent(), path.components().next_back()) else {
        return context.vfs.canonicalize(path);
    };
    let place = context.vfs.canonicalize(parent)?.join(name);
    context.vfs.stat(&place).map(|_| place)
}

/// The file as a build's scan finds it, or why a build leaves it out.
pub(super) fn scanned(
    context: &Context,
    workspace: &Workspace,
    repo: &RepoPlan,
    path: &RelPath,
) -> Result<SourceFile, OpsError> {
    let limits = Limits::default();
    let cache = context.cache.clone().unwrap_or_else(|| workspace.cache.clone());
    let never = [workspace.state.clone(), cache];
    let mut exclude = narrowed(path);
    exclude.extend(repo.exclude.iter().cloned());
    let request = ScanRequest {
        root: &repo.root,
        include: &repo.include,
        exclude: &exclude,
        languages: &repo.languages,
        limits: &limits,
        never: &never,
        threads: 1,
        cancel: &context.cancel,
    };
    let (scan, _) = source::scan(&*context.vfs, &request, &StatCache::default(), context.clock.now())
        .map_err(|error| stopped(&error, &repo.name))?;
    let found = scan.files.into_iter().find(|file| file.path == *path);
    let (reason, help) = match found {
        Some(file) => match file.content {
            FileContent::Hash(_) => return Ok(file),
            FileContent::Withheld(reason) => withheld(reason),
        },
        None => left_out(context, repo, path, &scan.notices)?,
    };
    let (repo, path) = (repo.name.clone(), path.text().to_owned());
    Err(PreviewError::LeftOut { repo, path, reason, help }.into())
}

fn stopped(error: &SourceError, repo: &str) -> Failure {
    match error {
        SourceError::Cancelled(_) => Failure::cancelled(),
        other => Failure::of(other, other.tier(), &format!("repository `{repo}`")),
    }
}

/// Rules that leave out everything beside the way to `path`, so that nothing else is listed or read. They stand
/// before the repository's own, which decide as ever. A path that no rule can spell is found by a whole scan: so is
/// one with an escape, which another file's path may look like.
fn narrowed(path: &RelPath) -> Vec<String> {
    let text = path.text();
    if path.raw().is_some() || text.contains("\\x") || text.contains(['\r', '\n']) {
        return Vec::new();
    }
    let mut rules = Vec::new();
    let mut above = String::new();
    for part in text.split('/') {
        rules.push(format!("{above}/*"));
        above.push('/');
        for c in part.chars() {
            if matches!(c, '*' | '?' | '[' | ']' | '\\' | ' ' | '!' | '#') {
                above.push('\\');
            }
            above.push(c);
        }
        rules.push(format!("!{above}"));
    }
    rules
}

fn withheld(reason: SkipReason) -> (String, &'static str) {
    match reason {
        SkipReason::Secret => (
            "its name is one that secrets have".into(),
            "its row has no content; the bytes of such files are never read",
        ),
        SkipReason::TooLarge => {
            ("it is too large".into(), "its row has no content; leave it out with a .sawmillignore rule, or split it")
        }
        SkipReason::Unreadable => ("it cannot be read".into(), "its row has no content; check its permissions"),
        SkipReason::PathCollision => {
            ("another file's path has the same text".into(), "its row has no content; rename one of the two")
        }
    }
}

/// Why the scan did not find `path`.
fn left_out(
    context: &Context,
    repo: &RepoPlan,
    path: &RelPath,
    notices: &[Notice],
) -> Result<(String, &'static str), OpsError> {
    let bytes = path.as_bytes();
    let ends = || bytes.iter().enumerate().filter(|(_, b)| **b == b'/').map(|(at, _)| at).chain([bytes.len()]);
    for end in ends() {
        let part = bytes.get(..end).unwrap_or(bytes);
        let shown = String::from_utf8_lossy(part);
        let whole = end == bytes.len();
        let kind = match context.vfs.stat(&repo.root.join(OsStr::from_bytes(part))) {
            Ok(stat) => stat.kind,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(PreviewError::NotThere { file: format!("{}:{}", repo.name, path.text()) }.into());
            }
            Err(source) => return Err(PreviewError::Unreadable { file: shown.into_owned(), source }.into()),
        };
        let name = part.rsplit(|b| *b == b'/').next().unwrap_or(part);
        match kind {
            FileKind::Symlink if whole => return Ok(("it is a symbolic link".into(), NO_LINKS)),
            FileKind::Symlink => return Ok((format!("`{shown}` is a symbolic link"), NO_LINKS)),
            FileKind::Dir if whole => return Ok(("it is a directory".into(), "name a file in it")),
            FileKind::Other => return Ok(("it is no regular file".into(), "only regular files are read")),
            _ if name == b".git" || kind == FileKind::Dir && name == b".sawmill" => {
                return Ok((format!("`{shown}` is never entered"), "name a file of the source tree"));
            }
            FileKind::Dir | FileKind::File => {}
        }
    }
    let by = |lines: &[String], admits: fn(&Rules, &[u8], &[usize]) -> bool| {
        let ends: Vec<usize> = ends().collect();
        Rules::of_root(lines.iter().map(String::as_str)).is_ok_and(|rules| admits(&rules, bytes, &ends))
    };
    if by(&repo.exclude, excluded) {
        return Ok(("`exclude` of the repository names it".into(), "change `exclude` in the workspace file"));
    }
    if let Some(notice) = notices.iter().find(|notice| is_above(&notice.path, path)) {
        return Ok((format!("`{}`: {}", notice.path, notice.message), notice.help));
    }
    if !repo.include.is_empty() && !by(&repo.include, included) {
        return Ok(("`include` of the repository does not name it".into(), "change `include` in the workspace file"));
    }
    Ok(("an ignore file (.gitignore or .sawmillignore) names it or a directory above it".into(), IGNORED))
}

fn is_above(dir: &str, path: &RelPath) -> bool {
    path.text().strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'))
}

/// Does a rule leave out the path or a directory above it?
fn excluded(rules: &Rules, path: &[u8], ends: &[usize]) -> bool {
    ends.iter().any(|end| {
        let part = path.get(..*end).unwrap_or(path);
        rules.verdict(part, *end < path.len()) == Some(Verdict::Matched)
    })
}

/// Does the deepest rule that speaks take the path in?
fn included(rules: &Rules, path: &[u8], ends: &[usize]) -> bool {
    let verdicts = ends.iter().rev().filter_map(|end| rules.verdict(path.get(..*end)?, *end < path.len()));
    verdicts.map(|verdict| verdict == Verdict::Matched).next().unwrap_or(false)
}
