//! Literals and regular expressions: the lines that a search finds are those that match, and no others.
//!
//! The model reads every indexed file, cuts it at line feeds and matches line by line.

use std::collections::BTreeMap;
use std::path::Path;

use regex::bytes::{Regex, RegexBuilder};
use sawmill::ops::search::{self, SearchRequest};

use crate::workbench::Workbench;

/// Files that are hard to cut right.
fn odd(bench: &Workbench) {
    let long = format!("start {} needle end\nnext\n", "x".repeat(200_000));
    let between = "fn a() {\n    one();\n}\n\n\n\nfn b() {\n    needle();\n}\n\n// tail needle";
    let files: [(&str, Vec<u8>); 12] = [
        ("crlf.c", b"int a;\r\nint needle;\r\n\r\nint b;\r\n".to_vec()),
        ("no_end.py", b"def needle():\n    return 1".to_vec()),
        ("long.txt", long.into_bytes()),
        ("latin1.txt", b"caf\xe9 needle\nna\xefve\n".to_vec()),
        ("empty_lines.md", b"\n\n# needle\n\n\ntext\n\n".to_vec()),
        ("between.rs", between.as_bytes().to_vec()),
        ("only_lf.txt", b"\n".to_vec()),
        ("cr.txt", b"a\rneedle\rb\n".to_vec()),
        ("utf8.py", "größe = 'K\u{212a} ſ needle'\n# Straße STRASSE\n".as_bytes().to_vec()),
        ("bom.js", b"\xef\xbb\xbfvar needle = 1;\n".to_vec()),
        ("nul.c", b"int a\0needle;\nint b;\n".to_vec()),
        ("wide.h", [&b"#define NEEDLE 1 \\\n"[..], &b"  needle \\\n".repeat(400), b"\n"].concat()),
    ];
    for (path, bytes) in files {
        bench.write("odd", path, bytes);
    }
}

/// A real tree: the sources of a part of this program.
fn real(bench: &Workbench) {
    fn copy(from: &Path, to: &str, bench: &Workbench) {
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{to}{}", entry.file_name().to_string_lossy());
            if entry.file_type().unwrap().is_dir() {
                copy(&entry.path(), &format!("{name}/"), bench);
            } else {
                bench.write("real", &name, std::fs::read(entry.path()).unwrap());
            }
        }
    }
    for part in ["src/query", "src/table", "docs"] {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &format!("{part}/"), bench);
    }
}

type Lines = BTreeMap<String, Vec<u32>>;

/// The files of a repository that have chunks.
fn indexed(bench: &Workbench) -> BTreeMap<String, Vec<u8>> {
    let found = lines(bench, "/.?/");
    let read = |key: &String| {
        let (repo, path) = key.split_once(':').unwrap();
        std::fs::read(bench.root(repo).join(path)).unwrap()
    };
    found.keys().map(|key| (key.clone(), read(key))).collect()
}

/// What a search finds: `repo:path` → numbers of lines.
fn lines(bench: &Workbench, query: &str) -> Lines {
    let request = SearchRequest { files: true, limit: 1, ..SearchRequest::new(query) };
    let report = search::run(&bench.context(), &request).unwrap_or_else(|error| panic!("{query}: {error}"));
    let files = report.answer.files.unwrap();
    let exact = report.answer.exact.unwrap();
    assert_eq!(exact.lines, files.iter().map(|file| file.lines.len() as u64).sum::<u64>(), "{query}");
    assert_eq!(exact.files, files.len() as u64, "{query}");
    files.into_iter().map(|file| (format!("{}:{}", file.repo, file.path), file.lines)).collect()
}

fn model(files: &BTreeMap<String, Vec<u8>>, regex: &Regex) -> Lines {
    let mut out = Lines::new();
    for (path, bytes) in files {
        let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
        // Behind the last line feed is no line.
        if lines.last().is_some_and(|last| last.is_empty()) {
            lines.pop();
        }
        let found: Vec<u32> = (1..).zip(lines).filter(|(_, line)| regex.is_match(line)).map(|(at, _)| at).collect();
        if !found.is_empty() {
            out.insert(path.clone(), found);
        }
    }
    out
}

/// Patterns from what stands in the files: words, their beginnings and ends, with gaps, alternatives and classes.
fn patterns(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for (at, bytes) in files.values().enumerate() {
        let text = String::from_utf8_lossy(bytes);
        let of_file: Vec<&str> = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .filter(|w| (3..40).contains(&w.len()))
            .collect();
        words.extend(
            (0..6).filter_map(|n| of_file.get((n * 37 + at * 11) % of_file.len().max(1))).map(|w| (*w).to_owned()),
        );
    }
    words.sort();
    words.dedup();
    let word = |n: usize| words[n % words.len()].as_str();
    let mut out: Vec<String> = [
        "",
        "e",
        "return",
        "^$",
        "^",
        "$",
        "needle",
        "x{3,}",
        ".",
        "\\r$",
        "^\\s+$",
        "(?i)NEEDLE",
        "\\bfn\\b",
        "[^ -~]",
        "K",
        "(?i)k",
        "(?i)ss",
        "\\d{4}",
        "foo.*bar",
        "a|b",
        "(?-u:\\xe9)",
    ]
    .into_iter()
    .filter(|pattern| !pattern.is_empty())
    .map(str::to_owned)
    .collect();
    for n in 0..280 {
        let (a, b) = (word(n * 7), word(n * 13 + 5));
        let half = a.get(..a.len() / 2 + 1).unwrap_or(a);
        out.push(match n % 14 {
            0 => a.to_owned(),
            1 => half.to_owned(),
            2 => format!("{a}|{b}"),
            3 => format!("{half}\\w*"),
            4 => format!("{half}.*{b}"),
            5 => format!("^\\s*{a}"),
            6 => format!("{a}\\s*[(:;]"),
            7 => format!("(?i){}", a.to_uppercase()),
            8 => format!("({half}|{b})_?\\w+"),
            9 => format!("\\b{a}\\b"),
            10 => format!("{a}$"),
            11 => format!("[{}{}]{}", a.chars().next().unwrap(), b.chars().next().unwrap(), a.get(1..).unwrap_or("")),
            12 => format!("(?:{half}){{1,2}}"),
            _ => format!("{a}[^\\w]+{b}"),
        });
    }
    out
}

#[test]
fn three_hundred_patterns_find_the_lines_that_match() {
    let bench = Workbench::new(&["odd", "real"]);
    odd(&bench);
    real(&bench);
    bench.build();
    let files = indexed(&bench);
    assert!(files.len() > 100, "{}", files.len());
    let patterns = patterns(&files);
    assert!(patterns.len() >= 300);
    let mut found = 0;
    for pattern in &patterns {
        let expected = model(&files, &Regex::new(pattern).unwrap());
        let quoted = pattern.replace('/', "\\/");
        assert_eq!(lines(&bench, &format!("case:yes /{quoted}/")), expected, "/{pattern}/");
        found += usize::from(!expected.is_empty());
    }
    assert!(found * 3 > patterns.len() * 2, "{found} of {} patterns match something", patterns.len());
}

#[test]
fn literals_are_found_as_they_stand_and_case_is_smart() {
    let bench = Workbench::new(&["odd"]);
    odd(&bench);
    bench.build();
    let files = indexed(&bench);
    let literal = |text: &str, any_case: bool| {
        let regex = RegexBuilder::new(&regex::escape(text)).case_insensitive(any_case).build().unwrap();
        model(&files, &regex)
    };
    for text in ["needle", "needle()", "int needle;", "x = ", "}", "# ", "größe", "\\", "\""] {
        let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
        assert_eq!(lines(&bench, &format!("\"{quoted}\"")), literal(text, true), "{text}");
        assert_eq!(lines(&bench, &format!("case:yes \"{quoted}\"")), literal(text, false), "{text}");
    }
    assert_eq!(lines(&bench, "\"NEEDLE\""), literal("NEEDLE", false), "a capital letter means itself");
    assert_eq!(lines(&bench, "case:no \"NEEDLE\""), literal("NEEDLE", true));
}

#[test]
fn expressions_are_asked_of_whole_files_and_filters_of_rows() {
    let bench = Workbench::new(&["odd"]);
    odd(&bench);
    bench.build();
    let paths = |query: &str| lines(&bench, query).into_keys().collect::<Vec<_>>().join(" ");
    assert_eq!(paths("\"needle\" AND \"#define\""), "odd:wide.h");
    assert_eq!(paths("\"needle\" \"one()\""), "odd:between.rs");
    assert_eq!(paths("\"one()\" -\"needle\""), "");
    // What a file lacks: every file that has no such line, by its first chunk.
    let without = |text: &str| {
        let files = indexed(&bench);
        let has = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).to_lowercase().contains(text);
        files.iter().filter(|(_, bytes)| !has(bytes)).map(|(path, _)| path.clone()).collect::<Vec<_>>().join(" ")
    };
    for query in ["-\"needle\"", "NOT \"needle\"", "NOT \"needle\" AND NOT \"qqqq\"", "(NOT \"needle\") OR \"qqqq\""] {
        assert_eq!(paths(query), without("needle"), "{query}");
    }
    assert!(!paths("-\"qqqq\"").is_empty() && paths("-\"qqqq\"") == without("qqqq"));
    assert_eq!(paths("-\"needle\" ext:md"), "");
    assert_eq!(paths("-\"one()\" ext:rs"), "");
    assert_eq!(paths("\"return 1\" OR \"one()\""), "odd:between.rs odd:no_end.py");
    assert_eq!(paths("\"needle\" ext:c"), "odd:crlf.c", "what has a NUL is binary, and not indexed");
    assert_eq!(paths("\"needle\" lang:python"), "odd:no_end.py odd:utf8.py");
    assert_eq!(paths("\"needle\" kind:function"), "odd:no_end.py");
    assert_eq!(paths("needle AND /b\\(\\)/"), "odd:between.rs");
}
