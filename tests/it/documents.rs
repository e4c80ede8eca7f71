//! Documents that could rot, compared with what they are about. `UPDATE_DOCS=1 cargo test` writes them anew.

mod languages;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sawmill::ops::shapes::SHAPES;

use crate::tidy::text;
use crate::tidy::tree;

/// Compares `path` with `expected`, or writes it where asked to.
fn compare(path: &str, expected: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(tree::root().join(path), expected).unwrap();
    }
    let there = std::fs::read_to_string(tree::root().join(path)).unwrap_or_default();
    assert!(there == expected, "{path} is not what the source says; run UPDATE_DOCS=1 cargo test");
}

#[test]
fn the_list_of_error_codes_is_current() {
    let mut document = String::from(
        "# Errors and warnings\n\n\
         Every diagnostic has a code that stays, and a help that says what to do next. With `--json` the code is `error.code`.\n\
         This list is generated from the source; `…` stands for what differs from case to case.\n\n\
         | code | what it says or means | raised in |\n|---|---|---|\n",
    );
    let codes = codes();
    assert!(codes.len() > 60, "only {} codes were found", codes.len());
    for (code, (meaning, place)) in codes {
        let meaning = if meaning.is_empty() { "the message says it" } else { &meaning };
        writeln!(document, "| `{code}` | {meaning} | `{place}` |").unwrap();
    }
    compare("docs/errors.md", &document);
}

/// Code → what it says, and the file that has it.
fn codes() -> BTreeMap<String, (String, String)> {
    let mut found = BTreeMap::new();
    for source in tree::sources().iter().filter(|s| s.path.starts_with("src/") && !is_test(&s.path)) {
        let body = source.text.split("#[cfg(test)]").next().unwrap_or_default();
        for (code, meaning) in raised(body).into_iter().chain(declared(body)) {
            let entry = found.entry(code).or_insert_with(|| (String::new(), source.path.clone()));
            if entry.0.is_empty() && !meaning.is_empty() {
                *entry = (meaning, source.path.clone());
            }
        }
    }
    found
}

/// Codes in attributes, with the text of the error before them, and codes in literals.
fn raised(body: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in body.match_indices("sawmill::") {
        let code: String = body[at..]
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | ':'))
            .collect();
        let behind = &body[at + code.len()..];
        let attribute = body[..at].ends_with("code(") && behind.starts_with(')');
        let literal = body[..at].ends_with('"') && behind.starts_with('"');
        if !(attribute || literal) || code.matches("::").count() != 2 {
            continue;
        }
        let start = body[..at].rfind("#[error(\"").filter(|_| attribute);
        let said = start.map(|start| generic(literal_at(&body[start + 9..]))).unwrap_or_default();
        // Where the message is made case by case, the documentation says more.
        let doc = || body[..start.unwrap_or(at)].trim_end().rsplit('\n').next()?.trim().strip_prefix("/// ");
        let said = if said == "…" { doc().unwrap_or_default().to_owned() } else { said };
        found.push((code, said));
    }
    found
}

/// A string literal up to its closing quotation mark.
fn literal_at(text: &str) -> &str {
    let mut escaped = false;
    let end = text.find(|c| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    &text[..end.unwrap_or(text.len())]
}

/// Codes of a `diagnostic_codes!` list, with their documentation.
fn declared(body: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let Some((_, list)) = body.split_once("diagnostic_codes! { \"") else { return found };
    let area = list.split('"').next().unwrap_or_default();
    let mut meaning = String::new();
    for line in list.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("/// ") {
            doc.clone_into(&mut meaning);
        } else if let Some(short) = line.strip_suffix("\";").and_then(|line| line.rsplit('"').next()) {
            found.push((format!("sawmill::{area}::{short}"), meaning.replace('|', "\\|")));
        }
    }
    found
}

/// A format string with `…` for everything that is filled in.
fn generic(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for c in text.replace("\\\"", "\"").chars() {
        match c {
            '{' => {
                depth += 1;
                out.push_str(if depth == 1 { "…" } else { "" });
            }
            '}' => depth -= 1,
            '|' => out.push_str("\\|"),
            c if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

#[test]
fn every_diagnostic_with_a_code_tells_what_to_do_next() {
    let mut findings = Vec::new();
    for source in tree::sources().iter().filter(|s| s.path.starts_with("src/") && !is_test(&s.path)) {
        for at in text::words(&source.code, "diagnostic") {
            let open = at + "diagnostic".len();
            if !source.code[..at].trim_end().ends_with('[') || !source.code[open..].starts_with('(') {
                continue;
            }
            let end = text::matching(&source.code, open);
            let attribute = &source.code[open..end];
            // A help that depends on the case stands at a field of the same variant.
            let variant = source.code[end..].split("diagnostic(").next().unwrap_or_default();
            let words = |word| text::words(attribute, word).next().is_some();
            let place = source.place(at);
            if words("code") && !words("help") && !variant.contains("#[help]") {
                findings.push(format!("{place}: a code without a help"));
            }
        }
    }
    assert!(findings.is_empty(), "a diagnostic says what to do next:\n  {}\n", findings.join("\n  "));
}

#[test]
fn every_command_is_in_the_reference_and_in_the_readme() {
    let reference = tree::read("docs/cli.md");
    let readme = tree::read("README.md");
    for name in commands() {
        assert!(reference.contains(&format!("## sawmill {name}\n")), "docs/cli.md does not tell of `{name}`");
        assert!(readme.contains(&format!("`{name}`")), "README.md does not name `{name}`");
    }
}

fn commands() -> Vec<String> {
    let names = tree::names("src/cli/commands");
    let list = tree::read("src/cli/args.rs");
    let is_command = |name: &String| list.contains(&format!("({name}::Args)"));
    names.iter().filter_map(|n| n.strip_suffix(".rs").map(str::to_owned)).filter(is_command).collect()
}

#[test]
fn the_reference_of_tables_is_current() {
    compare("docs/tables.md", &sawmill::table::reference());
}

#[test]
fn the_shape_of_what_each_command_prints_is_current() {
    for shape in SHAPES {
        compare(&format!("docs/schema/{}.json", shape.command), &shape.text());
    }
    let known = |name: &&String| {
        !name.as_str().eq("progress.json") && !SHAPES.iter().any(|s| **name == format!("{}.json", s.command))
    };
    let strange: Vec<String> = tree::names("docs/schema").into_iter().filter(|name| known(&name)).collect();
    assert!(strange.is_empty(), "docs/schema has what no command prints: {strange:?}");
}

#[test]
fn tests_that_are_left_out_say_how_they_are_run_and_are_listed() {
    let listed = tree::read("docs/testing.md");
    let mut found = 0;
    for source in tree::sources().iter().filter(|s| s.path.starts_with("src/") || s.path.starts_with("tests/it/")) {
        for (at, mark) in source.text.match_indices("\n#[ignore") {
            let behind = &source.text[at + mark.len()..];
            let name = behind.split("fn ").nth(1).unwrap_or_default().split('(').next().unwrap_or_default();
            let how = behind.lines().next().unwrap_or_default();
            assert!(how.contains("cargo test "), "{}: `{name}` does not say how it is run", source.path);
            assert!(listed.contains(&format!("| `{name}` |")), "docs/testing.md does not list `{name}`");
            found += 1;
        }
    }
    let is_name = |cell: &str| !cell.contains(|c: char| !c.is_ascii_lowercase() && c != '_' && !c.is_ascii_digit());
    let rows = listed.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    assert_eq!(rows.filter(|cell| is_name(cell)).count(), found, "docs/testing.md lists a test that is not there");
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut findings = Vec::new();
    for path in documents() {
        let dir = path.rsplit_once('/').map_or("", |(dir, _)| dir);
        let text = tree::read(&path);
        for link in text.split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap_or_default();
            let local = !target.is_empty() && !target.contains("://");
            if local && !tree::root().join(dir).join(target).exists() {
                findings.push(format!("{path}: {target} is not there"));
            }
        }
    }
    assert!(findings.is_empty(), "links lead somewhere:\n  {}\n", findings.join("\n  "));
}

fn documents() -> Vec<String> {
    let mut found = vec!["README.md".to_owned()];
    for dir in ["docs", "docs/decisions"] {
        let names = tree::names(dir);
        found.extend(
            names
                .iter()
                .filter(|name| name.rsplit_once('.').is_some_and(|(_, end)| end == "md"))
                .map(|name| format!("{dir}/{name}")),
        );
    }
    found
}

#[test]
fn every_decision_is_listed() {
    let list = tree::read("docs/decisions/README.md");
    for name in tree::names("docs/decisions").iter().filter(|name| *name != "README.md") {
        let title = tree::read(&format!("docs/decisions/{name}"));
        let title = title.lines().next().unwrap_or_default().split_once(". ").map_or("", |(_, title)| title).to_owned();
        let row = format!("| [{}]({name}) | {title} |", &name[..4]);
        assert!(list.contains(&row), "docs/decisions/README.md lacks: {row}");
    }
}

#[test]
fn every_block_of_code_in_the_guide_to_kinds_is_code_that_is_tested() {
    let guide = tree::read("docs/adding-a-node.md");
    let is_source = |path: &str| path.starts_with("tests/it/outside/") || path.starts_with("src/nodes/");
    let sources: Vec<_> = tree::sources().into_iter().filter(|source| is_source(&source.path)).collect();
    let manifest = tree::read("Cargo.toml");
    let mut blocks = 0;
    for block in guide.split("\n```").skip(1).step_by(2) {
        let (language, code) = block.split_once('\n').unwrap();
        blocks += 1;
        if language == "toml" {
            for line in code.lines().filter(|line| !line.starts_with('[') && !line.starts_with("sawmill")) {
                let name = line.split(' ').next().unwrap();
                let major = |text: &str| text.split('"').nth(1).map(str::to_owned);
                let ours = manifest.lines().find(|ours| ours.starts_with(&format!("{name} = "))).unwrap_or_default();
                assert_eq!(major(ours), major(line), "Cargo.toml takes another version of {name}");
            }
            continue;
        }
        assert!(matches!(language, "rust" | "yaml"), "a block of `{language}`");
        let stands = sources.iter().any(|source| source.text.contains(&format!("{code}\n")));
        assert!(stands, "docs/adding-a-node.md has a block that stands in no source:\n{code}\n");
    }
    assert!(blocks > 15, "only {blocks} blocks were found");
}

#[test]
fn every_method_of_a_kind_is_told_of_in_the_guide() {
    let guide = tree::read("docs/adding-a-node.md");
    let contract = tree::read("src/nodes/kind.rs");
    let methods = contract.split("pub trait Kind").nth(1).unwrap().split("\n}").next().unwrap();
    let names: Vec<&str> = methods.split("\n    fn ").skip(1).map(|rest| rest.split('(').next().unwrap()).collect();
    assert!(names.len() > 12, "{names:?}");
    let table = guide.split("method by method").nth(1).unwrap();
    for name in names {
        let told = table
            .lines()
            .any(|line| line.starts_with('|') && line.split('|').nth(1).unwrap().contains(&format!("`{name}`")));
        assert!(told, "docs/adding-a-node.md does not say what `{name}` promises");
    }
}
