//! The contract of output: data here, words there, one object, nothing raw, no place of this machine.

use std::process::Stdio;

use super::world::World;

/// Every command that answers from a built workspace.
const ANSWERS: &[&[&str]] = &[
    &["status"],
    &["search", "order total"],
    &["show", "chunks", "--limit", "5"],
    &["inspect"],
    &["stats"],
    &["check"],
    &["graph", "--counts"],
    &["preview", "api:app/orders.py"],
    &["build"],
];

#[test]
fn with_json_there_is_one_object_and_no_word_beside_it() {
    let world = World::built();
    for arguments in ANSWERS {
        let ran = world.ok(&[arguments, &["--json"][..]].concat());
        ran.object();
    }
}

#[test]
fn equal_questions_get_equal_bytes() {
    let world = World::built();
    let twin = World::built();
    for arguments in ANSWERS {
        let arguments = [arguments, &["--json"][..]].concat();
        assert_eq!(world.ok(&arguments).out, world.ok(&arguments).out, "{arguments:?}");
        assert_eq!(world.ok(&arguments).out, twin.ok(&arguments).out, "{arguments:?} elsewhere");
    }
}

#[test]
fn no_json_names_a_place_of_this_machine() {
    let world = World::built();
    let root = world.root().to_string_lossy().into_owned();
    for arguments in ANSWERS {
        let out = world.ok(&[arguments, &["--json"][..]].concat()).out;
        assert!(!out.contains(&root), "{arguments:?}: {out}");
    }
    let failed = World::empty().run(&["build", "--json"]);
    assert!(!failed.out.contains("/tmp"), "{}", failed.out);
}

#[test]
fn a_failure_under_json_is_one_object_too() {
    let world = World::shop();
    for (arguments, code) in [
        (&["search", "x", "--json"][..], "sawmill::ops::not_built"),
        (&["frobnicate", "--json"], "sawmill::cli::usage"),
        (&["build", "nobody", "--json"], "sawmill::select::unknown"),
    ] {
        let ran = world.run(arguments);
        let object = ran.object();
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert_eq!(object["ok"], false, "{arguments:?}");
        assert_eq!(object["error"]["code"], code, "{arguments:?}");
        assert!(object["error"]["message"].is_string() && object["error"]["labels"].is_array(), "{object}");
        assert_eq!(ran.err, "", "{arguments:?}");
    }
}

#[test]
fn help_and_version_are_answers() {
    let world = World::empty();
    let help = world.ok(&["--help"]);
    assert!(help.out.contains("Examples:"), "{}", help.out);
    assert_eq!(world.ok(&["--version"]).out, concat!("sawmill ", env!("CARGO_PKG_VERSION"), "\n"));
    let wrong = world.run(&["serach", "x"]);
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("search"), "a near miss is suggested: {}", wrong.err);
}

#[test]
fn nothing_raw_from_a_tree_reaches_a_terminal() {
    let world = World::shop();
    world.write("api/app/ev\u{1b}]0;owned\u{7}il.py", "def order_evil():\n    return '\u{1b}[2J\u{9b}31m\u{202e}'\n");
    world.write("api/app/two\nlines.py", "def order_lines(): pass\n");
    for arguments in [&["build"][..], &["search", "order_evil"], &["show", "files"], &["stats"], &["status"]] {
        let ran = world.ok(&[&["--color", "never"][..], arguments].concat());
        for text in [&ran.out, &ran.err] {
            let raw = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}');
            assert_eq!(raw, None, "{arguments:?}: {text:?}");
        }
    }
    assert!(world.ok(&["search", "order_evil"]).out.contains("ev␛]0;owned"));
}

#[test]
fn no_form_of_rows_holds_a_raw_control_character() {
    let world = World::shop();
    let odd = "\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{200b}\u{7f}\u{e0041}";
    world.write(format!("api/app/odd{odd}.py"), format!("def order_odd():\n\treturn '{odd}'\r\n"));
    world.ok(&["build"]);
    for arguments in [
        &["show", "chunks", "--json", "--all"][..],
        &["show", "chunks", "--format", "jsonl"],
        &["show", "chunks", "--format", "csv"],
        &["search", "order_odd", "--json"],
        &["stats", "--failures", "--json"],
    ] {
        let out = world.ok(arguments).out;
        let raw = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{e0041}".contains(c);
        assert_eq!(out.chars().find(|c| raw(*c)), None, "{arguments:?}");
    }
    let object = world.json(&["show", "chunks", "--all"]);
    let whole = object["rows"].as_array().unwrap().iter().any(|row| row["text"].as_str().unwrap().contains(odd));
    assert!(whole, "JSON says what the file says");
}

#[test]
fn an_arrow_stream_has_every_row() {
    let world = World::built();
    let read = |arguments: &[&str]| {
        let output = world.command(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let reader = arrow::ipc::reader::StreamReader::try_new(std::io::Cursor::new(output.stdout), None).unwrap();
        let names: Vec<String> = reader.schema().fields().iter().map(|f| f.name().clone()).collect();
        (names, reader.map(|batch| batch.unwrap().num_rows() as u64).sum::<u64>())
    };
    for table in sawmill::table::TABLES {
        let object = world.json(&["show", table.name, "--limit", "1"]);
        let (names, rows) = read(&["show", table.name, "--format", "arrow"]);
        assert_eq!(rows, object["total"].as_u64().unwrap(), "{}", table.name);
        assert_eq!(serde_json::json!(names), object["columns"], "{}", table.name);
    }
    let (names, rows) = read(&["show", "chunks", "--format", "arrow", "--columns", "text,path", "--limit", "0"]);
    assert_eq!((names.join(" ").as_str(), rows), ("repo node text path", 0));
}

#[test]
fn colours_come_only_where_they_are_wanted() {
    let world = World::built();
    let escaped = |arguments: &[&str]| world.ok(arguments).out.contains('\u{1b}');
    assert!(!escaped(&["search", "order"]));
    assert!(escaped(&["search", "order", "--color", "always"]));
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let world = World::built();
    let mut child = world.command(&["show", "chunks"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn every_table_is_shown_in_every_form() {
    let world = World::built();
    for table in sawmill::table::TABLES {
        let people = world.ok(&["show", table.name]);
        assert!(people.out.lines().count() > 1, "{}: {}", table.name, people.out);
        let csv = world.ok(&["show", table.name, "--all", "--format", "csv"]).out;
        let head: Vec<&str> = csv.lines().next().unwrap().split(',').collect();
        assert_eq!(head.len(), table.columns.len() + 2, "{csv}");
        let object = world.json(&["show", table.name, "--all"]);
        let lines = world.ok(&["show", table.name, "--all", "--format", "jsonl"]).out;
        assert_eq!(lines.lines().count() as u64, object["total"].as_u64().unwrap(), "{}", table.name);
    }
}

#[test]
fn nothing_found_says_so_and_what_to_try() {
    let world = World::built();
    let ran = world.ok(&["search", "zzyzx"]);
    assert_eq!(ran.out, "");
    assert!(ran.err.contains("zzyzx") && ran.err.contains("try"), "{}", ran.err);
    assert_eq!(world.run(&["search", "zzyzx", "--exit-code"]).code, 1);
}
