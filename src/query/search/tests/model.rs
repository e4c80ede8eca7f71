//! Search over any distribution is search over one index, and one index scores as the naive model does.

use std::collections::BTreeMap;

use proptest::prelude::*;

use crate::base::Mode;
use crate::nodes::index::{FIELDS, Field};
use crate::query::cache::Cache;
use crate::query::parse::{Sign, parse};
use crate::query::pieces::Pieces;
use crate::query::search::units::{UnitRole, units};
use crate::query::search::{SearchRequest, search, search_with};
use crate::query::testing::{Spec, World, chunk};
use crate::table::TableReader;
use crate::table::schema::{CHUNK_STATS, ChunkRow, ChunkStatsRow, POSTINGS, PostingRow};

const WORDS: [&str; 10] =
    ["parse", "config", "parse_config", "ParseConfig", "parsing", "read", "file", "files", "HTTPServer", "x9"];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..8).prop_map(|w| w.join(" "))
}

/// Files in the order of their paths; each a list of (kind, name, doc, text).
fn corpus() -> impl Strategy<Value = Vec<Vec<ChunkRow>>> {
    let kind = prop_oneof![3 => Just("function"), 1 => Just("text"), 1 => Just("rest")];
    let row = (kind, prop::sample::select(&WORDS[..]), text(), text());
    let file = (any::<bool>(), prop::collection::vec(row, 0..5));
    prop::collection::vec(file, 1..9).prop_map(|files| {
        let made = files.into_iter().enumerate().map(|(f, (test, rows))| {
            let path = format!("p{f}/{}.rs", if test { "test" } else { "a" });
            let made = rows.into_iter().enumerate().map(|(at, (kind, name, doc, text))| {
                let name = if kind == "function" { name } else { "" };
                let mut row = chunk(&path, at as u32 * 10, kind, name, &text);
                row.doc = doc;
                row
            });
            made.collect()
        });
        made.collect()
    })
}

fn query() -> impl Strategy<Value = String> {
    let sign = prop_oneof![5 => Just(""), 1 => Just("+"), 1 => Just("-")];
    let word = (sign, prop::sample::select(&WORDS[..])).prop_map(|(s, w)| format!("{s}{w}"));
    let filter = prop::sample::select(&["", " kind:function", " -role:test", " path:p1"][..]);
    (prop::collection::vec(word, 1..4), filter).prop_map(|(words, filter)| words.join(" ") + filter)
}

/// Cuts `files` at random places into repositories, segments and shards; repositories in the order of paths.
fn distribute(files: &[Vec<ChunkRow>], cuts: &[u8]) -> World {
    let mut specs: Vec<Spec> = Vec::new();
    for (at, file) in files.iter().enumerate() {
        let cut = cuts.get(at).copied().unwrap_or(0) % 4;
        if specs.is_empty() || cut == 3 {
            specs.push(Spec::new(&format!("r{}", specs.len()), Vec::new()));
        }
        let segments = &mut specs.last_mut().unwrap().segments;
        if segments.is_empty() || cut == 2 {
            segments.push((Mode::Code, Vec::new()));
        }
        let shards = &mut segments.last_mut().unwrap().1;
        if shards.is_empty() || cut == 1 {
            shards.push(Vec::new());
        }
        shards.last_mut().unwrap().extend(file.iter().cloned());
    }
    World::of(&specs)
}

type Seen = (String, String, u64);

fn seen(world: &World, request: &SearchRequest) -> (Vec<Seen>, u64) {
    let answer = search(world, request).unwrap();
    let hits = answer.hits.into_iter().map(|h| (h.path, h.chunk_id, h.score.to_bits())).collect();
    (hits, answer.candidates)
}

/// Scores of every chunk before factors, by ordinal, straight from the formula.
fn naive(world: &World, query: &str) -> BTreeMap<u32, f64> {
    let query = parse(query).unwrap();
    let read = |table: &str, schema| {
        TableReader::open(world.object(&world.artifact("r0", table)).unwrap(), schema).unwrap().read_all().unwrap()
    };
    let postings: Vec<PostingRow> = read("postings", &POSTINGS).rows().unwrap();
    let stats: Vec<ChunkStatsRow> = read("chunk_stats", &CHUNK_STATS).rows().unwrap();
    let length = |s: &ChunkStatsRow, f: Field| match f {
        Field::Name => s.len_name,
        Field::Signature => s.len_signature,
        Field::Doc => s.len_doc,
        Field::Body => s.len_body,
        Field::Path => s.len_path,
    };
    let tf = |term: &str, field: Field, ordinal: u32| -> f64 {
        let row = postings.iter().find(|p| p.term == term && p.field == field.number());
        let at = row.and_then(|p| p.chunks.iter().position(|c| *c == ordinal).map(|at| p.tfs[at]));
        f64::from(at.unwrap_or(0))
    };
    let all = units(&query);
    let n = stats.len() as f64;
    let field_tf = |u: &crate::query::search::units::Unit, field: Field, ordinal: u32| -> f64 {
        let lookups = u.lookups(Mode::Code);
        lookups.iter().filter(|l| l.field == field).map(|l| l.scale * tf(l.term, field, ordinal)).fold(0.0, f64::max)
    };
    let holds =
        |u: &crate::query::search::units::Unit, ordinal: u32| FIELDS.iter().any(|f| field_tf(u, *f, ordinal) > 0.0);
    let ranked = query.words.iter().filter(|w| w.sign != Sign::Excluded).count() as f64;
    let mut out = BTreeMap::new();
    for doc in &stats {
        let (mut sum, mut covered, mut named, mut any) = (0.0, 0.0, 0.0_f64, false);
        let mut refused = false;
        for u in &all {
            let held = holds(u, doc.ordinal);
            refused |= (u.sign == Sign::Excluded && held) || (u.sign == Sign::Required && !held);
            if u.sign == Sign::Excluded || !held {
                continue;
            }
            any = true;
            let df = stats.iter().filter(|d| holds(u, d.ordinal)).count() as f64;
            let idf = (1.0 + (n - df + 0.5) / (df + 0.5)).ln();
            let mut w = 0.0;
            for (field, weight, b) in [
                (Field::Name, 5.0, 0.4),
                (Field::Signature, 2.0, 0.6),
                (Field::Doc, 2.0, 0.6),
                (Field::Body, 1.0, 0.75),
                (Field::Path, 1.5, 0.4),
            ] {
                let average = stats.iter().map(|s| f64::from(length(s, field))).sum::<f64>() / n;
                let count = field_tf(u, field, doc.ordinal);
                if count > 0.0 {
                    w += weight * count / (1.0 - b + b * f64::from(length(doc, field)) / average);
                }
            }
            sum += u.weight * idf * w / (1.2 + w);
            let itself = tf(&u.term, Field::Name, doc.ordinal) > 0.0;
            match u.role {
                UnitRole::Whole => {
                    covered += 1.0;
                    named += f64::from(u8::from(itself && doc.len_name == u.name_terms));
                }
                UnitRole::Part => {
                    let whole = all.iter().find(|x| x.word == u.word && x.role == UnitRole::Whole).unwrap();
                    let parts = all.iter().filter(|x| x.word == u.word && x.role == UnitRole::Part).count() as f64;
                    covered += if holds(whole, doc.ordinal) { 0.0 } else { 0.75 / parts };
                }
                UnitRole::Joined => named = if itself { ranked } else { named },
            }
        }
        if any && !refused {
            let exact = 1.0 + 0.6 * named.min(ranked) / ranked;
            out.insert(doc.ordinal, sum * (0.5 + 0.5 * covered / ranked) * exact);
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_distribution_answers_as_one_index_to_the_last_bit(
        files in corpus(), cuts in prop::collection::vec(any::<u8>(), 8), query in query(), limit in 0usize..12,
    ) {
        let request = SearchRequest { limit, ..SearchRequest::new(query) };
        let whole = seen(&distribute(&files, &[]), &request);
        prop_assert_eq!(&seen(&distribute(&files, &cuts), &request), &whole);
    }

    #[test]
    fn threads_and_a_warm_cache_change_no_byte(
        files in corpus(), cuts in prop::collection::vec(any::<u8>(), 8), query in query(),
    ) {
        let world = distribute(&files, &cuts);
        let request = SearchRequest { explain: true, ..SearchRequest::new(query) };
        let cold = serde_json::to_string(&search(&world, &request).unwrap()).unwrap();
        let cache = Cache::default();
        for threads in [1, 2, 8] {
            let request = SearchRequest { threads, ..request.clone() };
            let warm = search_with(&world, &request, &cache).unwrap();
            prop_assert_eq!(&serde_json::to_string(&warm).unwrap(), &cold);
        }
    }

    #[test]
    fn scores_are_those_of_the_formula(files in corpus(), query in query()) {
        let words: Vec<&str> = query.split(' ').filter(|w| !w.contains(':')).collect();
        let query = words.join(" ");
        prop_assume!(words.iter().any(|w| !w.starts_with('-')));
        let world = distribute(&files, &[]);
        let request = SearchRequest { limit: 99, explain: true, ..SearchRequest::new(&query) };
        let answer = search(&world, &request).unwrap();
        let naive = naive(&world, &query);
        prop_assert_eq!(answer.candidates, naive.len() as u64);
        let mut left: Vec<f64> = naive.into_values().collect();
        for hit in &answer.hits {
            let b = hit.breakdown.as_ref().unwrap();
            let before_factors = hit.score / b.role / b.kind;
            let near = left.iter().position(|s| (s - before_factors).abs() <= 1e-9 * s.abs());
            prop_assert!(near.is_some(), "{} is none of {:?}", before_factors, left);
            left.swap_remove(near.unwrap());
        }
    }
}
