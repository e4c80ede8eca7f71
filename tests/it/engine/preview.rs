//! A preview is what a build makes of the file, to the last row.

use sawmill::ops::preview::{PreviewReport, PreviewRequest};
use sawmill::ops::show::ShowRequest;
use sawmill::ops::{preview, show};
use serde_json::{Map, Value};

use crate::workbench::{Workbench, plant};

fn previewed(bench: &Workbench, path: &str, node: &str, table: &str) -> PreviewReport {
    let request = PreviewRequest {
        file: format!("one:{path}"),
        from: bench.dir.path().to_path_buf(),
        node: Some(node.to_owned()),
        table: Some(table.to_owned()),
        ..PreviewRequest::default()
    };
    preview::run(&bench.context(), &request).unwrap()
}

/// Every row of a table, without its place.
fn built(bench: &Workbench, node: &str, table: &str) -> Vec<Map<String, Value>> {
    let request = ShowRequest { table: table.to_owned(), node: Some(node.to_owned()), ..ShowRequest::default() };
    let mut rows = show::run(&bench.context(), &request).unwrap().answer.rows;
    for row in &mut rows {
        row.remove("repo");
        row.remove("node");
    }
    rows
}

#[test]
fn every_file_previews_as_it_was_built() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 40);
    bench.write("one", "empty.py", "");
    bench.write("one", "binary.c", [0u8, 159, 146, 150, 0, 1, 2]);
    bench.write("one", "invalid.rs", b"fn a() { \"\xff\xfe\xc0\xaf\" }\n");
    bench.write("one", "marked.md", "\u{feff}# A\n\n```rust\nfn b() {}\n```\n");
    bench.write("one", "run", "#!/usr/bin/env python3\nprint('by its first line')\n");
    bench.write("one", "notes.unknown", "words without a language\n".repeat(200));
    bench.build();
    let files = built(&bench, "extract", "files");
    assert_eq!(files.len(), 46);
    for (node, table) in [("extract", "files"), ("extract", "outline"), ("chunk", "chunks"), ("chunk", "symbols")] {
        let rows = built(&bench, node, table);
        let mut seen = 0;
        for file in &files {
            let path = file["path"].as_str().unwrap();
            let expected: Vec<&Map<String, Value>> = rows.iter().filter(|row| row["path"] == path).collect();
            let preview = previewed(&bench, path, node, table);
            assert_eq!(preview.rows.iter().collect::<Vec<_>>(), expected, "{node}/{table} of {path}");
            assert_eq!(Some(preview.role.as_str()), file["role"].as_str(), "{path}");
            assert_eq!(preview.language.as_deref(), file["language"].as_str(), "{path}");
            seen += preview.rows.len();
        }
        assert_eq!(seen, rows.len(), "{node}/{table}");
    }
}

#[test]
fn an_index_of_one_file_counts_that_file() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 10);
    let preview = previewed(&bench, "src/module_00.rs", "index", "postings");
    assert!(preview.total > 0);
    // A build of a repository with that file alone has the same postings.
    let single = Workbench::new(&["one"]);
    single.write("one", "src/module_00.rs", std::fs::read(bench.root("one").join("src/module_00.rs")).unwrap());
    single.build();
    assert_eq!(preview.rows, built(&single, "index", "postings"));
    let stats = previewed(&bench, "src/module_00.rs", "index", "chunk_stats");
    assert_eq!(stats.rows, built(&single, "index", "chunk_stats"));
}
