//! Search over any distribution is search over one index, and one index scores as the naive model does.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::base::Mode;
use crate::nodes::index::{FIELDS, Field};
use crate::query::cache::Cache;
use crate::query::parse::{Sign, parse};
use crate::query::pieces::Pieces;
use crate::query::search::intent::Intent;
use crate::query::search::units::{DEFINES, Qualifies, Unit, UnitRole, units};
use crate::query::search::{Profile, SearchRequest, Weights, expand, search, search_with};
use crate::query::testing::{Spec, World, chunk};
use crate::table::TableReader;
use crate::table::schema::{CHUNK_STATS, ChunkRow, ChunkStatsRow, POSTINGS, PostingRow};

const WORDS: [&str; 10] =
    ["parse", "config", "parse_config", "ParseConfig", "parsing", "read", "file", "files", "HTTPServer", "the"];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 0..8).prop_map(|w| w.join(" "))
}

/// Files in the order of their paths; each a list of (kind, name, doc, text).
pub(super) fn corpus() -> impl Strategy<Value = Vec<Vec<ChunkRow>>> {
    let kind = prop_oneof![3 => Just("function"), 1 => Just("text"), 1 => Just("rest")];
    let name = prop::sample::select(&WORDS[..]);
    let row = (kind, name.clone(), name.prop_map(str::to_owned), text(), text());
    let file = (any::<bool>(), prop::collection::vec(row, 0..5));
    prop::collection::vec(file, 1..9).prop_map(|files| {
        let made = files.into_iter().enumerate().map(|(f, (test, rows))| {
            let path = format!("p{f}/{}.rs", if test { "test" } else { "a" });
            let made = rows.into_iter().enumerate().map(|(at, (kind, name, listed, doc, text))| {
                let name = if kind == "function" { name } else { "" };
                let mut row = chunk(&path, at as u32 * 10, kind, name, &text);
                row.doc = doc;
                if kind == "text" {
                    // As of several small definitions.
                    row.signature = if test { String::new() } else { listed };
                }
                row
            });
            made.collect()
        });
        made.collect()
    })
}

fn query() -> impl Strategy<Value = String> {
    let sign = prop_oneof![5 => Just(""), 1 => Just("+"), 1 => Just("-")];
    let asked: Vec<&str> = WORDS.iter().copied().chain(["pars", "parseconfig", "httpserv"]).collect();
    let word = (sign, prop::sample::select(asked)).prop_map(|(s, w)| format!("{s}{w}"));
    let qualified = ["test::parse_config", "parse.config", "a::file", "x::test.parse"].map(str::to_owned);
    let word = prop_oneof![9 => word, 1 => prop::sample::select(qualified.to_vec())];
    let filter = prop::sample::select(&["", " kind:function", " -role:test", " path:p1"][..]);
    (prop::collection::vec(word, 1..4), filter).prop_map(|(words, filter)| words.join(" ") + filter)
}

/// The same, or words joined by operators.
pub(super) fn any_query() -> impl Strategy<Value = String> {
    let form = prop::sample::select(
        &["A OR B", "A B AND C", "(A OR B) AND NOT C", "A OR NOT B", "NOT (A AND B) C", "kind:function (A OR B C)"][..],
    );
    let words = prop::collection::vec(prop::sample::select(&WORDS[..]), 3);
    let joined = (form, words).prop_map(|(form, words)| {
        let place = |text: &str| match text.trim_matches(['(', ')']) {
            "A" => text.replace('A', words[0]),
            "B" => text.replace('B', words[1]),
            "C" => text.replace('C', words[2]),
            _ => text.to_owned(),
        };
        form.split(' ').map(place).collect::<Vec<_>>().join(" ")
    });
    prop_oneof![2 => query(), 1 => joined]
}

/// Cuts `files` at random places into repositories, segments and shards; repositories in the order of paths.
pub(super) fn distribute(files: &[Vec<ChunkRow>], cuts: &[u8]) -> World {
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

pub(super) type Seen = (String, String, u64);

pub(super) fn seen(world: &World, request: &SearchRequest) -> (Vec<Seen>, u64) {
    let answer = search(world, request).unwrap();
    let hits = answer.hits.into_iter().map(|h| (h.path, h.chunk_id, h.score.to_bits())).collect();
    (hits, answer.candidates)
}

/// One index, read whole, and the formula over it, written for reading.
struct Naive {
    postings: Vec<PostingRow>,
    stats: Vec<ChunkStatsRow>,
    /// By the rows of the one shard.
    paths: Vec<String>,
    units: Vec<Unit>,
    profile: Profile,
}

impl Naive {
    fn of(world: &World, files: &[Vec<ChunkRow>], query: &str, weights: &Weights) -> Self {
        let read = |table: &str, schema| {
            TableReader::open(world.object(&world.artifact("r0", table)).unwrap(), schema).unwrap().read_all().unwrap()
        };
        let query = parse(query).unwrap();
        let profile = weights.of(Intent::of(&query).kind).clone();
        let units = units(&query, &profile);
        let postings = read("postings", &POSTINGS).rows().unwrap();
        let stats = read("chunk_stats", &CHUNK_STATS).rows().unwrap();
        let paths = files.iter().flatten().map(|row| row.path.clone()).collect();
        let mut naive = Self { postings, stats, paths, units, profile };
        naive.expand();
        naive
    }

    /// A wanted word that no chunk holds, or for names one that nothing is called, stands for the eight nearest terms that
    /// it begins, or is without underscores.
    fn expand(&mut self) {
        let terms: BTreeSet<&str> = self.postings.iter().map(|p| p.term.as_str()).collect();
        let flat = |text: &str| text.replace('_', "");
        let mut units = self.units.clone();
        for unit in units.iter_mut().filter(|u| u.role == UnitRole::Whole && u.sign == Sign::Any && u.term.len() > 2) {
            let held = self.stats.iter().any(|doc| self.holds(unit, doc.ordinal));
            let called = self.stats.iter().any(|doc| self.is_called(unit, doc));
            if self.profile.prefix <= 0.0 || (held && (called || !self.profile.prefix_of_names)) {
                continue;
            }
            let same = |term: &str| flat(term) == flat(&unit.term);
            let near = |term: &&&str| term.starts_with(&unit.term) || (term.contains('_') && same(term));
            let mut near: Vec<&str> = terms.iter().filter(near).copied().collect();
            near.sort_by_key(|term| (!same(term), term.len(), *term));
            let near: BTreeSet<String> = near.into_iter().take(8).map(str::to_owned).collect();
            expand::extend(unit, &near, &self.profile);
        }
        self.units = units;
    }

    fn length(row: &ChunkStatsRow, field: Field) -> f64 {
        f64::from([row.len_name, row.len_signature, row.len_doc, row.len_body, row.len_path][field as usize])
    }

    fn tf(&self, term: &str, field: Field, ordinal: u32) -> f64 {
        let row = self.postings.iter().find(|p| p.term == term && p.field == field.number());
        let tf = row.and_then(|p| p.chunks.iter().position(|c| *c == ordinal).map(|at| p.tfs[at]));
        f64::from(tf.unwrap_or(0))
    }

    fn unit_tf(&self, unit: &Unit, field: Field, ordinal: u32) -> f64 {
        let lookups = unit.lookups(Mode::Code).into_iter().filter(|l| l.field == field);
        lookups.map(|l| l.scale * self.tf(&l.term, field, ordinal)).fold(0.0, f64::max)
    }

    fn holds(&self, unit: &Unit, ordinal: u32) -> bool {
        FIELDS.iter().any(|field| self.unit_tf(unit, *field, ordinal) > 0.0)
    }

    fn idf(&self, unit: &Unit) -> f64 {
        let n = self.stats.len() as f64;
        let df = self.stats.iter().filter(|d| self.holds(unit, d.ordinal)).count() as f64;
        (1.0 + (n - df + 0.5) / (df + 0.5)).ln()
    }

    fn unit_score(&self, unit: &Unit, doc: &ChunkStatsRow) -> f64 {
        let mut w = 0.0;
        for field in FIELDS {
            let (weight, b) = (self.profile.weights[field as usize], self.profile.lengths[field as usize]);
            let average = self.stats.iter().map(|s| Self::length(s, field)).sum::<f64>() / self.stats.len() as f64;
            let tf = self.unit_tf(unit, field, doc.ordinal);
            if tf > 0.0 {
                w += weight * tf / (1.0 - b + b * Self::length(doc, field) / average);
            }
        }
        unit.weight * self.idf(unit) * w / (self.profile.k1 + w)
    }

    /// The words that count for coverage, each with what it counts: by idf as far as the profile says.
    fn shares(&self) -> BTreeMap<usize, f64> {
        let counts = |u: &&Unit| u.role == UnitRole::Whole && u.sign != Sign::Excluded && !u.filler;
        let idfs: BTreeMap<usize, f64> = self.units.iter().filter(counts).map(|u| (u.word, self.idf(u))).collect();
        let mean = idfs.values().sum::<f64>() / idfs.len() as f64;
        let by_idf = self.profile.coverage_idf;
        idfs.into_iter().map(|(word, idf)| (word, 1.0 - by_idf + by_idf * idf / mean)).collect()
    }

    /// What of the query's single words and parts `holds`, by weight and idf.
    fn single_share(&self, holds: impl Fn(&Unit) -> bool) -> f64 {
        let single: Vec<&Unit> = self.units.iter().filter(|u| u.single && u.sign != Sign::Excluded).collect();
        let sum = |units: &mut dyn Iterator<Item = &&Unit>| units.map(|u| u.weight * self.idf(u)).sum::<f64>();
        let all = sum(&mut single.iter());
        if all > 0.0 { sum(&mut single.iter().filter(|u| holds(u))) / all } else { 0.0 }
    }

    /// Is the chunk's name exactly one of the unit's terms?
    fn is_name(&self, unit: &Unit, doc: &ChunkStatsRow) -> bool {
        let lookups = unit.lookups(Mode::Code).into_iter().filter(|l| l.field == Field::Name);
        let found = lookups.filter(|l| self.tf(&l.term, Field::Name, doc.ordinal) > 0.0);
        found.map(|l| l.name_terms).max().is_some_and(|terms| terms > 0 && terms == doc.len_name)
    }

    /// Is one of the unit's terms, as such, in the chunk's name or signature?
    fn is_called(&self, unit: &Unit, doc: &ChunkStatsRow) -> bool {
        let lookups = unit.lookups(Mode::Code).into_iter();
        let mut names = lookups.filter(|l| matches!(l.field, Field::Name | Field::Signature) && l.name_terms > 0);
        names.any(|l| self.tf(&l.term, l.field, doc.ordinal) > 0.0)
    }

    /// Is the unit one of several names in a chunk without one, or marked as defined?
    fn is_listed(&self, unit: &Unit, doc: &ChunkStatsRow) -> bool {
        let lookups = unit.lookups(Mode::Code).into_iter().filter(|l| l.field == Field::Signature);
        let found = lookups.filter(|l| self.tf(&l.term, Field::Signature, doc.ordinal) > 0.0);
        found.map(|l| l.name_terms).max().is_some_and(|terms| terms == DEFINES || (terms > 0 && doc.len_name == 0))
    }

    /// How much of the name is said, times how much of the query the name says.
    fn naming(&self, doc: &ChunkStatsRow) -> f64 {
        let in_name = |unit: &Unit| self.unit_tf(unit, Field::Name, doc.ordinal) > 0.0;
        let said = |u: &Unit| if self.is_name(u, doc) { f64::from(doc.len_name) } else { 1.0 };
        let singles = self.units.iter().filter(|u| u.single && u.sign != Sign::Excluded && in_name(u));
        let parts = f64::from(if doc.len_name > 1 { doc.len_name - 1 } else { 1 });
        let said = singles.map(said).sum::<f64>().min(parts) / parts;
        let mut wholes = self.units.iter().filter(|u| matches!(u.role, UnitRole::Whole | UnitRole::Joined));
        let listed = wholes.any(|u| u.sign != Sign::Excluded && self.is_listed(u, doc));
        let said = if listed { said.max(self.profile.listed) } else { said };
        let share = self.single_share(in_name) + self.single_share(|u| self.is_listed(u, doc));
        1.0 + self.profile.naming * said * share
    }

    /// Is a qualified name defined here, or its last name, with the one before in the path or the signature?
    fn is_qualified(&self, doc: &ChunkStatsRow) -> (bool, bool) {
        let scoped = self.units.iter().any(|u| u.role == UnitRole::Qualified && self.holds(u, doc.ordinal));
        let defined = |u: &Unit| {
            let marks = u.lookups(Mode::Code).into_iter().filter(|l| l.name_terms == DEFINES);
            self.is_name(u, doc) || marks.into_iter().any(|l| self.tf(&l.term, l.field, doc.ordinal) > 0.0)
        };
        let around = |u: &Unit| [Field::Path, Field::Signature].iter().any(|f| self.unit_tf(u, *f, doc.ordinal) > 0.0);
        let last = self.units.iter().any(|u| u.qualifies.name && defined(u));
        let near = self.units.iter().any(|u| u.qualifies.scope && around(u));
        (scoped, last && near)
    }

    /// What counts of it: less where the chunk itself is not called so.
    fn of_definition(&self, doc: &ChunkStatsRow) -> f64 {
        let own = self.units.iter().any(|u| u.qualifies.name && self.is_name(u, doc));
        if own { 1.0 } else { self.profile.listed }
    }

    fn scope(&self, doc: &ChunkStatsRow) -> f64 {
        let gain = match self.is_qualified(doc) {
            (true, _) => self.profile.scope,
            (false, true) => self.profile.scope_near,
            (false, false) => 0.0,
        };
        1.0 + gain * self.of_definition(doc)
    }

    /// What only other chunks of its file hold.
    fn family(&self, doc: &ChunkStatsRow) -> f64 {
        let path = |doc: &ChunkStatsRow| &self.paths[doc.row as usize];
        let file: Vec<&ChunkStatsRow> = self.stats.iter().filter(|other| path(other) == path(doc)).collect();
        let beyond = |u: &Unit| !self.holds(u, doc.ordinal) && file.iter().any(|other| self.holds(u, other.ordinal));
        1.0 + self.profile.family * self.single_share(beyond)
    }

    /// The score before factors of one chunk, where it is a candidate.
    fn score(&self, doc: &ChunkStatsRow) -> Option<f64> {
        let shares = self.shares();
        let ranked = shares.len() as f64;
        let (mut sum, mut covered, mut named) = (0.0, 0.0, 0.0_f64);
        let of_word = |word: usize, role: UnitRole| self.units.iter().filter(move |u| u.word == word && u.role == role);
        for unit in &self.units {
            let held = self.holds(unit, doc.ordinal);
            if held == (unit.sign == Sign::Excluded) && unit.sign != Sign::Any {
                return None;
            }
            if !held || unit.sign == Sign::Excluded {
                continue;
            }
            sum += self.unit_score(unit, doc);
            let share = shares.get(&unit.word).copied().unwrap_or(0.0);
            match unit.role {
                UnitRole::Whole if is_scope(unit) => covered += share,
                UnitRole::Whole => {
                    covered += share;
                    named += f64::from(u8::from(self.is_name(unit, doc)));
                    named += if self.is_listed(unit, doc) { self.profile.listed } else { 0.0 };
                }
                UnitRole::Part => {
                    let whole = of_word(unit.word, UnitRole::Whole).any(|w| self.holds(w, doc.ordinal));
                    let parts = of_word(unit.word, UnitRole::Part).count() as f64;
                    covered += if whole { 0.0 } else { share * self.profile.part_coverage / parts };
                }
                UnitRole::Joined if self.tf(&unit.term, Field::Name, doc.ordinal) > 0.0 => named = ranked,
                UnitRole::Joined if self.is_listed(unit, doc) => named = named.max(ranked * self.profile.listed),
                UnitRole::Joined | UnitRole::Pair | UnitRole::Qualified => {}
            }
        }
        let floor = self.profile.coverage_floor;
        if self.is_qualified(doc) != (false, false) {
            named = named.max(ranked * self.of_definition(doc));
        }
        let exact = 1.0 + self.profile.exact * named.min(ranked) / ranked;
        let factors = (floor + (1.0 - floor) * covered / ranked) * exact * self.naming(doc);
        let factors = factors * self.scope(doc) * self.family(doc);
        (sum > 0.0).then_some(sum * factors)
    }
}

/// Is it a word that only stands before the last of a qualified name?
fn is_scope(unit: &Unit) -> bool {
    unit.role == UnitRole::Whole && unit.qualifies == Qualifies::SCOPE
}

/// The chosen weights, and such as let every part of the formula count.
fn weights() -> impl Strategy<Value = Weights> {
    let chosen = Weights::default();
    let lively = Profile {
        weights: [3.0, 2.0, 1.5, 1.0, 0.5],
        lengths: [0.4, 0.6, 0.6, 0.75, 0.4],
        k1: 1.2,
        part: 0.4,
        stem: 0.7,
        forms: 0.8,
        short: 0.5,
        synonym: 0.3,
        style: 0.9,
        prefix: 0.5,
        prefix_of_names: false,
        pair: 0.5,
        filler: 0.2,
        coverage_floor: 0.5,
        coverage_idf: 0.6,
        part_coverage: 0.75,
        exact: 0.6,
        naming: 0.8,
        listed: 0.5,
        scope: 1.5,
        scope_near: 0.5,
        family: 0.4,
        ..chosen.sentence.clone()
    };
    let lively = Weights { name: lively.clone(), sentence: lively, ..chosen.clone() };
    prop::sample::select(vec![chosen, lively])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_distribution_answers_as_one_index_to_the_last_bit(
        files in corpus(), cuts in prop::collection::vec(any::<u8>(), 8), query in any_query(), limit in 0usize..12,
        weights in weights(),
    ) {
        let request = SearchRequest { limit, weights, ..SearchRequest::new(query) };
        let whole = seen(&distribute(&files, &[]), &request);
        prop_assert_eq!(&seen(&distribute(&files, &cuts), &request), &whole);
    }

    #[test]
    fn threads_and_a_warm_cache_change_no_byte(
        files in corpus(), cuts in prop::collection::vec(any::<u8>(), 8), query in any_query(),
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
    fn candidates_are_the_hits_of_an_answer_without_bounds(
        files in corpus(), cuts in prop::collection::vec(any::<u8>(), 8), query in any_query(),
    ) {
        let weights = Weights { hits_per_file: 999, ..Weights::default() };
        let request = SearchRequest { limit: 999, weights, ..SearchRequest::new(query) };
        let answer = search(&distribute(&files, &cuts), &request).unwrap();
        prop_assert_eq!(answer.candidates, answer.hits.len() as u64);
    }

    #[test]
    fn scores_are_those_of_the_formula(files in corpus(), query in query(), weights in weights()) {
        let words: Vec<&str> = query.split(' ').filter(|w| !w.contains(':')).collect();
        let query = words.join(" ");
        prop_assume!(words.iter().any(|w| !w.starts_with('-')));
        let world = distribute(&files, &[]);
        let request = SearchRequest { limit: 99, explain: true, weights, ..SearchRequest::new(&query) };
        let answer = search(&world, &request).unwrap();
        let naive = Naive::of(&world, &files, &query, &request.weights);
        let mut left: Vec<f64> = naive.stats.iter().filter_map(|doc| naive.score(doc)).collect();
        prop_assert_eq!(answer.candidates, left.len() as u64);
        for hit in &answer.hits {
            let b = hit.breakdown.as_ref().unwrap();
            let before_factors = hit.score / b.role / b.kind;
            let near = left.iter().position(|s| (s - before_factors).abs() <= 1e-9 * s.abs());
            prop_assert!(near.is_some(), "{} is none of {:?}", before_factors, left);
            left.swap_remove(near.unwrap());
        }
    }
}
