//! A workspace of its own for each test, and the program in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// A directory with a copy of the fixture workspace: three repositories and one pipeline.
pub struct World {
    dir: tempfile::TempDir,
}

/// What the program did.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

const WORKSPACE: &str = "\
version: 1
name: shop
pipeline: code
repos:
  - { name: api, root: api, tags: [backend] }
  - { name: web, root: web }
  - { name: handbook, root: handbook }
";

impl World {
    /// Nothing but an empty directory.
    pub fn empty() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// The fixture, not built.
    pub fn shop() -> Self {
        let world = Self::empty();
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        copy(&here.join("tests/fixtures/workspace"), world.dir.path());
        world.write("workspace.yaml", WORKSPACE);
        std::fs::create_dir(world.path("pipelines")).unwrap();
        std::fs::copy(here.join("pipelines/code.yaml"), world.path("pipelines/code.yaml")).unwrap();
        world
    }

    /// The fixture, built.
    pub fn built() -> Self {
        let world = Self::shop();
        world.ok(&["build"]);
        world
    }

    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(path), text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// The program, with an environment that has nothing of the person who runs the tests.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sawmill"));
        command.args(arguments).current_dir(self.root()).env_clear().env("HOME", self.root()).env("LANG", "C.UTF-8");
        command.stdin(Stdio::null());
        command
    }

    /// The program, from a directory of this one.
    pub fn command_in(&self, dir: &str, arguments: &[&str]) -> Command {
        let mut command = self.command(arguments);
        command.current_dir(self.path(dir));
        command
    }

    pub fn run_in(&self, dir: &str, arguments: &[&str]) -> Ran {
        Ran::of(&self.command_in(dir, arguments).output().unwrap())
    }

    /// From a directory of this one, and content with nothing but success.
    pub fn ok_in(&self, dir: &str, arguments: &[&str]) -> Ran {
        let ran = self.run_in(dir, arguments);
        assert_eq!(ran.code, 0, "{dir}: {arguments:?}\n{}\n{}", ran.out, ran.err);
        ran
    }

    pub fn json_in(&self, dir: &str, arguments: &[&str]) -> Value {
        self.run_in(dir, &[arguments, &["--json"]].concat()).object()
    }

    /// A copy of a directory of this one.
    pub fn copy(&self, from: &str, to: &str) {
        copy(&self.path(from), &self.path(to));
    }

    /// A workspace in `dir`, with the pipeline of the fixture.
    pub fn plant(&self, dir: &str, workspace: &str) {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        std::fs::create_dir_all(self.path(dir).join("pipelines")).unwrap();
        std::fs::copy(here.join("pipelines/code.yaml"), self.path(dir).join("pipelines/code.yaml")).unwrap();
        self.write(Path::new(dir).join("workspace.yaml"), workspace);
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().unwrap())
    }

    /// Runs, and is content with nothing but success.
    pub fn ok(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}\n{}\n{}", ran.out, ran.err);
        ran
    }

    /// The object that a command prints under `--json`.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[arguments, &["--json"]].concat());
        ran.object()
    }

    /// The artifacts of the store: name → bytes.
    pub fn artifacts(&self) -> BTreeMap<String, Vec<u8>> {
        self.artifacts_of(".sawmill/cache")
    }

    /// The artifacts of a cache: name → bytes.
    pub fn artifacts_of(&self, cache: &str) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        gather(&self.path(cache).join("objects"), &mut found);
        assert!(!found.is_empty(), "the store has no artifacts");
        found
    }
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Standard output as the one JSON object that it must be.
    pub fn object(&self) -> Value {
        let value: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}\nout: {}\nerr: {}", self.out, self.err));
        assert!(value.is_object(), "{}", self.out);
        assert!(self.out.ends_with('\n') && self.out.matches('\n').count() == 1, "not canonical: {}", self.out);
        value
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn gather(dir: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, found);
        } else {
            found.insert(
                path.to_string_lossy().rsplit("objects/").next().unwrap().to_owned(),
                std::fs::read(&path).unwrap(),
            );
        }
    }
}
