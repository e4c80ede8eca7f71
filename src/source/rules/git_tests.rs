//! Random rules and trees, compared with git itself. Git must be installed.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;

use super::{Rules, Verdict};

const NAMES: [&str; 9] = ["a", "b", "ab", "a.c", "x{a}", "a b", "é", "a\\b", "#a"];

fn rule() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "*",
        "**",
        "/**",
        "**/",
        "?",
        "/",
        "[ab]",
        "[!a]",
        "[a-c]",
        "[[:alpha:]]",
        ".c",
        "\\",
        "{a}",
        " ",
        "x",
        "#",
        "!",
        "[\\]a]",
        "[a",
        "é",
    ]);
    prop::collection::vec(piece, 1..6).prop_map(|pieces| pieces.concat()).prop_filter("not the old quirk", |rule| {
        // Before 2.52 git took `x**/` for `x` and `**/`; its manual never said so.
        !rule.match_indices("**").any(|(at, _)| at > 0 && !matches!(rule.as_bytes()[at - 1], b'/' | b'*' | b'!'))
    })
}

#[expect(clippy::disallowed_methods, reason = "the oracle of this test is the git program")]
fn git(root: &Path, args: &[&str]) -> Vec<u8> {
    let run = std::process::Command::new("git").arg("-C").arg(root).args(args).output().expect("git is installed");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

#[expect(clippy::disallowed_methods, reason = "a real tree for the git program")]
fn write(path: &Path, bytes: &[u8]) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn ignored(rules: &Rules, path: &str) -> bool {
    let dirs = path.match_indices('/').map(|(at, _)| (&path[..at], true));
    dirs.chain([(path, false)]).any(|(path, dir)| rules.verdict(path.as_bytes(), dir) == Some(Verdict::Matched))
}

proptest! {
    // One case is one run of git over 60 directories, each with an ignore file of its own.
    #![proptest_config(ProptestConfig { cases: 2, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn random_rules_ignore_what_git_ignores(files in prop::collection::vec(prop::collection::vec(rule(), 1..4), 60)) {
        let dir = tempfile::tempdir().unwrap();
        let mut paths: Vec<String> = Vec::new();
        for first in NAMES {
            paths.push(first.to_owned());
        }
        for (dir, name) in NAMES.iter().flat_map(|dir| NAMES.iter().take(2).map(move |name| (dir, name))) {
            paths.push(format!("{dir}_d/{name}"));
            paths.push(format!("d/{dir}/{name}"));
        }
        for (at, rules) in files.iter().enumerate() {
            write(&dir.path().join(format!("{at}/.gitignore")), rules.join("\n").as_bytes());
            for path in &paths {
                write(&dir.path().join(format!("{at}/{path}")), b"");
            }
        }
        git(dir.path(), &["init", "-q"]);
        let listed = git(dir.path(), &["ls-files", "-z", "-o", "--exclude-per-directory=.gitignore"]);
        let listed: BTreeSet<&str> = listed.split(|b| *b == 0).map(|p| std::str::from_utf8(p).unwrap()).collect();
        for (at, lines) in files.iter().enumerate() {
            let rules = Rules::of_files([lines.join("\n").as_bytes()], 0, None);
            for path in &paths {
                let kept = listed.contains(format!("{at}/{path}").as_str());
                prop_assert_eq!(!ignored(&rules, path), kept, "{:?} on {:?}", lines, path);
            }
        }
    }
}
