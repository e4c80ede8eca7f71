//! The repositories of a workspace, resolved in two steps: drafts before the pipelines are read, whole after.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::params::{Overrides, Substitution, same_type};
use super::pipeline::settings;
use super::roots::{self, Trouble};
use super::settings::{bad_glob, check_name, check_patterns, tags};
use crate::base::suggest::nearest;
use crate::base::vfs::Vfs;
use crate::config::codes;
use crate::config::mistake::{Mistake, Place, Span};
use crate::config::model::{Pipeline, Repository, Settings, Unavailable};
use crate::config::name::{NAME_RULE, is_name, nearest_name};
use crate::config::read::{Reader, Written, first_line, list};
use crate::config::written::{DefaultsWritten, RepositoryWritten, WorkspaceFile};

/// One repository as far as the workspace file alone tells.
pub struct Draft<'w> {
    pub name: String,
    pub root: Result<PathBuf, Mistake>,
    pub pipeline: Option<&'w Written<String>>,
    enabled: bool,
    priority: i32,
    tags: Vec<String>,
    outside: bool,
    entry: &'w RepositoryWritten,
    span: Span,
}

/// Drafts of all repositories, in the order of the file.
pub fn repositories<'w>(vfs: &dyn Vfs, dir: &Path, file: &'w WorkspaceFile, reader: &mut Reader<'_>) -> Vec<Draft<'w>> {
    let mut drafts = Vec::new();
    let default_tags = file.defaults.as_ref().and_then(|d| d.value.tags.as_ref());
    let default_tags = default_tags.map(|t| tags(&t.value, reader)).unwrap_or_default();
    let own = roots_of_entries(vfs, dir, file);
    for entry in file.repos.iter().flat_map(|r| &r.value) {
        check_patterns(entry.value.include.iter().flat_map(|g| &g.value), reader);
        check_patterns(entry.value.exclude.iter().flat_map(|g| &g.value), reader);
        let own_tags = entry.value.tags.as_ref().map(|t| tags(&t.value, reader));
        let tags = own_tags.unwrap_or_else(|| default_tags.clone());
        for (name, root, span) in named_roots(vfs, dir, entry, &own, reader) {
            drafts.push(draft(name, root, span, dir, file, &entry.value, tags.clone()));
        }
    }
    distinct(dir, &drafts, reader);
    drafts
}

/// The roots that have an entry of their own; patterns leave them out.
fn roots_of_entries(vfs: &dyn Vfs, dir: &Path, file: &WorkspaceFile) -> BTreeSet<PathBuf> {
    let roots = file.repos.iter().flat_map(|r| &r.value).filter_map(|entry| entry.value.root.as_ref());
    roots.filter_map(|root| roots::directory(vfs, dir, &root.value).ok()).collect()
}

fn draft<'w>(
    name: String,
    root: Result<PathBuf, Mistake>,
    span: Span,
    dir: &Path,
    file: &'w WorkspaceFile,
    entry: &'w RepositoryWritten,
    tags: Vec<String>,
) -> Draft<'w> {
    let empty = DefaultsWritten::default();
    let defaults = file.defaults.as_ref().map_or(&empty, |d| &d.value);
    let enabled = entry.enabled.as_ref().or(defaults.enabled.as_ref()).is_none_or(|e| e.value);
    let priority = entry.priority.as_ref().or(defaults.priority.as_ref()).map_or(0, |p| p.value);
    // A disabled repository may well not be on this machine.
    let root = match root {
        Err(_) if !enabled => Ok(roots::lexical(dir, entry.root.as_ref().map_or("", |r| r.value.as_str()))),
        root => root,
    };
    let outside = root.as_ref().is_ok_and(|root| !root.starts_with(dir));
    let pipeline = entry.pipeline.as_ref().or(file.pipeline.as_ref());
    Draft { name, root, pipeline, enabled, priority, tags, outside, entry, span }
}

type NamedRoot = (String, Result<PathBuf, Mistake>, Span);

/// The names and roots that one entry declares.
fn named_roots(
    vfs: &dyn Vfs,
    dir: &Path,
    entry: &Written<RepositoryWritten>,
    own: &BTreeSet<PathBuf>,
    reader: &mut Reader<'_>,
) -> Vec<NamedRoot> {
    let here = first_line(reader.file, entry.span);
    match (&entry.value.root, &entry.value.glob) {
        (Some(root), None) => {
            let Some(name) = &entry.value.name else {
                if entry.value.has("name") {
                    return Vec::new();
                }
                reader.report(
                    Mistake::at(
                        &codes::MISSING_KEY,
                        "a repository needs `name`",
                        reader.file,
                        here,
                        "`name` is missing here",
                    )
                    .help("add `name:`; it is the repository's identity, whatever its directory is called"),
                );
                return Vec::new();
            };
            if !check_name(name, "a repository", reader) {
                return Vec::new();
            }
            let place = roots::directory(vfs, dir, &root.value).map_err(|t| root_mistake(root, &t, reader));
            vec![(name.value.clone(), place, name.span)]
        }
        (None, Some(glob)) => {
            if let Some(name) = &entry.value.name {
                let message = "`name` does not go with `glob`";
                reader.report(
                    Mistake::at(&codes::ROOT_OR_GLOB, message, reader.file, name.key, "not with `glob`")
                        .help("remove it: each repository is named after its directory"),
                );
            }
            globbed(vfs, dir, glob, own, reader)
        }
        // A root or glob of the wrong type, or a merge key that may hold one, was reported.
        (None, None) if ["root", "glob", "<<"].iter().any(|key| entry.value.has(key)) => Vec::new(),
        (root, glob) => {
            let span = glob.as_ref().or(root.as_ref()).map_or(here, |w| w.key);
            let (message, label) = match root {
                Some(_) => ("a repository has either `root` or `glob`", "and `root` stands beside it"),
                None => ("a repository needs `root` or `glob`", "neither is here"),
            };
            let help = "`root: ../api` is one directory, `glob: ../services/*` is each directory that matches";
            reader.report(Mistake::at(&codes::ROOT_OR_GLOB, message, reader.file, span, label).help(help));
            Vec::new()
        }
    }
}

fn root_mistake(root: &Written<String>, trouble: &Trouble, reader: &Reader<'_>) -> Mistake {
    let shown = root.value.escape_debug();
    let (code, message, label) = match trouble {
        Trouble::Missing => (&codes::MISSING_ROOT, format!("there is no directory `{shown}`"), "not there".to_owned()),
        Trouble::NotADirectory => (&codes::BAD_ROOT, format!("`{shown}` is no directory"), "no directory".to_owned()),
        Trouble::Unreadable(e) => (&codes::BAD_ROOT, format!("`{shown}` cannot be opened"), e.kind().to_string()),
    };
    Mistake::at(code, message, reader.file, root.span, label).help(roots::hint(&root.value))
}

/// One repository for each directory that the pattern matches and that has no entry of its own.
fn globbed(
    vfs: &dyn Vfs,
    dir: &Path,
    glob: &Written<String>,
    own: &BTreeSet<PathBuf>,
    reader: &mut Reader<'_>,
) -> Vec<NamedRoot> {
    let found = match roots::matching(vfs, dir, &glob.value) {
        Ok(found) => found,
        Err(why) => {
            let mistake = bad_glob(reader.file, glob, &why);
            reader.report(mistake.help("for example `../services/*`: each directory becomes a repository"));
            return Vec::new();
        }
    };
    if found.is_empty() {
        let message = format!("`{}` matches no directory", glob.value.escape_debug());
        reader.report(
            Mistake::at(&codes::EMPTY_GLOB, message, reader.file, glob.span, "nothing matches")
                .help("the pattern is relative to the workspace file")
                .severity(miette::Severity::Warning),
        );
    }
    let mut out = Vec::with_capacity(found.len());
    for (directory, root) in found.into_iter().filter(|(_, root)| !own.contains(root)) {
        let name = directory.to_lowercase();
        if is_name(&name) {
            out.push((name, Ok(root), glob.span));
            continue;
        }
        let shown = roots::seen_from(dir, &root);
        let message = format!("the directory `{}` gives no repository name", shown.escape_debug());
        let name = nearest_name(&directory).unwrap_or_else(|| "NAME".to_owned());
        reader.report(Mistake::at(&codes::BAD_NAME, message, reader.file, glob.span, "matched by this").help(format!(
            "give it an entry of its own, with `name: {name}` and its `root`, or rename it; a name is {NAME_RULE}"
        )));
    }
    out
}

/// Reports names and roots that stand twice.
fn distinct(dir: &Path, drafts: &[Draft<'_>], reader: &mut Reader<'_>) {
    let mut names: BTreeMap<&str, &Draft<'_>> = BTreeMap::new();
    let mut by_root: BTreeMap<&Path, &Draft<'_>> = BTreeMap::new();
    for draft in drafts {
        let root = draft.root.as_ref().ok();
        let named = names.insert(&draft.name, draft);
        let rooted = root.and_then(|root| by_root.insert(root, draft));
        if let Some(before) = named.filter(|named| rooted.is_none_or(|rooted| rooted.span != named.span)) {
            reader.report(same_name(dir, before, draft, reader));
        }
        if let Some((before, root)) = rooted.zip(root) {
            let (span, other) = (root_span(draft), root_span(before));
            let message = if before.name == draft.name {
                format!("`{}` is matched twice", roots::seen_from(dir, root).escape_debug())
            } else {
                format!("`{}` and `{}` are one directory", before.name, draft.name)
            };
            let mistake = Mistake::at(&codes::SAME_ROOT, message, reader.file, span, "the same directory");
            let mistake = if other == span { mistake } else { mistake.label(other, "first here") };
            reader.report(
                mistake.help("remove one of them; for another pipeline over the same tree use a second workspace"),
            );
        }
    }
}

fn same_name(dir: &Path, before: &Draft<'_>, draft: &Draft<'_>, reader: &Reader<'_>) -> Mistake {
    let seen = |draft: &Draft<'_>| {
        let root = draft.root.as_ref().ok()?;
        draft.entry.glob.is_some().then(|| format!("`{}`", roots::seen_from(dir, root).escape_debug()))
    };
    let places = [seen(before), seen(draft)].into_iter().flatten().collect::<Vec<_>>().join(" and ");
    let message = format!("two repositories are called `{}`", draft.name);
    let message = if places.is_empty() { message } else { format!("{message}: {places}") };
    let mistake = Mistake::at(&codes::DUPLICATE_NAME, message, reader.file, draft.span, "again here");
    let mistake = if before.span == draft.span { mistake } else { mistake.label(before.span, "first here") };
    mistake.help(if draft.entry.glob.is_some() || before.entry.glob.is_some() {
        "give one of them an entry of its own, with `name` and `root`: the pattern then leaves it out"
    } else {
        "a name is a repository's identity; rename one of them"
    })
}

fn root_span(draft: &Draft<'_>) -> Span {
    draft.entry.root.as_ref().or(draft.entry.glob.as_ref()).map_or(draft.span, |w| w.span)
}

impl Draft<'_> {
    pub fn span(&self) -> Span {
        self.span
    }

    /// Does the entry name a pipeline, well or badly?
    pub fn has_pipeline(&self) -> bool {
        self.entry.has("pipeline")
    }

    /// The whole repository; `pipelines` holds those that could be read.
    pub fn finish(
        self,
        pipelines: &BTreeMap<String, Pipeline>,
        overrides: &Overrides<'_>,
        reader: &mut Reader<'_>,
    ) -> Option<Result<Repository, Unavailable>> {
        let pipeline = self.pipeline.and_then(|p| pipelines.get(&p.value));
        let with = pipeline.map(|p| self.with(p, overrides, reader));
        let root = match self.root {
            Ok(root) => root,
            Err(mistake) => return Some(Err(Unavailable { name: self.name, mistake })),
        };
        let texts = |list: &Option<Written<Vec<Written<String>>>>| -> Vec<String> {
            list.iter().flat_map(|l| &l.value).map(|t| t.value.clone()).collect()
        };
        Some(Ok(Repository {
            name: self.name,
            root,
            outside: self.outside,
            tags: self.tags,
            priority: self.priority,
            enabled: self.enabled,
            pipeline: self.pipeline?.value.clone(),
            include: texts(&self.entry.include),
            exclude: texts(&self.entry.exclude),
            with: with?,
            place: Place { file: reader.file.clone(), span: self.span },
        }))
    }

    /// The parameters of every node of the pipeline for this repository.
    fn with(
        &self,
        pipeline: &Pipeline,
        overrides: &Overrides<'_>,
        reader: &mut Reader<'_>,
    ) -> BTreeMap<String, Settings> {
        let params = self.params(pipeline, overrides, reader);
        let fill = Substitution { pipeline: &pipeline.name.value, params: params.as_ref().unwrap_or(&pipeline.params) };
        let mut out = BTreeMap::new();
        for node in &pipeline.nodes {
            let with = if params.is_none() {
                node.with.clone()
            } else {
                // What is unknown was reported when the pipeline was read.
                let mut said = Vec::new();
                settings(&node.written, &fill, &mut Reader { file: &pipeline.file, mistakes: &mut said })
            };
            out.insert(node.name.value.clone(), with);
        }
        for (node, with) in self.entry.with.iter().flat_map(|w| w.value.iter()) {
            let own = settings(&with.value, &fill, reader);
            match out.get_mut(&node.value) {
                Some(settings) => settings.extend(own),
                None => reader.report(unknown_node(node, pipeline, reader)),
            }
        }
        out
    }

    /// The pipeline's parameters under this repository's; `None` when it sets none.
    fn params(
        &self,
        pipeline: &Pipeline,
        overrides: &Overrides<'_>,
        reader: &mut Reader<'_>,
    ) -> Option<BTreeMap<String, Value>> {
        let own = self.entry.params.as_ref()?;
        let mut params = pipeline.params.clone();
        let nothing = BTreeMap::new();
        let plain = Substitution { pipeline: &pipeline.name.value, params: &nothing };
        for (name, written) in own.value.iter() {
            let Some(default) = params.get(&name.value) else {
                let known: Vec<&String> = pipeline.params.keys().collect();
                let help = match nearest(&name.value, known.iter().map(|k| k.as_str())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None if known.is_empty() => "it declares none; parameters of a node stand under `with:`".to_owned(),
                    None => format!("it declares {}", list(&known)),
                };
                let message = format!(
                    "the pipeline `{}` declares no parameter `{}`",
                    pipeline.name.value,
                    name.value.escape_debug()
                );
                reader.report(
                    Mistake::at(&codes::UNKNOWN_PARAM, message, reader.file, name.span, "not declared").help(help),
                );
                continue;
            };
            let value = plain.fill(&written.value, reader);
            if let Err(expected) = same_type(default, &value) {
                let message = format!("{expected} is expected here");
                let help = format!("the pipeline's own value is {default}");
                reader.report(
                    Mistake::at(&codes::BAD_TYPE, message, reader.file, written.span, "another type").help(help),
                );
            } else if !overrides.is_set(&name.value) {
                params.insert(name.value.clone(), value);
            }
        }
        Some(params)
    }
}

fn unknown_node(node: &Written<String>, pipeline: &Pipeline, reader: &Reader<'_>) -> Mistake {
    let names: Vec<&str> = pipeline.nodes.iter().map(|n| n.name.value.as_str()).collect();
    let help = match nearest(&node.value, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("its nodes are {}", list(&names)),
    };
    let message = format!("the pipeline `{}` has no node `{}`", pipeline.name.value, node.value.escape_debug());
    Mistake::at(&codes::UNKNOWN_NODE, message, reader.file, node.span, "not a node").help(help)
}
