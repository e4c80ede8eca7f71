//! The workspace file and every pipeline that it names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache;
use super::codes;
use super::mistake::{ConfigErrors, Mistake, SourceText};
use super::model::{Inputs, Pipeline, Repository, Scope, Unavailable, Workspace};
use super::name::is_name;
use super::read::{Read, Reader, Written, list};
use super::resolve::{self, Draft, Overrides};
use super::tree::{Node, Value};
use super::written::{PipelineFile, WorkspaceFile};
use super::{source, tree};
use crate::base::suggest::nearest;
use crate::base::vfs::{FileKind, Vfs};

/// The name of a workspace file.
pub const FILE_NAME: &str = "workspace.yaml";

/// The directory of pipelines, beside the workspace file.
pub const PIPELINES_DIR: &str = "pipelines";

/// The directory of what belongs to a workspace alone, beside its file.
pub const STATE_DIR: &str = ".sawmill";

/// The workspace file of `start` or of the nearest directory above it.
pub fn find(vfs: &dyn Vfs, start: &Path) -> Option<PathBuf> {
    start.ancestors().map(|dir| dir.join(FILE_NAME)).find(|file| {
        let kind = vfs.stat(file).map(|s| s.kind);
        matches!(kind, Ok(FileKind::File | FileKind::Symlink))
    })
}

/// The resolved workspace, or every mistake of all its files.
///
/// A repository whose root is not there is no error here; it stands in [`Workspace::unavailable`].
pub fn load(vfs: &dyn Vfs, workspace_file: &Path, overrides: &[(String, String)]) -> Result<Workspace, ConfigErrors> {
    match load_all(vfs, workspace_file, overrides) {
        (Some(workspace), mistakes) if mistakes.is_empty() => Ok(workspace),
        (_, mistakes) => Err(ConfigErrors::new(mistakes)),
    }
}

/// What could be understood, and every mistake. A workspace that comes with mistakes is good for finding more
/// of them, and for nothing else.
pub fn load_all(
    vfs: &dyn Vfs,
    workspace_file: &Path,
    overrides: &[(String, String)],
) -> (Option<Workspace>, Vec<Mistake>) {
    let mut mistakes = Vec::new();
    let workspace = read_workspace(vfs, workspace_file, &mut mistakes)
        .and_then(|(text, file)| resolve(vfs, &text, &file, overrides, &mut mistakes));
    let (errors, warnings): (Vec<_>, Vec<_>) = mistakes.into_iter().partition(Mistake::is_error);
    let workspace = workspace.map(|mut workspace| {
        workspace.warnings.extend(warnings);
        workspace
    });
    (workspace, errors)
}

fn read_workspace(vfs: &dyn Vfs, path: &Path, mistakes: &mut Vec<Mistake>) -> Option<(Arc<SourceText>, WorkspaceFile)> {
    let shown = path.file_name().map_or_else(|| FILE_NAME.into(), |n| n.to_string_lossy().into_owned());
    let text = match source::read(vfs, path, &shown) {
        Ok(Some(text)) => text,
        Ok(None) => {
            mistakes.push(
                Mistake::new(&codes::NOT_A_WORKSPACE, format!("there is no `{shown}`"))
                    .help("run `sawmill init` in the directory of your code"),
            );
            return None;
        }
        Err(mistake) => {
            mistakes.push(mistake);
            return None;
        }
    };
    let node = tree::read(&text, mistakes)?;
    if let Some(mistake) = looks_like_pipeline(&text, &node) {
        mistakes.push(mistake);
        return None;
    }
    let file = WorkspaceFile::read(&node, &mut Reader { file: &text, mistakes })?;
    Some((text, file))
}

/// A pipeline's file where the workspace's should be gives one clear message, not a dozen.
fn looks_like_pipeline(text: &Arc<SourceText>, node: &Node) -> Option<Mistake> {
    let Value::Map(entries) = &node.value else { return None };
    let key = |name: &str| entries.iter().find(|(key, _)| key.text == name).map(|(key, _)| key);
    let nodes = key("nodes").filter(|_| key("repos").is_none())?;
    let message = format!("`{}` is a pipeline, not a workspace", text.shown);
    Some(
        Mistake::at(&codes::NOT_A_WORKSPACE, message, text, nodes.span, "only pipelines have nodes")
            .help("name the workspace file; it lists `repos` and lies beside `pipelines/`"),
    )
}

fn resolve(
    vfs: &dyn Vfs,
    text: &Arc<SourceText>,
    file: &WorkspaceFile,
    overrides: &[(String, String)],
    mistakes: &mut Vec<Mistake>,
) -> Option<Workspace> {
    let dir = match home(vfs, &text.path) {
        Ok(dir) => dir,
        Err(e) => {
            let message = format!("the directory of `{}` cannot be opened: {e}", text.shown);
            mistakes.push(Mistake::new(&codes::UNREADABLE, message).help("check the permissions of the directory"));
            return None;
        }
    };
    let mut reader = Reader { file: text, mistakes };
    resolve::version(file.version.as_ref(), &mut reader);
    if let Some(name) = &file.name {
        resolve::check_name(name, "a workspace", &mut reader);
    }
    if let Some(repos) = file.repos.as_ref().filter(|r| r.value.is_empty()) {
        reader.report(
            Mistake::at(&codes::NO_REPOSITORY, "the workspace declares no repository", text, repos.key, "empty")
                .help("add an entry: `- { name: api, root: ../api }`"),
        );
    }
    let languages = languages(file, &mut reader);
    let drafts = resolve::repositories(vfs, &dir, file, &mut reader);
    let mut overrides = Overrides::new(overrides);
    let pipelines = pipelines(vfs, &dir, file, &drafts, &mut overrides, &mut reader);
    overrides.finish(reader.mistakes);
    let (repos, unavailable) = finish(drafts, &pipelines, &overrides, &mut reader);
    let (builds, git, snapshots, diffs) = resolve::retention(file);
    let state = dir.join(STATE_DIR);
    let cache = file.cache.as_ref().map_or_else(|| state.join("cache"), |c| resolve::lexical(&dir, &c.value));
    let roots = repos.iter().map(|repo: &Repository| (repo.name.as_str(), repo.root.as_path()));
    if let Some(written) = &file.cache
        && let Err(trouble) = cache::check(vfs, &cache, &state, roots)
    {
        let message = format!("`{}` {trouble}", written.value.escape_debug());
        reader.report(Mistake::at(&codes::BAD_CACHE, message, text, written.span, "no cache").help(trouble.help()));
    }
    let mut workspace = Workspace {
        name: file.name.as_ref().map(|n| n.value.clone()).unwrap_or_default(),
        dir,
        cache,
        state,
        file: Arc::clone(text),
        repos,
        unavailable,
        pipelines,
        workspace_pipelines: file.pipelines.as_ref().map(|p| p.value.clone()).unwrap_or_default(),
        languages,
        builds,
        git,
        snapshots,
        diffs,
        warnings: Vec::new(),
    };
    workspace.warnings.extend(outside(&workspace));
    Some(workspace)
}

/// The canonical directory of a file.
fn home(vfs: &dyn Vfs, file: &Path) -> std::io::Result<PathBuf> {
    match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => vfs.canonicalize(dir),
        _ => vfs.canonicalize(Path::new(".")),
    }
}

/// Every pipeline that is named, by name; those that could not be read are reported.
fn pipelines(
    vfs: &dyn Vfs,
    dir: &Path,
    file: &WorkspaceFile,
    drafts: &[Draft<'_>],
    overrides: &mut Overrides<'_>,
    reader: &mut Reader<'_>,
) -> BTreeMap<String, Pipeline> {
    let mut pipelines = Pipelines { vfs, dir: dir.join(PIPELINES_DIR), read: BTreeMap::new(), overrides };
    for draft in drafts {
        match draft.pipeline {
            Some(name) => pipelines.want(name, Scope::Repository, reader),
            // Its value was reported.
            None if file.has("pipeline") || draft.has_pipeline() => {}
            None => reader.report(no_pipeline(reader.file, &draft.name, draft.span())),
        }
    }
    for name in file.pipelines.iter().flat_map(|p| &p.value) {
        pipelines.want(name, Scope::Workspace, reader);
    }
    pipelines.fed(reader.mistakes);
    pipelines.read.into_iter().filter_map(|(name, pipeline)| Some((name, pipeline?))).collect()
}

/// Whole repositories, sorted by name, and those that are not there.
fn finish(
    drafts: Vec<Draft<'_>>,
    pipelines: &BTreeMap<String, Pipeline>,
    overrides: &Overrides<'_>,
    reader: &mut Reader<'_>,
) -> (Vec<Repository>, Vec<Unavailable>) {
    let (mut repos, mut unavailable) = (Vec::new(), Vec::new());
    for draft in drafts {
        match draft.finish(pipelines, overrides, reader) {
            Some(Ok(repository)) => repos.push(repository),
            Some(Err(missing)) => unavailable.push(missing),
            None => {}
        }
    }
    repos.sort_by(|a, b| a.name.cmp(&b.name));
    unavailable.sort_by(|a, b| a.name.cmp(&b.name));
    (repos, unavailable)
}

fn languages(file: &WorkspaceFile, reader: &mut Reader<'_>) -> Vec<(Written<String>, Written<String>)> {
    let map = file.languages.as_ref().and_then(|l| l.value.map.as_ref());
    let mut languages: Vec<_> = map.map(|m| m.value.0.clone()).unwrap_or_default();
    resolve::check_language_map(languages.iter().map(|(glob, _)| glob), reader);
    languages.sort_by(|(a, _), (b, _)| a.value.cmp(&b.value));
    languages
}

fn no_pipeline(text: &Arc<SourceText>, name: &str, span: super::Span) -> Mistake {
    Mistake::at(&codes::MISSING_KEY, format!("the repository `{name}` has no pipeline"), text, span, "no pipeline")
        .help("add `pipeline:` to it, or at the top of the file for every repository")
}

/// One remark for all roots outside the workspace directory.
fn outside(workspace: &Workspace) -> Option<Mistake> {
    let names: Vec<&str> = workspace.enabled().filter(|r| r.outside).map(|r| r.name.as_str()).collect();
    let first = workspace.enabled().find(|r| r.outside)?;
    let shown =
        if names.len() > 10 { format!("{} and {} more", list(&names[..10]), names.len() - 10) } else { list(&names) };
    let message = format!("roots outside the workspace directory are read: {shown}");
    Some(
        Mistake::at(&codes::ROOT_OUTSIDE, message, &workspace.file, first.place.span, "the first of them")
            .help("that is fine when you wrote this file; look twice at a file that someone else wrote")
            .severity(miette::Severity::Advice),
    )
}

/// Pipelines, read once each.
struct Pipelines<'a, 'o> {
    vfs: &'a dyn Vfs,
    dir: PathBuf,
    /// `None`: asked for, and reported.
    read: BTreeMap<String, Option<Pipeline>>,
    overrides: &'a mut Overrides<'o>,
}

impl Pipelines<'_, '_> {
    fn want(&mut self, name: &Written<String>, scope: Scope, reader: &mut Reader<'_>) {
        if !self.read.contains_key(&name.value) {
            let pipeline = self.read_one(&name.value, reader.mistakes);
            self.read.insert(name.value.clone(), pipeline);
        }
        match self.read.get(&name.value) {
            Some(Some(pipeline)) if pipeline.scope != scope => reader.report(wrong_scope(name, scope, reader.file)),
            Some(Some(_)) => {}
            // The file is there, and what is wrong with it was said.
            _ if self.is_there(&name.value) => {}
            _ => {
                let mistake = self.unknown(name, reader.file);
                reader.report(mistake);
            }
        }
    }

    /// The pipelines that those of workspace scope take from, as far as they are there: whether a repository uses them
    /// is another question.
    fn fed(&mut self, mistakes: &mut Vec<Mistake>) {
        let of_workspace = self.read.values().flatten().filter(|pipeline| pipeline.scope == Scope::Workspace);
        let inputs = of_workspace.flat_map(|pipeline| &pipeline.nodes).flat_map(|node| match &node.inputs {
            Inputs::Short(names) => names.iter().collect::<Vec<_>>(),
            Inputs::Named(inputs) => inputs.iter().flat_map(|input| &input.nodes).collect(),
            Inputs::Unread => Vec::new(),
        });
        let names: BTreeSet<String> =
            inputs.filter_map(|input| Some(input.value.split_once('/')?.0.to_owned())).collect();
        for name in names {
            if !self.read.contains_key(&name) && is_name(&name) && self.vfs.exists(&self.file(&name)).unwrap_or(false) {
                let pipeline = self.read_one(&name, mistakes);
                self.read.insert(name, pipeline);
            }
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.dir.join(format!("{name}.yaml"))
    }

    fn is_there(&self, name: &str) -> bool {
        is_name(name) && self.vfs.exists(&self.file(name)).unwrap_or(true)
    }

    fn read_one(&mut self, name: &str, mistakes: &mut Vec<Mistake>) -> Option<Pipeline> {
        // The name becomes a path: nothing but a name may reach the disk.
        if !is_name(name) {
            return None;
        }
        let shown = format!("{PIPELINES_DIR}/{name}.yaml");
        let text = match source::read(self.vfs, &self.file(name), &shown) {
            Ok(text) => text?,
            Err(mistake) => {
                mistakes.push(mistake);
                return None;
            }
        };
        let node = tree::read(&text, mistakes)?;
        let mut reader = Reader { file: &text, mistakes };
        let file = PipelineFile::read(&node, &mut reader)?;
        Some(resolve::pipeline(name, file, self.overrides, &mut reader))
    }

    fn unknown(&self, name: &Written<String>, file: &Arc<SourceText>) -> Mistake {
        let mut there: Vec<String> = match self.vfs.list(&self.dir) {
            Ok(entries) => {
                entries.iter().filter_map(|e| Some(e.name.to_str()?.strip_suffix(".yaml")?.to_owned())).collect()
            }
            Err(_) => Vec::new(),
        };
        there.sort();
        let help = match nearest(&name.value, there.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None if there.is_empty() => {
                format!("there is no pipeline in `{PIPELINES_DIR}/`; `sawmill init` writes one")
            }
            None => format!("`{PIPELINES_DIR}/` has {}", list(&there)),
        };
        let shown = name.value.escape_debug();
        let message = format!("there is no pipeline `{shown}`");
        let label = format!("`{PIPELINES_DIR}/{shown}.yaml` is not there");
        Mistake::at(&codes::UNKNOWN_PIPELINE, message, file, name.span, label).help(help)
    }
}

fn wrong_scope(name: &Written<String>, wanted: Scope, file: &Arc<SourceText>) -> Mistake {
    let (message, label, help) = match wanted {
        Scope::Repository => (
            format!("the pipeline `{}` runs once over the workspace", name.value),
            "a pipeline of repository scope is needed",
            "list it under `pipelines:`, and name another one here",
        ),
        Scope::Workspace => (
            format!("the pipeline `{}` runs over each repository", name.value),
            "a pipeline of workspace scope is needed",
            "name it under `pipeline:`, or write `scope: workspace` in it",
        ),
    };
    Mistake::at(&codes::WRONG_SCOPE, message, file, name.span, label).help(help)
}
