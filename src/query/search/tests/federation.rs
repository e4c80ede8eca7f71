//! Many repositories as one: the merged ranking is that of one index, ranks of cohorts meet by a formula, and one that
//! cannot be read costs only itself.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::model::{any_query, corpus, distribute, seen};
use crate::base::Mode;
use crate::query::error::QueryError;
use crate::query::pieces::{Pieces, RepoEntry};
use crate::query::search::{Merge, RepoStatus, SearchAnswer, SearchRequest, fusion, search};
use crate::query::testing::{Spec, World, chunk};
use crate::table::schema::ChunkRow;

fn exact_query() -> impl Strategy<Value = String> {
    let texts = ["\"parse\"", "/pars\\w+/", "\"config file\" read", "/(?i)http/ -\"the\"", "\"parse\" config"];
    prop::sample::select(texts.map(str::to_owned).to_vec())
}

/// Which repository each file is in, as [`distribute`] cuts them.
fn homes(files: &[Vec<ChunkRow>], cuts: &[u8]) -> Vec<usize> {
    let mut repo = 0;
    let home = |at: usize| {
        if at > 0 && cuts.get(at).copied().unwrap_or(0) % 4 == 3 {
            repo += 1;
        }
        repo
    };
    (0..files.len()).map(home).collect()
}

/// Code of two cohorts, as repositories of one chunk a file.
fn two_cohorts() -> World {
    let repo = |name: &str, priority: i64, texts: &[&str]| {
        let rows = texts.iter().enumerate();
        let row = |(at, text): (usize, &&str)| ChunkRow {
            content_hash: (*text).to_owned(),
            ..chunk(&format!("{name}{at}.rs"), 1, "function", "", text)
        };
        let mut spec = Spec::new(name, vec![(Mode::Code, vec![rows.map(row).collect()])]);
        spec.entry.priority = priority;
        spec
    };
    let mut world = World::of(&[
        repo("a", 0, &["needle", "needle and much more hay around it"]),
        repo("b", 0, &["needle needle", "hay"]),
        repo("old", 5, &["needle of old", "needle again in the old hay", "needle"]),
    ]);
    of_cohort(&mut world, "old", "1");
    world
}

fn of_cohort(world: &mut World, repo: &str, tokenizer: &str) {
    let recorded = BTreeMap::from([("tokenizer".to_owned(), tokenizer.to_owned())]);
    for node in &mut world.build_mut(repo).nodes {
        node.cohort = BTreeMap::from(Mode::ALL.map(|mode| (mode, recorded.clone())));
    }
}

fn paths(answer: &SearchAnswer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.path.as_str()).collect()
}

fn status(answer: &SearchAnswer, repo: &str) -> RepoStatus {
    answer.repos.iter().find(|known| known.name == repo).unwrap().status
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn global_merging_ranks_as_one_merged_index_for_any_selection_and_limit(
        files in corpus(),
        cuts in prop::collection::vec(any::<u8>(), 9),
        taken in prop::collection::vec(any::<bool>(), 9),
        query in prop_oneof![3 => any_query(), 1 => exact_query()],
        limit in 0usize..20,
    ) {
        let homes = homes(&files, &cuts);
        let mut select: Vec<String> = homes.iter().filter(|home| taken[**home]).map(|home| format!("r{home}")).collect();
        select.dedup();
        prop_assume!(!select.is_empty());
        let chosen = files.iter().zip(&homes).filter(|(_, home)| taken[**home]).flat_map(|(rows, _)| rows.clone());
        let merged = World::of(&[Spec::new("one", vec![(Mode::Code, vec![chosen.collect()])])]);
        let request = SearchRequest { limit, files: true, ..SearchRequest::new(query) };
        let many = SearchRequest { select, ..request.clone() };
        let apart = distribute(&files, &cuts);
        prop_assert_eq!(seen(&apart, &many), seen(&merged, &request));
        let (apart, merged) = (search(&apart, &many).unwrap(), search(&merged, &request).unwrap());
        prop_assert_eq!(apart.exact, merged.exact);
        let lines = |answer: SearchAnswer| -> Vec<_> {
            answer.files.into_iter().flatten().map(|file| (file.path, file.lines)).collect()
        };
        prop_assert_eq!(lines(apart), lines(merged));
    }

    #[test]
    fn ranks_of_one_cohort_are_in_the_order_of_its_scores(
        files in corpus(),
        cuts in prop::collection::vec(any::<u8>(), 9),
        query in any_query(),
        limit in 0usize..12,
    ) {
        let world = distribute(&files, &cuts);
        let global = search(&world, &SearchRequest { limit, ..SearchRequest::new(&query) }).unwrap();
        let ranked = SearchRequest { limit, merge: Merge::Rrf, ..SearchRequest::new(&query) };
        let ranked = search(&world, &ranked).unwrap();
        prop_assert_eq!(paths(&ranked), paths(&global));
        prop_assert_eq!(ranked.candidates, global.candidates);
        for (at, hit) in ranked.hits.iter().enumerate() {
            prop_assert_eq!(hit.score.to_bits(), fusion::score(at + 1).to_bits());
        }
    }
}

#[test]
fn a_score_by_rank_is_rounded_to_twelve_decimals() {
    assert_eq!(
        [1, 2, 10].map(|rank| fusion::score(rank).to_string()),
        ["0.016393442623", "0.016129032258", "0.014285714286"]
    );
}

#[test]
fn a_cohort_is_left_out_with_a_warning_and_a_status() {
    let answer = search(&two_cohorts(), &SearchRequest::new("needle")).unwrap();
    assert!(answer.hits.iter().all(|hit| hit.repo != "old") && answer.hits.len() == 3, "{:?}", paths(&answer));
    assert_eq!(answer.warnings[0].repos, ["old"]);
    assert_eq!((status(&answer, "old"), status(&answer, "a")), (RepoStatus::LeftOut, RepoStatus::Ok));
    let strict = search(&two_cohorts(), &SearchRequest { strict: true, ..SearchRequest::new("needle") });
    assert!(matches!(strict, Err(QueryError::MultiCohort { .. })));
}

#[test]
fn a_cohort_that_is_asked_for_is_searched_alone() {
    let world = two_cohorts();
    let key = crate::store::federation::Member::of(
        "old",
        crate::store::federation::Found::Build(&world.build("old").unwrap()),
    );
    let cohorts = vec![key.modes[&Mode::Code].cohort.clone()];
    let answer = search(&world, &SearchRequest { cohorts, ..SearchRequest::new("needle") }).unwrap();
    assert!(answer.hits.iter().all(|hit| hit.repo == "old") && answer.hits.len() == 3);
    assert!(answer.warnings.is_empty());
}

#[test]
fn a_mix_scores_everybody_and_warns() {
    let answer = search(&two_cohorts(), &SearchRequest { unsafe_mix: true, ..SearchRequest::new("needle") }).unwrap();
    assert_eq!((answer.hits.len(), answer.warnings[0].code.as_str()), (6, "sawmill::query::unsafe_mix"));
}

#[test]
fn ranks_of_two_cohorts_alternate_and_ties_go_by_priority() {
    let world = two_cohorts();
    let alone = |select: &[&str]| {
        let select = select.iter().map(|name| (*name).to_owned()).collect();
        let answer = search(&world, &SearchRequest { select, ..SearchRequest::new("needle") }).unwrap();
        answer.hits.into_iter().map(|hit| (hit.path, hit.score)).collect::<Vec<_>>()
    };
    let (new, old) = (alone(&["a", "b"]), alone(&["old"]));
    let expected: Vec<&str> = old.iter().zip(&new).flat_map(|(old, new)| [old.0.as_str(), new.0.as_str()]).collect();
    let request = SearchRequest { merge: Merge::Rrf, explain: true, ..SearchRequest::new("needle") };
    let answer = search(&world, &request).unwrap();
    assert_eq!(paths(&answer), expected);
    assert!(answer.warnings.is_empty());
    let lists: Vec<_> = answer.fused.iter().map(|list| list.repos.join(" ")).collect();
    assert_eq!(lists, ["old", "a b"]);
    let fusion = answer.hits[1].breakdown.as_ref().unwrap().fusion.unwrap();
    assert_eq!((fusion.list, fusion.rank, fusion.score.to_bits()), (1, 1, new[0].1.to_bits()));
    let first = search(&world, &SearchRequest { limit: 1, ..request }).unwrap();
    assert_eq!(paths(&first), expected[..1]);
}

#[test]
fn ranks_under_a_budget_spend_no_more_than_it() {
    let request = SearchRequest { merge: Merge::Rrf, limit: 200, ..SearchRequest::new("needle") };
    let free = search(&two_cohorts(), &SearchRequest { budget: Some(10_000), ..request.clone() }).unwrap();
    // `needle` alone is a text of both cohorts, and is given once.
    assert_eq!((free.hits.len(), free.budget.unwrap().repeated), (5, 1));
    let tight = free.hits[0].tokens.unwrap() + free.hits[1].tokens.unwrap();
    let spent = search(&two_cohorts(), &SearchRequest { budget: Some(tight), ..request }).unwrap();
    assert!(spent.budget.unwrap().tokens <= tight && !spent.hits.is_empty());
}

#[test]
fn a_repository_that_gives_nothing_is_a_status_and_the_others_answer() {
    let mut world = two_cohorts();
    world.unbuilt = vec![RepoEntry { name: "new".into(), enabled: true, ..RepoEntry::default() }];
    world.invalid.insert("b".into());
    world.build_mut("old").format = 9;
    let answer = search(&world, &SearchRequest::new("needle")).unwrap();
    assert!(answer.hits.iter().all(|hit| hit.repo == "a") && answer.hits.len() == 2);
    let all = ["a", "b", "new", "old"].map(|repo| status(&answer, repo));
    assert_eq!(all, [RepoStatus::Ok, RepoStatus::InvalidPointer, RepoStatus::MissingBuild, RepoStatus::Incompatible]);
    let told = serde_json::to_string(&answer).unwrap();
    assert!(!told.contains("/machine/path"), "{told}");
    let strict = search(&world, &SearchRequest { strict: true, ..SearchRequest::new("needle") }).unwrap_err();
    assert!(strict.to_string().contains("`b` (invalid-pointer), `new` (missing-build)"), "{strict}");
}

#[test]
fn a_stale_repository_answers_and_strict_names_it() {
    let mut spec = Spec::new("a", vec![(Mode::Code, vec![vec![chunk("a.rs", 1, "function", "", "needle")]])]);
    spec.entry.stale = true;
    let world = World::of(&[spec]);
    assert_eq!(search(&world, &SearchRequest::new("needle")).unwrap().hits.len(), 1);
    let strict = search(&world, &SearchRequest { strict: true, ..SearchRequest::new("needle") }).unwrap_err();
    assert!(matches!(&strict, QueryError::Strict { what, .. } if what.contains("`a` (stale")), "{strict}");
}

#[test]
fn where_every_repository_fails_there_is_no_answer() {
    for merge in [Merge::Global, Merge::Rrf] {
        let mut world = two_cohorts();
        world.invalid.extend(["a", "b", "old"].map(str::to_owned));
        let error = search(&world, &SearchRequest { merge, ..SearchRequest::new("needle") }).unwrap_err();
        assert!(matches!(&error, QueryError::Unreadable { repos, .. } if repos.contains("`old`")), "{error}");
    }
}

#[test]
fn repositories_are_chosen_by_name_tag_and_glob_together() {
    let repo = |name: &str, tags: &[&str], enabled: bool| {
        let mut spec = Spec::new(name, vec![(Mode::Code, vec![vec![chunk("a.rs", 1, "function", "", "needle")]])]);
        (spec.entry.tags, spec.entry.enabled) = (tags.iter().map(|tag| (*tag).to_owned()).collect(), enabled);
        spec
    };
    let world =
        World::of(&[repo("api", &["core"], true), repo("api-old", &["core"], false), repo("web", &["ui"], true)]);
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let found = |request: SearchRequest| {
        search(&world, &request)
            .map(|answer| answer.repos.into_iter().map(|repo| repo.name).collect::<Vec<_>>().join(" "))
    };
    let all = || SearchRequest::new("needle");
    let ok = |request| found(request).unwrap();
    assert_eq!(ok(all()), "api web");
    assert_eq!(ok(SearchRequest { repo_filter: texts(&["api*"]), ..all() }), "api");
    assert_eq!(ok(SearchRequest { repo_filter: texts(&["api*"]), include_disabled: true, ..all() }), "api api-old");
    assert_eq!(ok(SearchRequest { repo_filter: texts(&["API", "w?b"]), ..all() }), "web");
    assert_eq!(ok(SearchRequest { tags: texts(&["ui", "core"]), ..all() }), "api web");
    assert_eq!(ok(SearchRequest { select: texts(&["api-old", "web"]), tags: texts(&["core"]), ..all() }), "api-old");
    let nothing = found(SearchRequest { repo_filter: texts(&["nope*"]), ..all() });
    assert!(matches!(nothing, Err(QueryError::EmptySelection { .. })));
    let bad = found(SearchRequest { repo_filter: texts(&["a{b"]), ..all() });
    assert!(matches!(bad, Err(QueryError::RepoFilter { .. })), "{bad:?}");
}
