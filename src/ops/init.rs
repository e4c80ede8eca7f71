//! `init`: a first workspace for given directories. Never overwrites.

use std::collections::BTreeSet;
use std::io;
use std::path::{Component, Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::Tier;
use crate::base::vfs::{FileKind, Vfs};
use crate::config::{self, FILE_NAME, PIPELINES_DIR};
use crate::nodes::Kind;

use super::schema::{self, SchemaError};

/// What to write.
#[derive(Debug)]
pub struct InitRequest<'a> {
    pub vfs: &'a dyn Vfs,
    /// Where `workspace.yaml` goes.
    pub dir: PathBuf,
    /// The trees to read. Relative ones are relative to `dir`. Empty: `dir` itself.
    pub roots: Vec<PathBuf>,
    pub kinds: &'a [&'static dyn Kind],
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InitReport {
    /// Paths relative to the directory.
    pub written: Vec<String>,
    /// Files that were there and stay as they are.
    pub kept: Vec<String>,
    pub repos: Vec<InitRepo>,
    /// Always true.
    pub ok: bool,
}

/// A repository of the new workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InitRepo {
    pub name: String,
    /// Relative to the workspace's directory.
    pub root: String,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum InitError {
    #[error("there is a `workspace.yaml` here already")]
    #[diagnostic(code(sawmill::init::exists), help("edit it, then run `sawmill check`; `init` never overwrites"))]
    Exists,
    #[error("`{root}` is no directory")]
    #[diagnostic(code(sawmill::init::no_directory), help("name directories that exist: `sawmill init ../api ../web`"))]
    NoDirectory { root: String },
    #[error("`{first}` and `{second}` are one directory")]
    #[diagnostic(code(sawmill::init::same_root), help("name each directory once"))]
    SameRoot { first: String, second: String },
    #[error("the path `{root}` is not UTF-8")]
    #[diagnostic(code(sawmill::init::not_utf8), help("rename the directory: YAML is UTF-8, and the path stands in it"))]
    NotUtf8 { root: String },
    #[error("`{shown}` cannot be written")]
    #[diagnostic(code(sawmill::init::write), help("check the permissions of the directory and the space on its disk"))]
    Write {
        shown: String,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Schema(#[from] SchemaError),
}

impl InitError {
    /// Whose problem it is.
    pub fn tier(&self) -> Tier {
        match self {
            Self::Exists | Self::NoDirectory { .. } | Self::SameRoot { .. } | Self::NotUtf8 { .. } => Tier::User,
            Self::Write { .. } | Self::Schema(_) => Tier::Environment,
        }
    }
}

/// Writes `workspace.yaml`, `pipelines/code.yaml` and the JSON Schemas.
pub fn run(request: &InitRequest<'_>) -> Result<InitReport, InitError> {
    let InitRequest { vfs, dir, roots, kinds } = request;
    let workspace_file = dir.join(FILE_NAME);
    let write_error = |shown: &str, source| InitError::Write { shown: shown.to_owned(), source };
    if vfs.exists(&workspace_file).map_err(|e| write_error(FILE_NAME, e))? {
        return Err(InitError::Exists);
    }
    let home = vfs.canonicalize(dir).map_err(|_| InitError::NoDirectory { root: dir.display().to_string() })?;
    let here = [PathBuf::from(".")];
    let repos = repositories(*vfs, &home, if roots.is_empty() { &here } else { roots })?;
    let name = home.file_name().and_then(|n| config::nearest_name(&n.to_string_lossy()));
    let mut report = InitReport { written: Vec::new(), kept: Vec::new(), repos, ok: true };

    let pipeline = format!("{PIPELINES_DIR}/code.yaml");
    vfs.create_dir_all(&home.join(PIPELINES_DIR)).map_err(|e| write_error(PIPELINES_DIR, e))?;
    match vfs.write_new(&home.join(&pipeline), PIPELINE.as_bytes(), 0o644) {
        Ok(()) => report.written.push(pipeline),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => report.kept.push(pipeline),
        Err(e) => return Err(write_error(&pipeline, e)),
    }
    for path in schema::refresh(*vfs, &home, kinds)? {
        report.written.extend(path.strip_prefix(&home).ok().map(|p| p.to_string_lossy().into_owned()));
    }
    // Last, so that a workspace file stands only beside what it needs.
    let text = workspace_text(name.as_deref().unwrap_or("workspace"), &report.repos);
    match vfs.write_new(&home.join(FILE_NAME), text.as_bytes(), 0o644) {
        Ok(()) => report.written.insert(0, FILE_NAME.to_owned()),
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(InitError::Exists),
        Err(e) => return Err(write_error(FILE_NAME, e)),
    }
    Ok(report)
}

/// A distinct name and the path from `home` for each root.
fn repositories(vfs: &dyn Vfs, home: &Path, roots: &[PathBuf]) -> Result<Vec<InitRepo>, InitError> {
    let mut names = BTreeSet::new();
    let mut seen: Vec<(PathBuf, String)> = Vec::new();
    let mut out = Vec::with_capacity(roots.len());
    for root in roots {
        let shown = root.display().to_string();
        let real = vfs.canonicalize(&home.join(root)).map_err(|_| InitError::NoDirectory { root: shown.clone() })?;
        if !vfs.stat(&real).is_ok_and(|s| s.kind == FileKind::Dir) {
            return Err(InitError::NoDirectory { root: shown });
        }
        if let Some((_, first)) = seen.iter().find(|(path, _)| *path == real) {
            return Err(InitError::SameRoot { first: first.clone(), second: shown });
        }
        let directory = real.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let name = distinct(config::nearest_name(&directory).unwrap_or_else(|| "repository".to_owned()), &names);
        let path = relative(home, &real);
        let path = path.to_str().ok_or_else(|| InitError::NotUtf8 { root: shown.clone() })?.to_owned();
        names.insert(name.clone());
        seen.push((real, shown));
        out.push(InitRepo { name, root: path });
    }
    Ok(out)
}

/// `name`, or with the first number that makes it another one.
fn distinct(name: String, taken: &BTreeSet<String>) -> String {
    let numbered = (2..).map(|n: u32| format!("{}-{n}", name.chars().take(56).collect::<String>()));
    std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name)
}

/// `to` seen from `from`, both canonical.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let (from, to): (Vec<Component<'_>>, Vec<Component<'_>>) = (from.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n(Component::ParentDir, from.len() - shared);
    let path: PathBuf = up.chain(to.into_iter().skip(shared)).collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

fn workspace_text(name: &str, repos: &[InitRepo]) -> String {
    let mut text = HEAD.replace("{name}", &scalar(name));
    for InitRepo { name, root } in repos {
        text.extend(["  - name: ", &scalar(name), "\n    root: ", &scalar(root), "\n"]);
    }
    text.push_str(TAIL);
    text
}

/// A text as YAML reads it back: plain where that is safe, else in double quotes (JSON's are YAML's too).
fn scalar(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let plain = text.chars().all(safe)
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '.'))
        && text.contains(|c: char| c.is_ascii_alphabetic() || c == '/')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | ".nan" | ".inf"
        );
    if plain || text == "." || text == ".." { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

const HEAD: &str = "\
# yaml-language-server: $schema=.sawmill/schema/workspace.json
#
# A Sawmill workspace: which repositories there are, and what is made of them.
#   sawmill check     says what is wrong with this file and the pipelines
#   sawmill build     makes the tables
#   sawmill search    asks them
version: 1
name: {name}

# What every repository goes through: pipelines/code.yaml.
pipeline: code

# cache: .sawmill/cache        # worktrees and colleagues may share one
# defaults: { priority: 0, tags: [] }

# Roots are relative to this file. They need not be git repositories, and may lie inside one.
repos:
";

const TAIL: &str = "    # tags: [backend]            # for selection: tag:backend
    # priority: 10               # higher ones win ties in search
    # include: [\"src/**\"]        # gitignore syntax
    # exclude: [\"archive/**\"]    # gitignore syntax; wins over include
    # with: { chunk: { max_chars: 1200 } }   # parameters of one node, for this repository
  # - glob: ../services/*        # one repository for each directory, named after it

# languages: { map: { \"*.tpl\": html } }
";

/// The pipeline that `init` writes.
pub const PIPELINE: &str = "\
# yaml-language-server: $schema=../.sawmill/schema/pipeline.json
version: 1
name: code
nodes:
  # Files → what each is, and an outline of its definitions, sections and references.
  extract: { kind: extract }
  # Outline → pieces that tile each file, and its symbols.
  chunk: { kind: chunk, inputs: { outline: extract }, with: { max_chars: 2400 } }
  # Chunks → postings for ranked search.
  index: { kind: index, inputs: { chunks: chunk, outline: extract } }
";

#[cfg(test)]
mod tests;
