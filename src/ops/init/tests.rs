use std::path::{Path, PathBuf};

use super::{InitError, InitRepo, InitReport, InitRequest, run, scalar};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::ops::check::{self, CheckRequest};
use crate::plan::doubles::DOUBLES;

fn machine() -> MemoryFs {
    let fs = MemoryFs::new();
    for dir in ["/home/My Work", "/home/api", "/home/web/api", "/home/日本", "/home/yes"] {
        fs.create_dir_all(dir.as_ref()).unwrap();
    }
    fs
}

fn init(fs: &MemoryFs, dir: &str, roots: &[&str]) -> Result<InitReport, InitError> {
    run(&InitRequest { vfs: fs, dir: dir.into(), roots: roots.iter().map(PathBuf::from).collect(), kinds: DOUBLES })
}

fn text(fs: &MemoryFs, path: &str) -> String {
    String::from_utf8(fs.read(Path::new(path)).unwrap()).unwrap()
}

#[test]
fn what_it_writes_passes_check_as_it_is() {
    let fs = machine();
    let report = init(&fs, "/home/My Work", &["../api", "/home/web/api", "../日本", "../yes", "."]).unwrap();
    let expected =
        [("api", "../api"), ("api-2", "../web/api"), ("repository", "../日本"), ("yes", "../yes"), ("my-work", ".")];
    assert_eq!(report.repos, expected.map(|(name, root)| InitRepo { name: name.to_owned(), root: root.to_owned() }));
    let written =
        ["workspace.yaml", "pipelines/code.yaml", ".sawmill/schema/workspace.json", ".sawmill/schema/pipeline.json"];
    assert_eq!(report.written, written);
    let checked = check::run(&CheckRequest {
        vfs: &fs,
        workspace_file: "/home/My Work/workspace.yaml".into(),
        params: Vec::new(),
        kinds: DOUBLES,
        workspace_kinds: crate::nodes::WORKSPACE,
        languages: &[],
    });
    assert!(checked.ok, "{:?}", checked.mistakes);
    assert_eq!(checked.summary.unwrap().repositories, 5);
    let workspace = text(&fs, "/home/My Work/workspace.yaml");
    assert!(workspace.starts_with("# yaml-language-server: $schema=.sawmill/schema/workspace.json\n"));
    assert!(workspace.contains("\nname: my-work\n"));
}

#[test]
fn the_commented_examples_are_right_when_they_are_switched_on() {
    let fs = machine();
    init(&fs, "/home/api", &[]).unwrap();
    let text = text(&fs, "/home/api/workspace.yaml");
    let on: String = text
        .lines()
        .map(|line| match line.trim_start().strip_prefix("# ") {
            Some(example) if line.starts_with(' ') || example.contains("{ ") || example.starts_with("cache:") => {
                format!("{}{example}\n", &line[..line.len() - line.trim_start().len()])
            }
            _ => format!("{line}\n"),
        })
        .collect();
    fs.remove_file("/home/api/workspace.yaml".as_ref()).unwrap();
    fs.put("/home/api/workspace.yaml", &on).unwrap();
    fs.create_dir_all("/home/services/billing".as_ref()).unwrap();
    let request = CheckRequest {
        vfs: &fs,
        workspace_file: "/home/api/workspace.yaml".into(),
        params: Vec::new(),
        kinds: DOUBLES,
        workspace_kinds: crate::nodes::WORKSPACE,
        languages: &["html"],
    };
    let report = check::run(&request);
    assert!(report.ok, "{on}\n{:?}", report.mistakes);
    assert_eq!(report.summary.unwrap().repositories, 2, "{on}");
}

#[test]
fn nothing_is_ever_overwritten() {
    let fs = machine();
    fs.put("/home/api/pipelines/code.yaml", "mine").unwrap();
    let report = init(&fs, "/home/api", &[]).unwrap();
    assert_eq!(report.kept, ["pipelines/code.yaml"]);
    assert_eq!(text(&fs, "/home/api/pipelines/code.yaml"), "mine");
    let before = text(&fs, "/home/api/workspace.yaml");
    assert!(matches!(init(&fs, "/home/api", &["../yes"]), Err(InitError::Exists)));
    assert_eq!(text(&fs, "/home/api/workspace.yaml"), before);
}

#[test]
fn a_root_that_is_no_directory_or_stands_twice_writes_nothing() {
    let fs = machine();
    fs.put("/home/file", "").unwrap();
    for root in ["../none", "../file"] {
        assert!(matches!(init(&fs, "/home/api", &[root]), Err(InitError::NoDirectory { .. })), "{root}");
    }
    assert!(matches!(init(&fs, "/home/api", &["../yes", "/home/yes/"]), Err(InitError::SameRoot { .. })));
    assert!(matches!(init(&fs, "/nowhere", &[]), Err(InitError::NoDirectory { .. })));
    assert!(!fs.exists("/home/api/workspace.yaml".as_ref()).unwrap());
    assert!(!fs.exists("/home/api/pipelines".as_ref()).unwrap());
}

#[test]
fn a_text_reads_back_as_itself() {
    for given in [
        "api", "../a b", "yes", "true", "1.5", "12", "null", "a: b", "#x", "-", "it's", "\"q\"", "é", ".", "..", "~",
        "a\\b", ".inf",
    ] {
        let read: serde_json::Value = read_yaml(&scalar(given));
        assert_eq!(read, serde_json::Value::from(given), "{given}");
    }
}

/// The value of `v: <text>`, read as a repository's parameter is.
fn read_yaml(text: &str) -> serde_json::Value {
    let fs = MemoryFs::new();
    fs.create_dir_all("/w/r".as_ref()).unwrap();
    fs.put("/w/workspace.yaml", "version: 1\nname: w\npipeline: p\nrepos: [{ name: r, root: r }]\n").unwrap();
    fs.put("/w/pipelines/p.yaml", format!("version: 1\nname: p\nparams:\n  v: {text}\nnodes: {{}}\n")).unwrap();
    let workspace = crate::config::load(&fs, Path::new("/w/workspace.yaml"), &[]).unwrap();
    workspace.pipelines["p"].params["v"].clone()
}
