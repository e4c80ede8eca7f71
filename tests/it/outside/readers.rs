//! Whoever reads a build or a configuration finds tables and kinds from outside as those of the crate.

use sawmill::ops::show::ShowRequest;
use sawmill::ops::{OpsError, check, graph, inspect, preview, schema, search, show, stats};
use sawmill::table::{TableReader, reference_of};
use serde_json::json;

use super::todo::{TODOS, TodoRow};
use super::words::WordRow;
use super::workspace::{PIPELINE, bench, kinds, pipeline};
use crate::workbench::Workbench;

fn request(table: &str) -> ShowRequest {
    ShowRequest { table: table.into(), ..ShowRequest::default() }
}

/// The code and the help of an error.
fn told(error: &OpsError) -> (String, String) {
    let error: &dyn miette::Diagnostic = error;
    (error.code().unwrap().to_string(), error.help().unwrap().to_string())
}

#[test]
fn show_gives_the_rows_of_an_outside_table() {
    let bench = bench(0);
    bench.write(
        "one",
        "a.rs",
        "// TODO: first\nfn f() {\n    // FIXME later\n}\nconst S: &str = \"TODO not a remark\";\n",
    );
    bench.write("one", "b.txt", "remember: TODO all of this\nTODOS are no TODO: x TODO y\n");
    bench.build();
    let answer = show::run(&bench.context(), &request("todos")).unwrap();
    assert_eq!(answer.answer.columns, ["repo", "node", "path", "line", "word", "text", "owner"]);
    let row = |path: &str, line: u32, word: &str, text: &str, owner: Option<&str>| {
        let value = json!({ "repo": "one", "node": "todo", "path": path, "line": line, "word": word, "text": text, "owner": owner });
        value.as_object().unwrap().clone()
    };
    let expected = [
        row("a.rs", 1, "TODO", "first", None),
        row("a.rs", 3, "FIXME", "later", Some("f")),
        row("b.txt", 1, "TODO", "all of this", None),
        row("b.txt", 2, "TODO", "x TODO y", None),
    ];
    assert_eq!(answer.answer.rows, expected);
}

#[test]
fn show_gives_the_merged_rows_of_a_segment_and_none_of_its_steps() {
    let bench = bench(30);
    bench.build();
    let answer = show::run(&bench.context(), &request("words")).unwrap();
    assert!(answer.answer.rows.iter().any(|row| row["word"] == "todo" && row["total"].as_u64() > Some(1)));
    let error = show::run(&bench.context(), &request("shard_words")).unwrap_err();
    assert_eq!(told(&error).0, "sawmill::query::unknown_table");
}

#[test]
fn a_table_name_with_a_slip_is_told_the_outside_table() {
    let bench = bench(5);
    bench.build();
    let error = show::run(&bench.context(), &request("todoes")).unwrap_err();
    let help = told(&error).1;
    assert!(help.contains("did you mean `todos`?"), "{help}");
}

#[test]
fn a_program_without_the_kind_says_which_node_wrote_the_table_and_reads_the_rest() {
    let mut bench = bench(10);
    bench.build();
    bench.kinds = None;
    let error = show::run(&bench.context(), &request("todos")).unwrap_err();
    let expected = "the node `todo` wrote it, with a kind that this program does not have";
    assert_eq!(told(&error), ("sawmill::query::unknown_table".to_owned(), expected.to_owned()));
    assert!(show::run(&bench.context(), &request("chunks")).unwrap().answer.total > 0);
    let report = inspect::run(&bench.context(), &inspect::Wanted::default()).unwrap();
    assert!(report.answer.pieces.iter().any(|piece| piece.table == "todos"), "its pieces are there all the same");
}

#[test]
fn inspect_and_stats_count_outside_tables() {
    let bench = bench(10);
    bench.build();
    let report = inspect::run(&bench.context(), &inspect::Wanted::default()).unwrap();
    let todos = report.answer.tables.iter().find(|table| table.name == "todos").unwrap();
    assert_eq!(todos.columns.iter().map(|c| c.name).collect::<Vec<_>>(), ["path", "line", "word", "text", "owner"]);
    assert_eq!(todos.columns[1].doc, "Where the remark stands, 1-based.");
    let rows = show::run(&bench.context(), &request("todos")).unwrap().answer.total;
    assert_eq!(todos.rows, rows);
    let request = stats::StatsRequest { failures: false, threads: 1, ..Default::default() };
    let counted = stats::run(&bench.context(), &request).unwrap();
    let of = |table: &str| counted.answer.tables.iter().filter(|t| t.table == table).map(|t| t.rows).sum::<u64>();
    assert_eq!(of("todos"), rows);
    assert!(of("words") > 0);
}

#[test]
fn views_have_a_directory_for_each_outside_table() {
    let bench = bench(10);
    bench.build();
    let latest = bench.dir.path().join(".sawmill/latest/repo=one");
    let parts = |dir: &str| {
        let names = std::fs::read_dir(latest.join(dir)).unwrap().map(|entry| entry.unwrap().path());
        names.collect::<Vec<_>>()
    };
    let (mut todos, mut words) = (0, 0);
    for part in parts("node=todo/table=todos") {
        let bytes = std::fs::read(part).unwrap();
        let reader = TableReader::open(std::sync::Arc::new(bytes), &TODOS).unwrap();
        todos += reader.read_all().unwrap().rows::<TodoRow>().unwrap().len();
    }
    for part in parts("node=words/table=words") {
        let bytes = std::fs::read(part).unwrap();
        let reader = TableReader::open(std::sync::Arc::new(bytes), &super::words::WORDS).unwrap();
        words += reader.read_all().unwrap().rows::<WordRow>().unwrap().len();
    }
    assert_eq!(todos as u64, show::run(&bench.context(), &request("todos")).unwrap().answer.total);
    assert_eq!(words as u64, show::run(&bench.context(), &request("words")).unwrap().answer.total);
}

#[test]
fn search_works_beside_outside_kinds() {
    let bench = bench(10);
    bench.build();
    let request = search::SearchRequest::new("get_field");
    let answer = search::run(&bench.context(), &request).unwrap();
    assert!(answer.answer.hits.iter().any(|hit| hit.path.starts_with("src/module_")), "{:?}", answer.answer.hits);
}

#[test]
fn the_graph_draws_outside_kinds_with_their_tables_and_counts() {
    let bench = bench(10);
    bench.build();
    let request = graph::GraphRequest { counts: true, ..graph::GraphRequest::default() };
    let report = graph::run(&bench.context(), &request).unwrap();
    let node = |name: &str| report.nodes.iter().find(|node| node.name == name).unwrap();
    assert_eq!((node("todo").kind.as_str(), node("todo").tables.as_slice()), ("todo", ["todos".to_owned()].as_slice()));
    assert!(node("todo").table_counts.contains_key("todos"), "{:?}", node("todo"));
    assert_eq!(node("words").tables, ["words"]);
    assert!(node("words").table_counts.contains_key("words"), "{:?}", node("words"));
    let edge = report.edges.iter().find(|edge| edge.to.ends_with("/todo")).unwrap();
    assert_eq!((edge.port.as_str(), edge.tables.as_slice()), ("symbols", ["symbols".to_owned()].as_slice()));
    assert!(graph::dot(&report).contains("todo"));
}

#[test]
fn a_preview_shows_what_an_outside_kind_makes_of_one_file() {
    let bench = bench(0);
    bench.write("one", "a.rs", "fn f() {\n    // TODO: less\n}\n");
    let of = |node: &str| {
        let request = preview::PreviewRequest {
            file: "one:a.rs".into(),
            node: Some(node.into()),
            ..preview::PreviewRequest::default()
        };
        preview::run(&bench.context(), &request).unwrap()
    };
    let todo = of("todo");
    assert_eq!((todo.table.as_str(), todo.rows.len()), ("todos", 1));
    assert_eq!((&todo.rows[0]["text"], &todo.rows[0]["owner"]), (&json!("less"), &json!("f")));
    assert!(of("words").rows.iter().any(|row| row["word"] == "less"));
}

/// Every mistake of the pipeline: code, message, help.
fn mistakes(bench: &Workbench, text: &str) -> Vec<(&'static str, String, String)> {
    pipeline(bench, text);
    let report = check::of(&bench.context());
    assert!(!report.ok);
    report.mistakes.into_iter().map(|m| (m.code.name, m.message, m.help.unwrap_or_default())).collect()
}

#[test]
fn parameters_of_an_outside_kind_are_checked_with_the_configuration() {
    let bench = bench(1);
    let found = mistakes(&bench, &PIPELINE.replace("words: [TODO", "word: [TODO"));
    let expected = (
        "sawmill::plan::unknown_param",
        "node `todo`: unknown parameter `word`".into(),
        "did you mean `words`?".into(),
    );
    assert_eq!(found, [expected]);
    let found = mistakes(&bench, &PIPELINE.replace("[TODO, FIXME]", "[TO-DO]"));
    assert_eq!(found[0].0, "sawmill::plan::bad_param");
    assert!(found[0].1.contains("\"TO-DO\" is no word of letters and digits"), "{}", found[0].1);
}

#[test]
fn an_unknown_kind_is_told_the_nearest_outside_kind() {
    let found = mistakes(&bench(1), &PIPELINE.replace("kind: todo", "kind: todos"));
    assert_eq!(found[0].0, "sawmill::plan::unknown_kind");
    assert_eq!(found[0].2, "did you mean `todo`?");
}

#[test]
fn edges_to_an_outside_kind_are_typed_by_tables() {
    let found = mistakes(&bench(1), &PIPELINE.replace("inputs: { symbols: chunk }", "inputs: { symbols: extract }"));
    assert_eq!(found[0].0, "sawmill::plan::edge_type");
    assert_eq!(found[0].2, "these nodes write `symbols`: `chunk`");
}

#[test]
fn the_schema_of_pipelines_lists_the_kind_and_its_parameters() {
    let schema = schema::schema(schema::Which::Pipeline, &kinds());
    let node = schema.pointer("/$defs/NodeWritten").unwrap();
    let names = node.pointer("/properties/kind/enum").unwrap();
    assert_eq!(*names, json!(["extract", "chunk", "index", "todo", "words", "federate"]));
    let rules = node["allOf"].as_array().unwrap();
    let with = rules
        .iter()
        .find(|rule| rule.pointer("/if/properties/kind/const") == Some(&json!("todo")))
        .and_then(|rule| rule.pointer("/then/properties/with"))
        .unwrap();
    assert_eq!(with["description"], "remarks that say what is left to do");
    let words = &with["properties"]["words"];
    assert_eq!(words["description"], "Words that begin a remark, as they are written. Their order means nothing.");
    assert_eq!(words["default"], json!(["FIXME", "TODO"]));
}

#[test]
fn the_editors_schema_file_of_a_workspace_has_the_kind() {
    let bench = bench(1);
    bench.build();
    let text = std::fs::read_to_string(bench.dir.path().join(".sawmill/schema/pipeline.json")).unwrap();
    assert!(text.contains("\"const\": \"todo\""));
}

#[test]
fn the_reference_of_an_outside_table_can_be_generated() {
    let page = reference_of(&[&TODOS]);
    assert!(page.starts_with(
        "## todos\n\nRemarks that say what is left to do.\n\nFormat 1. Sorted by `path`, `line`, `word`.\n"
    ));
    assert!(page.contains("| owner | string | yes | Qualified name of the innermost definition around the line. |"));
}
