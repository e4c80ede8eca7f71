//! From what a person wrote to a file as a scan finds it.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path, PathBuf};

use super::error::PreviewError;
use super::run::PreviewRequest;
use crate::base::{Limits, RelPath, Tier};
use crate::config::Workspace;
use crate::engine::Failure;
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::plan::{Plan, RepoPlan};
use crate::source::{self, Exclusion, Fate, FileContent, ScanRequest, SourceError, SourceFile, StatCache, Withheld};

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
    let whole = ScanRequest {
        root: &repo.root,
        include: &repo.include,
        exclude: &repo.exclude,
        languages: &repo.languages,
        limits: &limits,
        never: &never,
        threads: 1,
        cancel: &context.cancel,
    };
    let request = ScanRequest { exclude: &exclude, ..whole };
    let (scan, _) = source::scan(&*context.vfs, &request, &StatCache::default(), context.clock.now())
        .map_err(|error| stopped(&error, &repo.name))?;
    match scan.files.into_iter().find(|file| file.path == *path) {
        Some(file) if matches!(file.content, FileContent::Hash(_)) => Ok(file),
        _ => Err(left_out(context, &whole, repo, path)?),
    }
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

/// Why a build reads nothing of `path`.
fn left_out(
    context: &Context,
    request: &ScanRequest<'_>,
    repo: &RepoPlan,
    path: &RelPath,
) -> Result<OpsError, OpsError> {
    let verdict = source::explain(&*context.vfs, request, path).map_err(|error| stopped(&error, &repo.name))?;
    let help = match &verdict.fate {
        Fate::Absent { .. } => {
            return Ok(PreviewError::NotThere { file: format!("{}:{}", repo.name, path.text()) }.into());
        }
        Fate::Entered { .. } => "name a file in it",
        Fate::Included { withheld, .. } => withheld.as_ref().map_or("", of_withheld),
        Fate::Excluded { by, .. } => of_excluded(by),
    };
    // It has come, or can be read, since the scan.
    let Some(reason) = verdict.refusal() else { return Ok(Failure::changed(&repo.name, path.text()).into()) };
    Ok(PreviewError::LeftOut { repo: repo.name.clone(), path: path.text().to_owned(), reason, help }.into())
}

fn of_withheld(why: &Withheld) -> &'static str {
    match why {
        Withheld::Secret => "its row has no content; the bytes of such files are never read",
        Withheld::TooLarge { .. } => "its row has no content; leave it out with a .sawmillignore rule, or split it",
        Withheld::Unreadable => "its row has no content; check its permissions",
        Withheld::PathCollision => "its row has no content; rename one of the two",
    }
}

fn of_excluded(by: &Exclusion) -> &'static str {
    match by {
        Exclusion::Ignored { .. } => "a `!` rule in a .sawmillignore file beside it brings it in",
        Exclusion::Excluded { .. } => "change `exclude` in the workspace file",
        Exclusion::NotIncluded { .. } => "change `include` in the workspace file",
        Exclusion::Link => "Sawmill follows no link in a repository; name the file that it leads to",
        Exclusion::Special => "only regular files are read",
        Exclusion::Git | Exclusion::State | Exclusion::Store => "name a file of the source tree",
        Exclusion::NestedRepository => "a repository of its own is built and previewed under its own name",
        Exclusion::UnreadableDirectory => "check its permissions",
    }
}
