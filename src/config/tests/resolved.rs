//! What good files mean.

use std::path::{Path, PathBuf};

use super::machine::{codes, loaded, machine};
use crate::base::vfs::Vfs;
use crate::config::{Builds, Diffs, GitBuilds, Inputs, Scope, Snapshots, find};

const CODE: &str = "version: 1\nname: code\nnodes: { extract: { kind: extract } }\n";

/// The example of the design, both pipelines beside it.
const EXAMPLE: &str = r#"
version: 1
name: platform
cache: ../shared/./cache
pipeline: code
pipelines: [everyone]
defaults: { enabled: true, priority: 3, tags: [Default] }
repos:
  - name: api
    root: ../api
    tags: [" Backend ", API, backend]
    priority: 10
    with: { chunk: { max_chars: 1200 } }
  - name: handbook
    root: ../handbook
    pipeline: docs
    include: ["**/*.md"]
    exclude: ["archive/**"]
  - glob: ../services/*
    tags: [service]
  - { name: off, root: not/here, enabled: false }
languages: { map: { "*.tpl": html, "*.inc": php } }
builds: { keep: 3 }
git: { max_age_days: 7 }
snapshots: { protect_tags: ["v*"], keep_frozen: 1 }
diffs: { max_total_bytes: 8589934592 }
"#;

const DOCS: &str = "version: 1\nname: docs\nnodes: { extract: { kind: extract } }\n";

const EVERYONE: &str = r#"
version: 1
name: everyone
scope: workspace
nodes:
  everyone: { kind: federate, inputs: { indexes: ["code/index", "docs/index"] }, with: { select: { tags: [] } } }
after:
  release: { kind: snapshot, with: { on: tag } }
"#;

const CHUNKED: &str = r#"
version: 1
name: code
params: { size: 2400 }
nodes:
  extract: { kind: extract, with: { languages: auto } }
  chunk:   { kind: chunk, inputs: [extract], with: { max_chars: "${size}", note: "up to ${size}" } }
serve: index
"#;

#[test]
fn the_example_of_the_design_is_understood() {
    let fs = machine(&[
        ("workspace.yaml", EXAMPLE),
        ("pipelines/code.yaml", CHUNKED),
        ("pipelines/docs.yaml", DOCS),
        ("pipelines/everyone.yaml", EVERYONE),
    ]);
    let w = loaded(&fs, &[]).unwrap();
    assert_eq!((w.name.as_str(), w.dir.as_path()), ("platform", Path::new("/w")));
    assert_eq!((w.cache.as_path(), w.state.as_path()), (Path::new("/shared/cache"), Path::new("/w/.sawmill")));

    let names: Vec<&str> = w.repos.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["api", "auth", "billing", "handbook", "off"]);
    let [api, auth, billing, handbook, off] = w.repos.as_slice() else { unreachable!() };
    assert_eq!((api.root.as_path(), api.outside), (Path::new("/api"), true));
    assert_eq!((api.tags.as_slice(), api.priority), (["api".to_owned(), "backend".to_owned()].as_slice(), 10));
    assert_eq!(api.with["chunk"]["max_chars"].value, 1200);
    assert_eq!(api.with["chunk"]["note"].value, "up to 2400");
    assert_eq!((auth.tags.as_slice(), auth.priority), (["service".to_owned()].as_slice(), 3));
    assert_eq!(auth.with["chunk"]["max_chars"].value, 2400);
    assert_eq!((billing.root.as_path(), billing.enabled), (Path::new("/services/Billing"), true));
    assert_eq!((handbook.pipeline.as_str(), handbook.tags.as_slice()), ("docs", ["default".to_owned()].as_slice()));
    assert_eq!(
        (handbook.include.as_slice(), handbook.exclude.as_slice()),
        (["**/*.md".to_owned()].as_slice(), ["archive/**".to_owned()].as_slice())
    );
    assert_eq!((off.enabled, off.root.as_path(), off.outside), (false, Path::new("/w/not/here"), false));
    assert_eq!(w.enabled().count(), 4);
    assert!(w.unavailable.is_empty());

    let globs: Vec<(&str, &str)> = w.languages.iter().map(|(g, l)| (g.value.as_str(), l.value.as_str())).collect();
    assert_eq!(globs, [("*.inc", "php"), ("*.tpl", "html")]);
    assert_eq!(w.builds, Builds { keep: 3, max_age_days: 14 });
    assert_eq!(w.git, GitBuilds { keep: 50, max_age_days: 7 });
    assert_eq!(w.snapshots, Snapshots { protect_tags: vec!["v*".into()], keep_frozen: 1, ..Snapshots::default() });
    assert_eq!(w.diffs, Diffs { keep: 50, keep_automatic: 20, max_age_days: 30, max_total_bytes: Some(8 << 30) });

    let everyone = &w.pipelines["everyone"];
    assert_eq!((everyone.scope, everyone.after.len()), (Scope::Workspace, 1));
    let Inputs::Named(inputs) = &everyone.nodes[0].inputs else { panic!("named") };
    let nodes: Vec<&str> = inputs[0].nodes.iter().map(|n| n.value.as_str()).collect();
    assert_eq!((inputs[0].port.value.as_str(), nodes.as_slice()), ("indexes", ["code/index", "docs/index"].as_slice()));
    assert_eq!(w.pipelines["code"].serve.as_ref().unwrap().value, "index");
    assert_eq!(w.warnings.len(), 1, "one remark for all roots outside: {:?}", w.warnings);
    assert!(w.warnings[0].message.ends_with("`api`, `auth`, `billing`, `handbook`"), "{}", w.warnings[0].message);
}

#[test]
fn only_pipelines_that_are_named_are_read() {
    let w = "version: 1\nname: w\npipeline: code\nrepos: [{ name: own, root: own }]\n";
    let fs = machine(&[("workspace.yaml", w), ("pipelines/code.yaml", CODE), ("pipelines/broken.yaml", "{")]);
    let workspace = loaded(&fs, &[]).unwrap();
    assert_eq!(workspace.pipelines.keys().collect::<Vec<_>>(), ["code"]);
}

#[test]
fn a_missing_root_fails_that_repository_alone() {
    let w = "version: 1\nname: w\npipeline: code\nrepos: [{ name: own, root: own }, { name: gone, root: gone }]\n";
    let fs = machine(&[("workspace.yaml", w), ("pipelines/code.yaml", CODE)]);
    let workspace = loaded(&fs, &[]).unwrap();
    assert_eq!(workspace.repos.len(), 1);
    let [gone] = workspace.unavailable.as_slice() else { panic!("{:?}", workspace.unavailable) };
    assert_eq!((gone.name.as_str(), gone.mistake.code.name), ("gone", "sawmill::config::missing_root"));
    assert_eq!(gone.mistake.line_column(), Some((4, 55)));
}

#[test]
fn order_of_the_listing_and_links_to_directories_change_nothing() {
    let w = "version: 1\nname: w\npipeline: code\nrepos: [{ glob: '../s*/[ab]*' }]\n";
    let fs = machine(&[("workspace.yaml", w), ("pipelines/code.yaml", CODE)]);
    fs.symlink("/api".as_ref(), "/services/api".as_ref()).unwrap();
    fs.put("/services/a-file", "").unwrap();
    let names =
        |w: crate::config::Workspace| w.repos.iter().map(|r| (r.name.clone(), r.root.clone())).collect::<Vec<_>>();
    let first = names(loaded(&fs, &[]).unwrap());
    assert_eq!(
        first,
        [("api".to_owned(), PathBuf::from("/api")), ("auth".to_owned(), PathBuf::from("/services/auth"))]
    );
    fs.shuffle_listings(Some(3));
    assert_eq!(names(loaded(&fs, &[]).unwrap()), first);
}

#[test]
fn the_workspace_file_is_found_by_walking_up() {
    let fs = machine(&[("workspace.yaml", "")]);
    fs.create_dir_all("/w/a/b".as_ref()).unwrap();
    fs.create_dir_all("/w/a/workspace.yaml".as_ref()).unwrap();
    assert_eq!(find(&fs, Path::new("/w/a/b")), Some(PathBuf::from("/w/workspace.yaml")));
    assert_eq!(find(&fs, Path::new("/api")), None);
}

#[test]
fn a_workspace_file_may_be_a_link_and_its_paths_start_where_the_link_stands() {
    let w = "version: 1\nname: w\npipeline: code\nrepos: [{ name: own, root: own }]\n";
    let fs = machine(&[("pipelines/code.yaml", CODE)]);
    fs.put("/etc/real.yaml", w).unwrap();
    fs.symlink("/etc/real.yaml".as_ref(), "/w/workspace.yaml".as_ref()).unwrap();
    assert_eq!(loaded(&fs, &[]).unwrap().repos[0].root, Path::new("/w/own"));
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_fine() {
    let w = "\u{feff}version: 1\r\nname: w\r\npipeline: code\r\nrepos:\r\n  - name: own\r\n    root: own\r\n    tgas: []\r\n";
    let fs = machine(&[("workspace.yaml", w), ("pipelines/code.yaml", CODE)]);
    let errors = loaded(&fs, &[]).unwrap_err();
    let [one] = errors.mistakes.as_slice() else { panic!("{errors:?}") };
    assert_eq!((one.line_column(), one.file.as_ref().unwrap().slice(one.span().unwrap())), (Some((7, 5)), "tgas"));
}

#[test]
fn a_file_that_is_not_there_or_no_file_names_the_next_command() {
    let fs = machine(&[]);
    assert_eq!(codes(&fs), ["not_a_workspace"]);
    assert!(loaded(&fs, &[]).unwrap_err().mistakes[0].help.as_ref().unwrap().contains("sawmill init"));
    fs.create_dir_all("/w/workspace.yaml".as_ref()).unwrap();
    assert_eq!(codes(&fs), ["unreadable"]);
    assert_eq!(loaded(&fs, &[]).unwrap_err().tier(), crate::base::Tier::Environment);
}
