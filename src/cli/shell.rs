//! What a command is given: the doors to the machine, where it stands, and where words go.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use miette::Diagnostic;
use sawmill::base::vfs::Vfs;
use sawmill::base::vfs::real::RealFs;
use sawmill::base::{Cancel, Clock, Tier};
use sawmill::ops::{self, Context, Program};

use super::args::{Global, Progress};
use super::env::Env;
use super::output::Output;
use super::report::Failure;
use super::run::Stop;

/// The surroundings of a command.
#[derive(Debug)]
pub struct Shell {
    pub vfs: Arc<dyn Vfs>,
    pub clock: Arc<dyn Clock>,
    pub cancel: Cancel,
    pub output: Output,
    pub env: Env,
    pub progress: Progress,
    /// The current directory, or the one that `-C` names.
    pub directory: PathBuf,
    workspace: Option<PathBuf>,
    in_process: bool,
}

/// There is no directory to work in.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("`{}` is no directory", directory.display())]
#[diagnostic(code(sawmill::cli::no_directory), help("name a directory that exists with `-C DIR`"))]
struct NoDirectory {
    directory: PathBuf,
}

/// No workspace file was named, and none was found.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("there is no `workspace.yaml` here or in a directory above")]
#[diagnostic(
    code(sawmill::cli::no_workspace),
    help("run `sawmill init DIR` to write one for the source tree in DIR, or name one with `--workspace FILE`")
)]
struct NoWorkspace;

/// The program does not know where it stands, so that it cannot be started once more.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("this program's own file cannot be found")]
#[diagnostic(code(sawmill::cli::program), help("start it by its full path; `--in-process` works without workers"))]
struct NoProgram(#[source] std::io::Error);

impl Shell {
    pub fn open(global: &Global, env: Env, output: Output) -> Result<Self, Stop> {
        let vfs: Arc<dyn Vfs> = Arc::new(RealFs);
        let directory = match &global.directory {
            Some(directory) => tidy(&env.cwd.join(directory)),
            None => env.cwd.clone(),
        };
        if !vfs.stat(&directory).is_ok_and(|stat| stat.kind != sawmill::base::vfs::FileKind::File) {
            return Err(Failure::new(Tier::User, &NoDirectory { directory }).into());
        }
        let cancel = Cancel::new();
        let in_process = global.in_process;
        let workspace = global.workspace.clone().or_else(|| env.workspace.clone());
        let clock = Arc::new(sawmill::base::clock::SystemClock);
        Ok(Self { vfs, clock, cancel, output, env, progress: global.progress, directory, workspace, in_process })
    }

    /// The workspace that is meant.
    pub fn context(&self) -> Result<Context, Stop> {
        match self.workspace_file() {
            Some(file) => self.context_of(file),
            None => Err(Failure::new(Tier::User, &NoWorkspace).into()),
        }
    }

    /// The workspace that is meant, if there is one: for what reads nothing of it.
    pub fn context_anywhere(&self) -> Result<Context, Stop> {
        self.context_of(self.workspace_file().unwrap_or_else(|| self.directory.join(ops::WORKSPACE_FILE)))
    }

    fn workspace_file(&self) -> Option<PathBuf> {
        match &self.workspace {
            Some(named) => Some(tidy(&self.directory.join(named))),
            None => ops::find_workspace(&*self.vfs, &self.directory),
        }
    }

    fn context_of(&self, file: PathBuf) -> Result<Context, Stop> {
        let mut context = Context::new(Arc::clone(&self.vfs), Arc::clone(&self.clock), self.cancel.clone(), file);
        if !self.in_process {
            let program = Program::this().map_err(|error| Failure::new(Tier::Environment, &NoProgram(error)))?;
            context.workers = Some(program);
        }
        context.cache = self.env.cache.as_ref().map(|cache| self.env.cwd.join(cache));
        Ok(context)
    }

    /// `path` as a person can open it from the current directory.
    pub fn openable(&self, path: &Path) -> String {
        relative(path, &self.env.cwd).to_string_lossy().into_owned()
    }
}

/// Without `.` parts and without `..` parts that follow a name; symbolic links are not looked at.
fn tidy(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// `path` as seen from `from`, both absolute; `path` itself where they share nothing but the root.
fn relative(path: &Path, from: &Path) -> PathBuf {
    let shared = path.components().zip(from.components()).take_while(|(a, b)| a == b).count();
    if shared <= 1 {
        return path.to_path_buf();
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let down = path.components().skip(shared);
    let out: PathBuf = up.chain(down).collect();
    if out.as_os_str().is_empty() { PathBuf::from(".") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_where_the_person_stands() {
        let from = Path::new("/home/ada/shop");
        let shown = |path: &str| relative(Path::new(path), from).to_string_lossy().into_owned();
        assert_eq!(shown("/home/ada/shop/api/a.py"), "api/a.py");
        assert_eq!(shown("/home/ada/web/b.ts"), "../web/b.ts");
        assert_eq!(shown("/home/ada/shop"), ".");
        assert_eq!(shown("/srv/c.rs"), "/srv/c.rs");
    }

    #[test]
    fn dots_are_taken_out_of_paths() {
        assert_eq!(tidy(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(tidy(Path::new("/../a")), Path::new("/../a"));
    }
}
