//! Literate cases: files in, every mistake out. `cases/*.md` are the table; a section is a claim.
//!
//! A block `yaml PATH` is a file; `workspace.yaml` and `pipelines/code.yaml` have good defaults. A block
//! `text` holds one line for each mistake: `FILE:LINE:COLUMN CODE MESSAGE => HELP`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::{CheckReport, CheckRequest, run};
use crate::base::vfs::Vfs;
use crate::base::vfs::memory::MemoryFs;
use crate::config::Mistake;
use crate::plan::doubles::DOUBLES;

const LANGUAGES: &[&str] = &["html", "markdown", "python", "rust"];

pub(crate) const WORKSPACE: &str = "version: 1\nname: w\npipeline: code\nrepos:\n  - { name: api, root: api }\n";
pub(crate) const PIPELINE: &str = crate::ops::init::PIPELINE;

/// A file system with directories `/w/api`, `/w/web`, `/w/services/{a,b}`, and `files` under `/w`.
pub(crate) fn machine(files: &[(&str, &str)]) -> MemoryFs {
    let fs = MemoryFs::new();
    for dir in ["/w/api", "/w/web", "/w/services/a", "/w/services/b", "/elsewhere"] {
        fs.create_dir_all(dir.as_ref()).unwrap();
    }
    for (path, text) in files {
        fs.put(format!("/w/{path}"), text).unwrap();
    }
    fs
}

pub(crate) fn check(fs: &MemoryFs) -> CheckReport {
    let workspace_file = PathBuf::from("/w/workspace.yaml");
    run(&CheckRequest {
        vfs: fs,
        workspace_file,
        params: Vec::new(),
        kinds: DOUBLES,
        workspace_kinds: crate::nodes::WORKSPACE,
        languages: LANGUAGES,
    })
}

fn line(mistake: &Mistake) -> String {
    let place = match (&mistake.file, mistake.line_column()) {
        (Some(file), Some((line, column))) => format!("{}:{line}:{column}", file.shown),
        _ => "-".to_owned(),
    };
    let help = mistake.help.as_deref().unwrap_or("NO HELP");
    format!("{place} {} {} => {help}", mistake.code.name, mistake.message)
}

/// Runs every section of a case file and compares it with what it says.
fn hold(document: &str) {
    let mut actual = String::new();
    for section in document.split_inclusive("\n## ") {
        let blocks: Vec<&str> = section.split("```").collect();
        let mut files: BTreeMap<&str, &str> =
            BTreeMap::from([("workspace.yaml", WORKSPACE), ("pipelines/code.yaml", PIPELINE)]);
        let files_of = |block: &&str| block.starts_with("yaml ");
        for block in blocks.iter().filter(|b| files_of(b)) {
            let (head, body) = block.split_once('\n').unwrap();
            files.insert(head.trim_start_matches("yaml ").trim(), body);
        }
        let files: Vec<(&str, &str)> = files.into_iter().collect();
        for (at, block) in blocks.iter().enumerate() {
            if block.starts_with("text") {
                let report = check(&machine(&files));
                actual.push_str("```text\n");
                for mistake in report.mistakes.iter().chain(&report.warnings) {
                    writeln!(actual, "{}", line(mistake)).unwrap();
                }
                actual.push_str("```");
            } else if at % 2 == 1 {
                write!(actual, "```{block}```").unwrap();
            } else {
                actual.push_str(block);
            }
        }
    }
    assert!(actual == document, "the case file should read:\n{actual}");
}

#[test]
fn every_mistake_of_the_workspace_file_has_its_place_and_next_step() {
    hold(include_str!("cases/workspace.md"));
}

#[test]
fn every_mistake_of_a_pipeline_file_has_its_place_and_next_step() {
    hold(include_str!("cases/pipeline.md"));
}

#[test]
fn every_mistake_of_yaml_itself_has_its_place_and_next_step() {
    hold(include_str!("cases/yaml.md"));
}

#[test]
fn the_good_defaults_are_good() {
    let report = check(&machine(&[("workspace.yaml", WORKSPACE), ("pipelines/code.yaml", PIPELINE)]));
    assert!(report.ok && report.warnings.is_empty(), "{report:?}");
    let summary = report.summary.unwrap();
    assert_eq!(summary.pipelines["code"], ["extract (extract)", "chunk (chunk)", "index (index)"]);
    assert_eq!((summary.repositories, summary.disabled), (1, 0));
}

#[test]
fn this_repository_and_what_init_writes_pass_with_the_built_in_kinds() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let fs = machine(&[("workspace.yaml", WORKSPACE), ("pipelines/code.yaml", PIPELINE)]);
    let real = crate::base::vfs::real::RealFs;
    let cases: [(&dyn Vfs, PathBuf); 2] =
        [(&real, root.join("workspace.yaml")), (&fs, PathBuf::from("/w/workspace.yaml"))];
    for (vfs, workspace_file) in cases {
        let request = CheckRequest {
            vfs,
            workspace_file,
            params: Vec::new(),
            kinds: crate::nodes::KINDS,
            workspace_kinds: crate::nodes::WORKSPACE,
            languages: LANGUAGES,
        };
        let report = run(&request);
        assert!(report.ok && report.warnings.is_empty(), "{report:?}");
        assert_eq!(report.summary.unwrap().pipelines["code"].len(), 3);
    }
}
