use std::convert::Infallible;
use std::sync::Arc;

use proptest::prelude::*;

use super::chunks::{change, moved, within};
use super::renames::{self, Side};
use super::*;
use crate::base::Digest;

fn file(path: &str, text: &str) -> FileState {
    FileState {
        path: path.into(),
        path_bytes: None,
        mode: "code".into(),
        hash: Some(Digest::of(text.as_bytes())),
        bytes: text.len() as u64,
        status: "ok".into(),
        errors: 0,
    }
}

/// Renames as `before → after percent`.
fn renamed(removed: &[(&str, &str)], added: &[(&str, &str)]) -> Vec<String> {
    let states = |side: &[(&str, &str)]| side.iter().map(|(path, text)| file(path, text)).collect::<Vec<_>>();
    let (old, new) = (states(removed), states(added));
    let (old_files, new_files): (Vec<_>, Vec<_>) = (old.iter().collect(), new.iter().collect());
    let found = renames::find(&old_files, &new_files, |side, at| {
        let texts = if side == Side::Removed { removed } else { added };
        Ok::<_, Infallible>(Some(Spans::of(texts[at].1.as_bytes())))
    });
    let Ok(found) = found;
    found.iter().map(|r| format!("{} → {} {}", removed[r.from].0, added[r.to].0, r.similarity)).collect()
}

fn lines(range: std::ops::Range<u32>) -> String {
    range.map(|n| ["line number ", &n.to_string(), " of a file\n"].concat()).collect()
}

#[test]
fn equal_content_is_a_rename_and_the_same_base_name_comes_first() {
    let text = lines(0..20);
    assert_eq!(renamed(&[("a/x.rs", &text), ("b/y.rs", &text)], &[("c/y.rs", &text)]), ["b/y.rs → c/y.rs 100"]);
    assert_eq!(renamed(&[("a", &text)], &[("b", &text), ("c", &text)]), ["a → b 100"]);
}

#[test]
fn half_of_the_larger_file_is_enough_and_less_is_not() {
    let (whole, more, less) = (lines(0..100), lines(0..53) + &lines(500..547), lines(0..40) + &lines(500..560));
    assert_eq!(renamed(&[("a.rs", &whole)], &[("b.rs", &more)]).len(), 1);
    assert_eq!(renamed(&[("a.rs", &whole)], &[("b.rs", &less)]), Vec::<String>::new());
}

#[test]
fn a_unique_base_name_that_is_alike_comes_before_another_file_that_is_more_alike() {
    let text = lines(0..100);
    let (moved, copied) = (lines(0..80) + &lines(500..520), lines(0..95) + &lines(500..505));
    let found = renamed(&[("old/config.rs", &text)], &[("new/config.rs", &moved), ("other.rs", &copied)]);
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("old/config.rs → new/config.rs"), "{found:?}");
}

#[test]
fn a_line_end_of_another_system_is_no_difference_to_the_measure() {
    let text = lines(0..50);
    let found = renamed(&[("a.rs", &text)], &[("b.rs", &text.replace('\n', "\r\n"))]);
    assert_eq!(found.len(), 1);
}

fn chunk(path: &str, kind: &str, name: &str, signature: &str, text: &str, nth: usize) -> ChunkState {
    let key = if name.is_empty() { text.to_owned() } else { format!("{name} {signature}") };
    ChunkState {
        path: path.into(),
        id: Digest::of(format!("{path} {kind} {key} {nth}").as_bytes()).prefix_hex(16).into(),
        hash: Digest::of(text.as_bytes()).prefix_hex(32).into(),
        mode: "code".into(),
        region: 0,
        kind: kind.into(),
        name: name.into(),
        signature: signature.into(),
        doc: Digest::of(b""),
        start_line: 1,
        end_line: 2,
        piece: 0,
        row: 0,
    }
}

fn function(name: &str, signature: &str, text: &str) -> ChunkState {
    chunk("a.rs", "function", name, signature, text, 0)
}

/// What became of a file's chunks, in words.
fn told(before: Vec<ChunkState>, after: Vec<ChunkState>) -> Vec<String> {
    let matched = within(before, after);
    let mut told = Vec::new();
    for (one, other) in matched.pairs {
        let Ok(change) = change(one, other, |_, _| Ok::<_, Infallible>(false));
        match change {
            Some(Change::ChunkModified(pair, parts)) => {
                told.push(format!("{}: {}", pair.1.name, parts.words().join(",")));
            }
            Some(Change::ChunkMoved(pair, _)) => told.push(format!("{} moved", pair.1.name)),
            _ => {}
        }
    }
    told.extend(matched.gone.iter().map(|chunk| format!("{} gone", chunk.name)));
    told.extend(matched.come.iter().map(|chunk| format!("{} come", chunk.name)));
    told.sort();
    told
}

#[test]
fn a_definition_is_known_by_its_name_and_else_by_its_content() {
    let before = vec![function("a", "fn a()", "1"), function("b", "fn b()", "2"), function("c", "fn c()", "3")];
    let after = vec![function("a", "fn a()", "10"), function("b", "fn b(x)", "20"), function("d", "fn d()", "3")];
    assert_eq!(told(before, after), ["a: body", "b: signature", "d: name"]);
}

#[test]
fn equals_that_stay_are_no_change_whatever_their_neighbours_do() {
    let same = |nth| chunk("a.rs", "text", "", "", "}", nth);
    assert_eq!(told(vec![same(0), same(1), same(2)], vec![same(0), same(1)]), [" gone"]);
    assert_eq!(told(vec![same(0), same(1)], vec![same(0), same(1)]), Vec::<String>::new());
}

#[test]
fn an_id_that_an_ordinal_made_matches_nothing() {
    let twice = |text: &str, nth| chunk("a.rs", "function", "f", "fn f()", text, nth);
    let found = told(vec![twice("1", 0), twice("2", 1)], vec![twice("3", 0), twice("4", 1)]);
    assert_eq!(found, ["f come", "f come", "f gone", "f gone"]);
}

#[test]
fn content_that_is_once_on_each_side_moves_between_files_and_blank_lines_do_not() {
    let gone = vec![chunk("a.rs", "function", "f", "fn f()", "body", 0), chunk("a.rs", "rest", "", "", "\n", 0)];
    let come = vec![chunk("b.rs", "function", "f", "fn f()", "body", 0), chunk("b.rs", "rest", "", "", "\n", 0)];
    let matched = moved(gone, come);
    assert_eq!((matched.pairs.len(), matched.gone.len(), matched.come.len()), (1, 1, 1));
    assert_eq!(&*matched.pairs[0].0.kind, "function");
}

fn any_chunks() -> impl Strategy<Value = Vec<ChunkState>> {
    let one = (0..4_usize, 0..3_usize, 0..5_usize);
    prop::collection::vec(one, 0..12).prop_map(|given| {
        let mut seen = std::collections::BTreeMap::new();
        given
            .into_iter()
            .map(|(name, signature, text)| {
                let name = ["", "f", "g", "h"][name];
                let signature = if name.is_empty() { String::new() } else { format!("fn {name}({signature})") };
                let kind = if name.is_empty() { "text" } else { "function" };
                let key = if name.is_empty() { text.to_string() } else { signature.clone() };
                let nth = seen.entry(key).and_modify(|n: &mut usize| *n += 1).or_insert(0);
                chunk("a.rs", kind, name, &signature, &text.to_string(), *nth)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn every_row_is_in_a_pair_or_came_or_went_or_is_on_both_sides(before in any_chunks(), after in any_chunks()) {
        type Key = (Box<str>, Box<str>);
        let key = |chunk: &ChunkState| -> Key { (chunk.id.clone(), chunk.hash.clone()) };
        let mut rows: Vec<Key> = before.iter().map(key).collect();
        let mut expected: Vec<Key> = after.iter().map(key).collect();
        let matched = within(before, after);
        let out = matched.pairs.iter().map(|(old, _)| old).chain(&matched.gone);
        for old in out {
            let at = rows.iter().position(|row| *row == key(old));
            prop_assert!(at.is_some());
            rows.remove(at.unwrap_or_default());
        }
        rows.extend(matched.pairs.iter().map(|(_, new)| new).chain(&matched.come).map(key));
        rows.sort();
        expected.sort();
        prop_assert_eq!(rows, expected);
    }

    #[test]
    fn likeness_is_all_for_the_same_bytes_and_never_more(one in prop::collection::vec(any::<u8>(), 1..400), other in prop::collection::vec(any::<u8>(), 1..400)) {
        let (a, b) = (Spans::of(&one), Spans::of(&other));
        prop_assert!(a.similarity(&b, 0) <= 60_000);
        // A CR that is left out of a line end is in no span.
        let left_out = one.windows(2).filter(|pair| pair == b"\r\n").count() as u64;
        prop_assert!(a.similarity(&a, 30_000) >= 60_000 * (one.len() as u64 - left_out) / one.len() as u64);
    }

    #[test]
    fn relations_come_and_go_as_often_as_they_are_there(before in prop::collection::vec(0..4_u8, 0..8), after in prop::collection::vec(0..4_u8, 0..8)) {
        let relation = |n: &u8| RelationState {
            mode: "code".into(),
            r#type: "calls".into(),
            target_name: n.to_string().into(),
            target_path: None,
            target_symbol: None,
            status: "unresolved".into(),
            from_chunk: "c".into(),
        };
        let path: Arc<str> = "a.rs".into();
        let mut changes = Vec::new();
        relations::changes(&path, before.iter().map(relation).collect(), after.iter().map(relation).collect(), &mut changes);
        let count = |of: &[u8], n: u8| of.iter().map(|m| i64::from(*m == n)).sum::<i64>();
        for n in 0..4 {
            let name = n.to_string();
            let told: i64 = changes.iter().map(|change| match change {
                Change::RelationAdded(_, r, count) if *r.target_name == *name => i64::from(*count),
                Change::RelationRemoved(_, r, count) if *r.target_name == *name => -i64::from(*count),
                _ => 0,
            }).sum();
            prop_assert_eq!(told, count(&after, n) - count(&before, n));
        }
    }
}
