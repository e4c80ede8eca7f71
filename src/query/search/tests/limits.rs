//! A limit cuts an answer and changes nothing else.

use crate::base::Mode;
use crate::query::search::{SearchAnswer, SearchRequest, search};
use crate::query::testing::{Spec, World, chunk};
use crate::table::schema::ChunkRow;

/// 120 shards of five files, whose chunks hold a word once to thirty times, few of them often; some are tests, some called as the word.
fn world() -> World {
    let shard = |shard: usize| -> Vec<ChunkRow> {
        let file = |file: usize| {
            let role = if (shard + file).is_multiple_of(4) { "test" } else { "src" };
            let path = format!("d{shard:03}/{role}{file}.rs");
            (0..4).map(move |at| {
                let times = (shard * 7 + file * 3 + at * 5) % (shard % 30 + 1) + 1;
                let name = if (shard + file + at).is_multiple_of(11) { "needle" } else { "other" };
                chunk(&path, at as u32 * 20, "function", name, &"a needle lies here\n".repeat(times))
            })
        };
        (0..5).flat_map(file).collect()
    };
    let segments = (0..4).map(|segment| (Mode::Code, (0..30).map(|at| shard(segment * 30 + at)).collect())).collect();
    World::of(&[Spec::new("many", segments)])
}

fn hits(world: &World, query: &str, limit: usize) -> (SearchAnswer, Vec<(String, u32, u64)>) {
    let answer = search(world, &SearchRequest { limit, threads: 3, ..SearchRequest::new(query) }).unwrap();
    let hits = answer.hits.iter().map(|hit| (hit.path.clone(), hit.start_line, hit.score.to_bits())).collect();
    (answer, hits)
}

#[test]
fn fewer_hits_are_the_first_of_more() {
    let world = world();
    for query in [
        "\"needle\"",
        "/ne+dle/",
        "\"a needle\" OR /h.re/",
        "needle lies",
        "needle -role:test \"lies\"",
        "path:d00*/** /lies/",
    ] {
        let (answer, all) = hits(&world, query, 5_000);
        assert!(all.len() >= 60, "{query}: {} hits", all.len());
        let mut scores: Vec<f64> = answer.hits.iter().map(|hit| hit.score).collect();
        assert!(scores.is_sorted_by(|a, b| a >= b), "{query}");
        scores.dedup();
        assert!(scores.len() > 3, "{query}: the scores are all one");
        for limit in [1, 2, 10, 37] {
            let (cut, some) = hits(&world, query, limit);
            assert_eq!(some, all[..limit], "{query} {limit}");
            assert_eq!((cut.candidates, cut.exact), (answer.candidates, answer.exact), "{query} {limit}");
        }
    }
}

#[test]
fn not_every_shard_is_read_for_a_few_hits() {
    let world = world();
    let opened = |limit: usize| {
        world.opened.lock().unwrap().clear();
        hits(&world, "\"needle\"", limit);
        world.opened.lock().unwrap().len()
    };
    assert!(opened(1) + 30 < opened(5_000), "{} and {}", opened(1), opened(5_000));
}

#[test]
fn every_explained_hit_says_how_its_score_came_to_be() {
    let world = world();
    for query in
        ["\"needle\"", "/ne+dle/", "needle lies", "needle \"lies\"", "-\"absent\"", "the \"lies\"", "d000/src1.rs"]
    {
        let answer = search(&world, &SearchRequest { explain: true, ..SearchRequest::new(query) }).unwrap();
        assert_eq!(answer.hits.len(), 10, "{query}");
        for hit in &answer.hits {
            let of = hit.breakdown.as_ref().unwrap_or_else(|| panic!("{query}: no breakdown"));
            let units: f64 = of.units.iter().map(|unit| unit.score).sum();
            let sum = units * of.coverage * of.exact * of.naming * of.scope * of.family + of.text + of.path;
            let score = sum * of.role * of.kind * of.name;
            assert!((score - hit.score).abs() <= 1e-9 * hit.score.abs().max(1.0), "{query}: {score}, {of:?}");
        }
    }
}
