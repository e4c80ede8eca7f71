//! Claims about scans.

use super::{Health, LanguageHealth, Percent, ShowRequest, StatsRequest, Wanted, inspect, show, stats};
use crate::base::Mode;
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::testing::{Spec, World, chunk};
use crate::table::TABLES;
use crate::table::schema::ChunkRow;

fn world() -> World {
    let file = |path: &str| vec![chunk(path, 1, "function", "f", "fn f() {}"), chunk(path, 9, "rest", "", "\n")];
    World::of(&[
        Spec::new("b", vec![(Mode::Code, vec![file("a.rs"), file("broken.rs")]), (Mode::Prose, vec![file("z.md")])]),
        Spec::new("a", vec![(Mode::Code, vec![file("m.rs")])]),
    ])
}

fn places(request: &ShowRequest) -> Vec<String> {
    let answer = show(&world(), &Cache::default(), TABLES, request).unwrap();
    answer.rows.iter().map(|r| format!("{}/{}:{}", r["repo"], r["path"], r["start_line"]).replace('"', "")).collect()
}

#[test]
fn rows_come_by_repository_mode_and_path() {
    let request = ShowRequest { table: "chunks".into(), ..ShowRequest::default() };
    let all =
        ["a/m.rs:1", "a/m.rs:9", "b/a.rs:1", "b/a.rs:9", "b/broken.rs:1", "b/broken.rs:9", "b/z.md:1", "b/z.md:9"];
    assert_eq!(places(&request), all);
    for offset in 0..9 {
        for limit in 0..9 {
            let part = ShowRequest { offset, limit: Some(limit), ..request.clone() };
            let expected: Vec<_> = all.iter().skip(offset as usize).take(limit as usize).collect();
            assert_eq!(places(&part).iter().collect::<Vec<_>>(), expected, "{offset} {limit}");
        }
    }
}

#[test]
fn columns_come_in_the_order_asked_and_a_cut_is_said() {
    let columns = vec!["end_line".to_owned(), "path".to_owned()];
    let request = ShowRequest { table: "chunks".into(), columns, limit: Some(1), ..ShowRequest::default() };
    let answer = show(&world(), &Cache::default(), TABLES, &request).unwrap();
    assert_eq!(answer.columns, ["repo", "node", "end_line", "path"]);
    assert_eq!((answer.rows.len(), answer.total, answer.truncated), (1, 8, true));
    assert_eq!(answer.rows[0].len(), 4);
}

#[test]
fn a_table_of_segments_is_shown_once() {
    let request = ShowRequest { table: "chunk_stats".into(), repos: vec!["b".into()], ..ShowRequest::default() };
    let answer = show(&world(), &Cache::default(), TABLES, &request).unwrap();
    let shards: Vec<_> = answer.rows.iter().map(|r| r["shard"].as_u64().unwrap()).collect();
    assert_eq!(shards, [0, 1, 0], "two shards of a segment, then another segment; none twice");
}

#[test]
fn unknown_names_are_reported_with_a_suggestion() {
    let run = |request: ShowRequest| show(&world(), &Cache::default(), TABLES, &request).unwrap_err();
    let table = run(ShowRequest { table: "chunk".into(), ..ShowRequest::default() });
    assert!(matches!(table, QueryError::UnknownTable { help, .. } if help == "did you mean `chunks`?"));
    let columns = vec!["paht".into()];
    let column = run(ShowRequest { table: "chunks".into(), columns, ..ShowRequest::default() });
    assert!(matches!(column, QueryError::UnknownColumn { help, .. } if help == "did you mean `path`?"));
    let repo = run(ShowRequest { table: "chunks".into(), repos: vec!["c".into()], ..ShowRequest::default() });
    assert!(matches!(repo, QueryError::UnknownRepository { .. }));
}

#[test]
fn inspect_lists_every_piece_and_the_schemas() {
    let answer = inspect(&world(), TABLES, &Wanted { repos: vec!["b".into()], ..Wanted::default() }).unwrap();
    // Three shards with two tables each, two segments with six.
    assert_eq!(answer.pieces.len(), 18);
    let names: Vec<_> = answer.tables.iter().map(|t| t.name).collect();
    let of_index = ["postings", "chunk_stats", "trigrams", "indexed_files", "definitions", "mentions"];
    assert_eq!(names, [&["files", "chunks"][..], &of_index[..]].concat());
    // Nothing is related here.
    let empty = ["definitions", "mentions"];
    assert!(answer.tables.iter().all(|t| !t.columns.is_empty() && (t.rows > 0) != empty.contains(&t.name)));
}

#[test]
fn stats_count_bytes_and_health() {
    let request = StatsRequest { repos: Vec::new(), failures: true, threads: 4 };
    let answer = stats(&world(), &Cache::default(), &request).unwrap();
    assert_eq!(answer.repos.iter().map(|r| (r.name.as_str(), r.files)).collect::<Vec<_>>(), [("a", 1), ("b", 3)]);
    let chunks = answer.tables.iter().find(|t| t.repo == "b" && t.table == "chunks" && t.mode == Mode::Code).unwrap();
    assert_eq!((chunks.rows, chunks.pieces), (4, 2));
    let health = &answer.health;
    assert_eq!((health.total_ok, health.total_files), (3, 4));
    assert!((health.parse_health_pct - 75.0).abs() < 1e-9);
    let rust = health.by_language["rust"];
    assert_eq!((rust.files, rust.ok, rust.partial, rust.error, rust.unsupported), (3, 2, 1, 0, 0));
    let failures = answer.failures.unwrap();
    assert_eq!(failures.iter().map(|f| (&*f.repo, &*f.path)).collect::<Vec<_>>(), [("b", "broken.rs")]);
    let only = StatsRequest { repos: vec!["a".into()], failures: false, threads: 1 };
    let answer = stats(&world(), &Cache::default(), &only).unwrap();
    assert_eq!((answer.health.total_ok, answer.health.total_files, answer.failures), (1, 1, None));
}

#[test]
fn a_percentage_is_rounded_down_and_a_hundred_means_all() {
    let said = |part, whole| Percent::of(part, whole).to_string();
    assert_eq!(said(949, 1000), "94.9%");
    assert_eq!(said(999_999, 1_000_000), "99.9%");
    assert_eq!(said(u64::MAX - 1, u64::MAX), "99.9%");
    assert_eq!(said(1, 1_000_000), "0.0%");
    assert_eq!((said(3, 3), said(0, 0)), ("100%".to_owned(), "100%".to_owned()));
    assert!((Percent::of(2, 3).value() - 66.6).abs() < 1e-9);
}

#[test]
fn files_that_no_parser_was_asked_to_read_lower_no_health() {
    let counts = |ok, unsupported| LanguageHealth { files: ok + unsupported, ok, unsupported, ..Default::default() };
    let health = Health::of([(String::new(), counts(0, 5)), ("rust".to_owned(), counts(2, 1))].into());
    assert_eq!((health.total_files, health.total_ok, health.percent().to_string().as_str()), (2, 2, "100%"));
    assert_eq!(health.by_language[""].percent(), None);
    assert_eq!(health.languages().iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["", "rust"]);
    let nothing = Health::of([(String::new(), counts(0, 5))].into());
    assert!((nothing.parse_health_pct - 100.0).abs() < 1e-9);
}

#[test]
fn comments_that_are_rows_of_their_own_are_shown_by_their_mode() {
    let row = |line, mode: &str| ChunkRow { mode: mode.into(), ..chunk("a.rs", line, "text", "", "x") };
    let extracted = |line| row(line, "extracted-prose");
    let code = vec![extracted(1), row(2, "code"), extracted(3), extracted(4), row(5, "code")];
    let world = World::of(&[Spec::new(
        "a",
        vec![
            (Mode::Code, vec![code, vec![row(6, "code")], vec![extracted(7)]]),
            (Mode::Prose, vec![vec![row(8, "prose")]]),
        ],
    )]);
    for (modes, lines) in [
        (vec![], vec![1, 2, 3, 4, 5, 6, 7, 8]),
        (vec![Mode::Code], vec![2, 5, 6]),
        (vec![Mode::ExtractedProse], vec![1, 3, 4, 7]),
        (vec![Mode::ExtractedProse, Mode::Prose], vec![1, 3, 4, 7, 8]),
        (vec![Mode::ExtractedProse, Mode::Code], vec![1, 2, 3, 4, 5, 6, 7]),
    ] {
        for offset in 0..9 {
            for limit in 1..9 {
                let request = ShowRequest {
                    table: "chunks".into(),
                    modes: modes.clone(),
                    offset,
                    limit: Some(limit),
                    ..ShowRequest::default()
                };
                let answer = show(&world, &Cache::default(), TABLES, &request).unwrap();
                let shown: Vec<u64> = answer.rows.iter().map(|row| row["start_line"].as_u64().unwrap()).collect();
                let expected: Vec<u64> = lines.iter().copied().skip(offset as usize).take(limit as usize).collect();
                assert_eq!(shown, expected, "{modes:?} {offset} {limit}");
                assert_eq!(answer.total, lines.len() as u64);
            }
        }
    }
}
