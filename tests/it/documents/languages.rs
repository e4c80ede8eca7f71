//! docs/languages.md: from the tables of the source layer, the declarations of `extract`, and what its cases prove.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sawmill::nodes::extract::{self, KnownLanguage};
use sawmill::source::{CONTESTED, Language, Role, known_languages, language};

use super::compare;
use crate::tidy::tree;

const CASES: &str = "src/nodes/extract/cases";
const UNITS: &str = "src/nodes/extract/languages/infrastructure.rs";
/// What of a case's rows means what in the document.
const EXTRACTED: [(&str, &str); 7] = [
    ("definition ", "definitions"),
    ("section ", "sections"),
    ("reference call ", "calls"),
    ("reference import ", "imports"),
    ("reference extends ", "bases"),
    ("reference implements ", "bases"),
    ("reference uses ", "types"),
];

#[test]
fn the_reference_of_languages_is_current() {
    let known: BTreeMap<&str, KnownLanguage> = extract::known_languages().map(|one| (one.name, one)).collect();
    let mut document = String::from(HEAD);
    writeln!(
        document,
        "\n{} languages are recognised; the structure of {} is read.\n",
        known_languages().count(),
        known.len()
    )
    .unwrap();
    document.push_str(COLUMNS);
    for name in known_languages() {
        let row = language(name).unwrap();
        writeln!(document, "{}", line(row, known.get(name).copied())).unwrap();
    }
    let unknown: Vec<_> = known.keys().filter(|name| language(name).is_none()).collect();
    assert!(unknown.is_empty(), "no file is ever of these languages: {unknown:?}");
    document.push_str(&contested());
    document.push_str(&units());
    document.push_str(&roles());
    compare("docs/languages.md", &document);
}

fn line(row: &Language, known: Option<KnownLanguage>) -> String {
    let by = match known {
        Some(KnownLanguage { grammar: Some(grammar), .. }) => grammar.to_owned(),
        Some(_) => "lines".to_owned(),
        None => "–".to_owned(),
    };
    let read = known.map(|one| read(one.name)).unwrap_or_default();
    let holds = if known.is_some_and(|one| one.is_container) { "yes" } else { "" };
    format!(
        "| {} | {} | {} | {} | {} | {by} | {read} | {holds} |",
        row.name,
        row.mode.name(),
        words(row.extensions().map(|word| format!(".{word}"))),
        words(row.names()),
        words(row.interpreters()),
    )
}

/// What the cases of a language show that is read of it. What stands in a region is read of another.
fn read(name: &str) -> String {
    let case = tree::read(&format!("{CASES}/{name}.md"));
    let mut shown: Vec<&str> = Vec::new();
    // Of each row of a block: does it stand in a region?
    let mut rows: Vec<bool> = Vec::new();
    for line in case.lines() {
        let Some(row) = row(line) else {
            rows.clear();
            continue;
        };
        let parent = row.rsplit_once("| in ").and_then(|(_, number)| number.parse::<usize>().ok());
        let within = parent.is_some_and(|parent| rows[parent]);
        if !within {
            shown.push(row);
        }
        rows.push(within || row.starts_with("region "));
    }
    let is_shown = |what: &str| shown.iter().any(|row| row.starts_with(what));
    let mut found: Vec<&str> = EXTRACTED.iter().filter(|(what, _)| is_shown(what)).map(|(_, word)| *word).collect();
    found.dedup();
    assert!(!found.is_empty(), "the cases of {name} show nothing");
    found.join(", ")
}

/// `  12-34  definition class | …` without its lines.
fn row(line: &str) -> Option<&str> {
    let (lines, rest) = line.trim_start().split_once(' ')?;
    let is_row = line.contains(" | ") && lines.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    is_row.then(|| rest.trim_start())
}

fn words<T: AsRef<str>>(words: impl Iterator<Item = T>) -> String {
    words.map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(" ")
}

fn contested() -> String {
    let mut out = String::from(SEVERAL);
    for one in CONTESTED {
        let usual = known_languages().filter_map(language).find(|row| row.extensions().any(|e| e == one.extension));
        let usual = usual.map(|row| row.name).unwrap_or_default();
        writeln!(out, "| `.{}` | {usual} | {} |", one.extension, one.others.join(", ")).unwrap();
    }
    out
}

/// The table in the essay of the code that reads these units.
fn units() -> String {
    let essay = tree::read(UNITS);
    let rows: Vec<&str> = essay.lines().filter_map(|line| line.strip_prefix("//! |")).collect();
    assert!(rows.len() > 5, "{UNITS} has no table of units");
    let mut out = String::from(INFRASTRUCTURE);
    for row in rows {
        writeln!(out, "|{row}").unwrap();
    }
    out
}

fn roles() -> String {
    let mut out = String::from(ROLES);
    for role in Role::ALL {
        let rules = role.rules();
        if rules.is_empty() {
            writeln!(out, "| {} | nothing of the above |", role.name()).unwrap();
        }
        for (what, texts) in rules {
            writeln!(out, "| {} | {what} {} |", role.name(), words(texts.iter())).unwrap();
        }
    }
    out
}

#[test]
fn every_case_is_of_a_language_that_is_read() {
    let known: BTreeSet<String> = extract::known_languages().map(|one| format!("{}.md", one.name)).collect();
    let cases: BTreeSet<String> = tree::names(CASES).into_iter().collect();
    assert_eq!(cases, known);
}

const HEAD: &str = "\
# Languages

This list is generated from the source.

Every file has at most one language, and by it a mode. The first of these that answers decides; `sawmill why PATH` says which
it was:

1. a glob of `languages: map:` in workspace.yaml;
2. the whole file name;
3. the extension, the longest known one first, as written and then in lower case. One that belongs to several languages means
   what the file's bytes say, as in 5, where they name one of these;
4. a whole name with more behind it (`Dockerfile.dev`, `Makefile.linux`);
5. for a name that nobody knows, the bytes: the program that the first line names (`#!/usr/bin/env python3`); a mode line of
   Emacs (`-*- mode: ruby -*-`) or Vim (`vim: ft=ruby`); a mark at the start of the text (`<?php`, `<?xml`, `<!doctype html>`,
   `%YAML`);
6. a name that texts have (`README`, `LICENSE-MIT`): language `text`;
7. nothing: no language, mode `records`.

A file's language depends on its own path and bytes, never on its neighbours.

What is *read* of a file stands in the table `outline` and gives its chunks their borders and symbols; *bases* are what a type
extends or implements, *types* those that a definition uses. A language that is read by `lines` has a small reader instead
of a grammar. One with `–` is cut as plain text and searched like any other. One that *holds others* has text of other
languages inside (fences, scripts, styles, cells, blocks), and each such region is read as the language that it is in.
";

const COLUMNS: &str = "\
| language | mode | extensions | file names | programs of `#!` | read by | what is read | holds others |
|---|---|---|---|---|---|---|---|
";

const SEVERAL: &str = "
## Extensions of several languages

The bytes decide by the signs of `src/source/language/content.rs`, from the top of the file, the first sign first. Without a sign
the extension means what it means most often.

| extension | mostly | or |
|---|---|---|
";

const INFRASTRUCTURE: &str = "
## Units of infrastructure

YAML is cut by what it is written for, which its keys tell; HCL by blocks (Terraform's resources, data, modules, variables), a
Dockerfile by stages. These units share no chunk with others unless they are tiny.

";

const ROLES: &str = "
## Roles

The part that a file plays in its repository is told from its path and its text, without regard to letter case. The first row
that fits decides; `sawmill why PATH` says which it was.

| role | where |
|---|---|
";
