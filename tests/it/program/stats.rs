//! `stats`: parse health is a fact of what was built, told in words, in JSON and as a picture, and a gate for CI.

use serde_json::{Value, json};

use super::world::World;

fn health(world: &World) -> Value {
    world.json(&["stats"])["health"].clone()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no count"))
}

const BROKEN: &str = "def broken(:\n  ((((\n";

#[test]
fn a_broken_file_lowers_health_by_itself_and_nothing_else_runs() {
    let world = World::built();
    let whole = health(&world);
    assert_eq!((&whole["parse_health_pct"], &whole["total_ok"]), (&json!(100.0), &whole["total_files"]));
    let mended = world.read("api/app/orders.py");
    world.write("api/app/orders.py", BROKEN);
    assert_eq!(health(&world), whole, "health is of what was built, and not of the tree");
    let built = world.json(&["build"]);
    assert_eq!(built["fresh_files"]["extract"], 1, "only the broken file is parsed: {built}");
    let broken = health(&world);
    let mut expected = whole.clone();
    let (ok, files) = (number(&whole["total_ok"]), number(&whole["total_files"]));
    let python = &mut expected["by_language"]["python"];
    python["ok"] = json!(number(&python["ok"]) - 1);
    python["partial"] = json!(1);
    expected["total_ok"] = json!(ok - 1);
    expected["parse_health_pct"] = json!(((ok - 1) * 1000 / files) as f64 / 10.0);
    assert_eq!(broken, expected);
    assert_eq!(world.json(&["build"])["nothing_to_do"], true, "asking for health leaves nothing to do");
    world.write("api/app/orders.py", mended);
    let built = world.json(&["build"]);
    assert_eq!(built["ran"], json!({}), "the mended file is known by its content: {built}");
    assert_eq!(health(&world), whole);
}

#[test]
fn health_is_gone_with_what_was_built() {
    let world = World::built();
    world.ok(&["clear"]);
    for arguments in
        [&["stats"][..], &["stats", "--failures"], &["stats", "--min-health", "0"], &["stats", "--format", "svg"]]
    {
        let ran = world.run(arguments);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}: {}", ran.err);
        assert!(ran.err.contains("sawmill::ops::not_built"), "{arguments:?}: {}", ran.err);
    }
    world.ok(&["build"]);
    assert_eq!(health(&world)["parse_health_pct"], 100.0);
}

#[test]
fn health_in_json_has_these_keys_and_no_others() {
    let world = World::shop();
    world.write("api/notes.unknown-language", "nothing that a parser is asked to read\n");
    world.ok(&["build"]);
    let report = world.json(&["stats"]);
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["health", "ok", "repos", "stale", "tables"]);
    let health = &report["health"];
    assert_eq!(keys(health), ["by_language", "parse_health_pct", "total_files", "total_ok"]);
    let mut asked = 0;
    for (language, counts) in health["by_language"].as_object().unwrap() {
        assert_eq!(keys(counts), ["error", "files", "ok", "partial", "unsupported"], "{language}");
        let count = |key: &str| number(&counts[key]);
        asked += count("ok") + count("partial") + count("error");
        assert_eq!(
            count("files"),
            count("ok") + count("partial") + count("error") + count("unsupported"),
            "{language}"
        );
    }
    assert_eq!(number(&health["total_files"]), asked);
    assert_eq!(number(&health["by_language"][""]["unsupported"]), 1, "a file without a language is counted too");
    assert_eq!(health["parse_health_pct"], 100.0, "no parser was asked, so none failed");
}

#[test]
fn a_file_that_two_nodes_read_counts_once_with_the_worst_that_befell_it() {
    let world = World::shop();
    world.write("api/app/broken.py", BROKEN);
    world.ok(&["build"]);
    let (one, failures) = (health(&world), world.json(&["stats", "--failures"])["failures"].clone());
    let pipeline = world.read("pipelines/code.yaml");
    let second = "nodes:\n  only-sql: { kind: extract, with: { languages: [sql] } }\n";
    world.write("pipelines/code.yaml", pipeline.replace("nodes:\n", second));
    world.ok(&["build"]);
    let rows = number(&world.json(&["show", "files"])["total"]);
    assert!(rows > number(&one["total_files"]), "two nodes wrote {rows} rows");
    assert_eq!(health(&world), one);
    assert_eq!(world.json(&["stats", "--failures"])["failures"], failures);
    assert_eq!(failures.as_array().map(Vec::len), Some(1));
}

#[test]
fn failures_are_listed_by_repository_and_path_with_their_lines() {
    let world = World::built();
    assert_eq!(world.json(&["stats", "--failures"])["failures"], json!([]));
    assert!(
        world
            .ok(&["stats", "--failures"])
            .out
            .ends_with("\nevery file that a parser was asked to read parsed cleanly\n")
    );
    world.write("web/src/one.py", BROKEN);
    world.write("web/src/Many.py", "def f(:\n  x = ((\n".repeat(30));
    world.write("api/zeta.py", BROKEN);
    world.ok(&["build"]);
    let listed = world.json(&["stats", "--failures"])["failures"].clone();
    let listed = listed.as_array().unwrap();
    let places: Vec<_> = listed.iter().map(|f| (f["repo"].as_str().unwrap(), f["path"].as_str().unwrap())).collect();
    assert_eq!(places, [("api", "zeta.py"), ("web", "src/Many.py"), ("web", "src/one.py")]);
    let many = &listed[1];
    let keys: Vec<_> = many.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["language", "lines", "message", "path", "repo", "status"]);
    assert_eq!((many["language"].as_str(), many["status"].as_str()), (Some("python"), Some("partial")));
    let lines: Vec<u64> = many["lines"].as_array().unwrap().iter().map(number).collect();
    assert!(lines.len() > 11 && lines.is_sorted(), "all lines, in order: {lines:?}");
    let words = world.ok(&["stats", "--failures"]).out;
    let ten: Vec<String> = lines.iter().take(10).map(u64::to_string).collect();
    let said = format!("lines {} and {} more\n", ten.join(", "), lines.len() - 10);
    assert!(words.contains(&said) && words.contains("web/src/Many.py:1  partial"), "{said} {words}");
    let only = world.json(&["stats", "--failures", "--repo", "api"]);
    assert_eq!(only["failures"].as_array().unwrap().len(), 1);
    assert_eq!(number(&only["health"]["total_files"]) - number(&only["health"]["total_ok"]), 1);
}

#[test]
fn the_gate_prints_the_report_and_then_fails() {
    let world = World::shop();
    world.write("api/app/broken.py", BROKEN);
    world.ok(&["build"]);
    let plain = world.ok(&["stats"]).out;
    let object = world.json(&["stats"]);
    let (ok, files) = (number(&object["health"]["total_ok"]), number(&object["health"]["total_files"]));
    assert_eq!(object["ok"], true);
    let ran = world.run(&["stats", "--min-health", "99.95"]);
    assert_eq!((ran.code, &ran.out), (1, &plain), "the report stands on standard output, whole");
    let pct = object["health"]["parse_health_pct"].as_f64().unwrap();
    let said = ran.err.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    for words in [
        "sawmill::stats::health",
        &format!("parse health is {pct:.1}% ({ok} of {files} files are clean)"),
        "below the 99.95% that are asked for",
        "python (1 of ",
        "`sawmill stats --failures`",
    ] {
        assert!(said.contains(words), "`{words}` is missing: {}", ran.err);
    }
    let ran = world.run(&["stats", "--min-health", "99.95", "--json"]);
    let mut failed = ran.object();
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    assert_eq!(failed["error"]["code"], "sawmill::stats::health");
    assert_eq!(failed["ok"], false);
    failed.as_object_mut().unwrap().remove("error");
    failed["ok"] = json!(true);
    assert_eq!(failed, object, "the report is there beside the error");
    // Just what there is, is reached; a little more is not.
    assert_eq!(world.run(&["stats", "--min-health", &format!("{pct:.1}")]).code, 0);
    assert_eq!(world.run(&["stats", "--min-health", &format!("{:.1}", pct + 0.1)]).code, 1);
    assert_eq!(world.run(&["stats", "--min-health", "100", "--repo", "web"]).code, 0, "of what was selected");
    for wrong in ["101", "-1", "all", "1e1"] {
        assert_eq!(world.run(&["stats", &format!("--min-health={wrong}")]).code, 2, "{wrong}");
    }
}

#[test]
fn the_picture_is_one_document_of_its_own_with_the_numbers_of_the_report() {
    let world = World::shop();
    world.write("api/app/broken.py", BROKEN);
    world.ok(&["build"]);
    let ran = world.ok(&["stats", "--format", "svg"]);
    assert_eq!((&ran.out, ran.err.as_str()), (&world.ok(&["stats", "--format", "svg"]).out, ""));
    let document = roxmltree::Document::parse(&ran.out).unwrap();
    let text = |name: &str| document.root_element().children().find(|n| n.has_tag_name(name)).unwrap().text().unwrap();
    let health = health(&world);
    let share = format!("Parse health: {:.1}% clean", health["parse_health_pct"].as_f64().unwrap());
    assert!(text("title").starts_with(&share), "{} {share}", text("title"));
    let python = &health["by_language"]["python"];
    assert!(text("desc").contains(&format!(", {} ok, 1 partial, 0 error;", python["ok"])), "{}", text("desc"));
    assert!(text("desc").contains("extract/files: "), "{}", text("desc"));
    for foreign in ["<script", "@import", "url(", "href", &*world.root().to_string_lossy()] {
        assert!(!ran.out.contains(foreign), "{foreign}");
    }
    let gated = world.run(&["stats", "--format", "svg", "--min-health", "100"]);
    assert_eq!((gated.code, gated.out), (1, ran.out));
}

#[test]
fn a_picture_and_json_cannot_be_asked_for_together() {
    let world = World::built();
    for arguments in [
        &["stats", "--format", "svg", "--json"][..],
        &["--json", "stats", "--format", "svg"],
        &["stats", "--format=svg", "--progress", "jsonl"],
    ] {
        let ran = world.run(arguments);
        assert_eq!((ran.code, &ran.object()["error"]["code"]), (2, &json!("sawmill::cli::usage")), "{arguments:?}");
    }
    let ran = world.run(&["stats", "--format", "svg", "--failures"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("'--format svg' cannot be used with '--failures'"), "{}", ran.err);
    assert_eq!(world.ok(&["stats", "--format", "text", "--json"]).object(), world.json(&["stats"]));
}
