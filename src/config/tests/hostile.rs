//! Files that were made to hurt, as the workspace file and as a pipeline.

use std::fmt::Write as _;
use std::time::Duration;

use super::machine::{codes, machine};
use crate::base::clock::Stopwatch;

const GOOD: &str = "version: 1\nname: w\npipeline: code\nrepos: [{ name: own, root: own }]\n";

/// Far above what any case takes; a case that is not linear takes minutes.
const PATIENCE: Duration = Duration::from_secs(5);

/// The codes as workspace, and as pipeline.
fn both(text: &str) -> (Vec<&'static str>, Vec<&'static str>) {
    let clock = Stopwatch::start();
    let as_workspace = codes(&machine(&[("workspace.yaml", text), ("pipelines/code.yaml", text)]));
    let as_pipeline = codes(&machine(&[("workspace.yaml", GOOD), ("pipelines/code.yaml", text)]));
    assert!(clock.elapsed() < PATIENCE, "{:?}", clock.elapsed());
    (as_workspace, as_pipeline)
}

fn always(text: &str, code: &str) {
    assert_eq!(both(text), (vec![code], vec![code]));
}

#[test]
fn nesting_is_refused_before_it_costs_anything() {
    always(&("[".repeat(20_000) + &"]".repeat(20_000)), "too_deep");
    always(&"[".repeat(1 << 20), "too_deep");
    always(&"{a: ".repeat(200_000), "too_deep");
    always(&"- ".repeat(500_000), "too_deep");
    always(&"? ".repeat(500_000), "too_deep");
    always(&(0..1000).map(|i| "  ".repeat(i) + "a:\n").collect::<String>(), "too_deep");
    // A quote in text over several lines does not hide what follows.
    always(&format!("a: b\n \"\nc: {}", "[".repeat(500_000)), "too_deep");
    always(&format!("a: [b\n \", {}", "[".repeat(500_000)), "too_deep");
}

#[test]
fn aliases_do_not_multiply() {
    let bomb = |levels: usize| {
        let mut text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for i in 1..levels {
            writeln!(text, "a{i}: &a{i} [{}]", vec![format!("*a{}", i - 1); 9].join(",")).unwrap();
        }
        text
    };
    always(&bomb(9), "too_many_aliases");
    always(&bomb(100), "too_many_aliases");
    always("a: &a [*a]\n", "too_deep");
    let wide = format!("a: &a [{}]\nb: [{}]\n", vec!["x"; 100_000].join(","), vec!["*a"; 99].join(","));
    always(&wide, "too_many_aliases");
}

#[test]
fn size_is_looked_at_first() {
    always(&format!("a: \"{}\"", "x".repeat(8_000_000)), "too_large");
    let nodes: Vec<String> = (0..100_000).map(|i| format!("  n{i}: {{op: extract, in: n{}}}\n", i - 1)).collect();
    always(&format!("nodes:\n{}", nodes.concat()), "too_large");
    always(&format!("a: [{}]", vec!["x"; 400_000].join(",")), "too_large");
}

#[test]
fn what_yaml_has_and_sawmill_does_not_read_is_named() {
    always("!!python/object/apply:os.system [\"id\"]\n", "custom_tag");
    always(&"---\n".repeat(2000), "second_document");
    always("a:\n\t- 1\n", "tab");
    always("", "empty");
    always("---\n...\n", "empty");
    always("a: \u{0}\n", "syntax");
    assert!(both("repos: []\nrepos: [x]\n").0.contains(&"duplicate_key"));
    assert!(both("a: &a {x: 1}\nb: {<<: *a, <<: *a}\n").0.contains(&"duplicate_key"));
    assert_eq!(both("\u{feff}a: 1\r\n").0, ["unknown_key", "missing_key", "missing_key", "missing_key"]);
}

#[test]
fn names_and_types_are_not_guessed() {
    let (workspace, _) = both("name: no\nver: 1.10\noct: 0o10\nts: 2026-01-01\n");
    assert_eq!(workspace, ["missing_key", "missing_key", "unknown_key", "unknown_key", "unknown_key"]);
    assert_eq!(both("nodes: {a: {in: b}, b: {in: a}}\n").0, ["not_a_workspace"]);
}

#[test]
fn roots_that_mean_something_elsewhere_are_plain_paths_here() {
    let roots = [
        "../../etc",
        "~/.ssh",
        "${HOME}/.ssh",
        "file:///etc",
        "\\\\host\\share",
        "C:\\",
        "CON",
        "a\0b",
        "ext::sh -c id",
        "--upload-pack=id",
        "http://169.254.169.254/",
        "http://[::1]:22/",
        "git@-oProxyCommand=id:x",
    ];
    for root in roots {
        let quoted = serde_json::to_string(root).unwrap();
        let text = format!("version: 1\nname: w\npipeline: code\nrepos: [{{ name: own, root: {quoted} }}]\n");
        let fs = machine(&[
            ("workspace.yaml", &text),
            ("pipelines/code.yaml", "version: 1\nname: code\nnodes: { n: { kind: k } }\n"),
        ]);
        let workspace = super::machine::loaded(&fs, &[]).unwrap();
        assert_eq!(workspace.unavailable[0].mistake.code.name, "sawmill::config::missing_root", "{root}");
    }
}

#[test]
fn patterns_do_not_explode() {
    let patterns = [
        "(a+)+$".to_owned(),
        "((a{0,1000}){0,1000}){0,1000}".to_owned(),
        "\\w{1000}".repeat(20),
        "(".repeat(5000) + &")".repeat(5000),
        "**/".repeat(500) + "*",
        format!("{{{}}}", vec!["{a,b}"; 40].join(",")),
        "[".repeat(5000),
        "{".repeat(1000),
        "{a,".repeat(300),
        "*".repeat(1024),
        "?*".repeat(500),
    ];
    for pattern in patterns {
        let start: String = pattern.chars().take(20).collect();
        // YAML itself allows no longer key.
        let key = if pattern.len() < 1000 { pattern.as_str() } else { "x" };
        let key = serde_json::to_string(key).unwrap();
        let quoted = serde_json::to_string(&pattern).unwrap();
        let clock = Stopwatch::start();
        let text = format!(
            "version: 1\nname: w\npipeline: code\nlanguages: {{ map: {{ {key}: html }} }}\n\
             repos: [{{ name: own, root: own, include: [{quoted}] }}, {{ glob: {quoted} }}]\n"
        );
        // Some compile and some do not; none costs more than a moment or brings the reader down.
        let said = codes(&machine(&[
            ("workspace.yaml", &text),
            ("pipelines/code.yaml", "version: 1\nname: code\nnodes: {n: {kind: k}}\n"),
        ]));
        assert!(said.iter().all(|code| matches!(*code, "bad_glob" | "braces")), "{start}: {said:?}");
        assert!(clock.elapsed() < PATIENCE, "{start}: {:?}", clock.elapsed());
    }
}

#[test]
fn bytes_that_are_no_utf8_have_their_place() {
    let fs = machine(&[]);
    fs.put("/w/workspace.yaml", b"version: 1\nname: \xff\n").unwrap();
    let errors = super::machine::loaded(&fs, &[]).unwrap_err();
    assert_eq!(
        (errors.mistakes[0].code.name, errors.mistakes[0].line_column()),
        ("sawmill::config::syntax", Some((2, 7)))
    );
}
