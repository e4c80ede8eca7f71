//! Against the program itself, where it is installed.

use std::cell::Cell;
use std::io::Write as _;

use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::super::{Budget, Case};
use super::patterns::{file, matched, regex};

const FLAGS: [&str; 8] =
    ["--no-config", "--no-ignore", "--hidden", "--encoding", "none", "--text", "--line-number", "--no-heading"];

/// The numbers of the lines that `rg` prints, or `None` where it refuses the pattern.
#[expect(clippy::disallowed_methods, reason = "the test runs the program that it compares with")]
fn lines_of_rg(pattern: &str, any_case: bool, path: &std::path::Path) -> Option<Vec<u64>> {
    let out = std::process::Command::new("rg")
        .args(FLAGS)
        .args(["--color", "never"])
        .arg(if any_case { "--ignore-case" } else { "--case-sensitive" })
        .arg("--regexp")
        .arg(pattern)
        .arg(path)
        .output()
        .unwrap();
    if out.status.code() == Some(2) {
        return None;
    }
    let printed = out.stdout.split(|b| *b == b'\n').filter(|line| !line.is_empty());
    let number = |line: &[u8]| String::from_utf8_lossy(line.split(|b| *b == b':').next().unwrap()).parse().unwrap();
    Some(printed.map(number).collect())
}

#[test]
#[ignore = "cargo test --lib -- --ignored lines_are_those_that_rg_prints"]
fn lines_are_those_that_rg_prints() {
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let compared = Cell::new(0);
    let input = (matched(), file(), file());
    let result = runner.run(&input, |((pattern, sample, any_case), before, after)| {
        // `\A` and `\z` are the ends of the searched buffer there; `(?R` is newer than some releases, and what `\B`
        // sees beside bytes that are not UTF-8 changed between releases.
        if [r"\A", r"\z", "(?R", r"\B"].iter().any(|text| pattern.contains(text)) {
            return Ok(());
        }
        let case = if any_case { Case::No } else { Case::Yes };
        let matcher = regex(&pattern, case).unwrap().matcher(&mut Budget::default()).unwrap();
        let text = [&before[..], sample.as_bytes(), &after[..]].concat();
        let mut kept = tempfile::NamedTempFile::new().unwrap();
        kept.write_all(&text).unwrap();
        if let Some(expected) = lines_of_rg(&pattern, any_case, kept.path()) {
            compared.set(compared.get() + 1);
            let found: Vec<u64> = matcher.lines(&text).iter().map(|line| line.number).collect();
            if found != expected {
                return Err(TestCaseError::fail(format!("{pattern} in {text:?}: {found:?}, rg has {expected:?}")));
            }
        }
        Ok(())
    });
    result.unwrap();
    assert!(compared.get() > 100, "only {} patterns were compared", compared.get());
}
