//! What the null check must not overlook.

use std::sync::Arc;

use sawmill::ops::build::{BuildReport, BuildRequest, run};

use crate::workbench::{PIPELINE, Workbench, plant};

fn edit(bench: &Workbench, file: &str, from: &str, to: &str) {
    let path = bench.dir.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{text}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn whatever_moves_a_result_breaks_the_null_check() {
    let two = PIPELINE.to_owned()
        + "  second: { kind: index, inputs: { chunks: chunk }, with: { postings: false } }\nserve: index\n";
    let bench = Workbench::with_pipeline(&["one"], &two);
    plant(&bench, "one", 10);
    bench.write("one", "page.tpl", "<html></html>\n");
    bench.build();
    let steps = [
        ("pipelines/code.yaml", "max_chars: 600", "max_chars: 700"),
        ("pipelines/code.yaml", "serve: index", "serve: second"),
        ("pipelines/code.yaml", "serve: second", "serve: index"),
        ("pipelines/code.yaml", "  second:", "  third:"),
        ("workspace.yaml", "root: one", "root: one, exclude: [\"docs/**\"]"),
        ("workspace.yaml", "exclude: [\"docs/**\"]", "include: [\"**/*.rs\", \"*.tpl\"]"),
        ("workspace.yaml", "name: bench\n", "name: bench\nlanguages: { map: { \"*.tpl\": html } }\n"),
    ];
    for (file, from, to) in steps {
        edit(&bench, file, from, to);
        assert!(!bench.build().report.nothing_to_do, "{from} → {to}");
        assert!(bench.build().report.nothing_to_do, "{from} → {to}, again");
        let clean = bench.clean_copy();
        clean.build();
        assert_eq!(bench.manifests(), clean.manifests(), "{from} → {to}");
    }
}

#[test]
fn another_cut_breaks_the_null_check() {
    let mut bench = Workbench::new(&["one"]);
    plant(&bench, "one", 30);
    bench.build();
    bench.cut.shard_files.most = 3;
    assert!(!bench.build().report.nothing_to_do);
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
}

fn build_in(bench: &Workbench, cache: &str) -> BuildReport {
    let mut context = bench.context();
    context.cache = Some(bench.dir.path().join(cache));
    run(&context, &BuildRequest::default(), Arc::new(|_| {})).unwrap()
}

#[test]
fn another_cache_breaks_the_null_check_and_the_view_leads_into_it() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    let first = build_in(&bench, ".sawmill/here");
    assert!(build_in(&bench, ".sawmill/here").nothing_to_do);
    let second = build_in(&bench, ".sawmill/there");
    assert!(!second.nothing_to_do && !second.ran.is_empty());
    assert_eq!(first.generation, second.generation);
    std::fs::remove_dir_all(bench.dir.path().join(".sawmill/here")).unwrap();
    let tables = bench.dir.path().join(".sawmill/latest/repo=one/node=chunk/table=chunks");
    for part in std::fs::read_dir(tables).unwrap() {
        let part = part.unwrap().path();
        assert!(std::fs::metadata(&part).is_ok(), "{} leads nowhere", part.file_name().unwrap().display());
    }
}
