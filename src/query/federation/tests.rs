use std::collections::{BTreeMap, BTreeSet};

use super::{Decision, Mixing, Voter, decide};
use crate::base::{Digest, Mode};
use crate::query::error::QueryError;
use crate::store::federation::{Availability, Member, MemberMode, cohort_key};

const DEFAULT: Mixing<'static> = Mixing { cohorts: &[], unsafe_mix: false, by_rank: false, strict: false };

fn mode(tokenizer: &str) -> MemberMode {
    let parameters = BTreeMap::from([("tokenizer".to_owned(), tokenizer.to_owned()), ("fields".into(), "x".into())]);
    MemberMode {
        cohort: cohort_key(&parameters),
        parameters,
        signature: Digest::of(b""),
        files: 1,
        chunks: 1,
        lengths: BTreeMap::new(),
        present: Vec::new(),
        omitted: Vec::new(),
        required_for_search: Vec::new(),
    }
}

/// Name, priority, tokenizer of code, tokenizer of prose.
fn member((name, _, code, prose): (&str, i64, &str, &str)) -> Member {
    let modes = [(Mode::Code, code), (Mode::Prose, prose)].into_iter().filter(|(_, tokenizer)| !tokenizer.is_empty());
    Member {
        name: name.into(),
        availability: Availability::Present,
        build: Some(format!("b-{name}")),
        config_digest: None,
        modes: modes.map(|(of, tokenizer)| (of, mode(tokenizer))).collect(),
    }
}

fn decided(repos: &[(&str, i64, &str, &str)], mixing: Mixing<'_>) -> Result<Decision, QueryError> {
    let members: Vec<Member> = repos.iter().copied().map(member).collect();
    let voters: Vec<Voter<'_>> =
        members.iter().zip(repos).map(|(member, repo)| Voter { member, priority: repo.1 }).collect();
    decide(&voters, &BTreeSet::from(Mode::ALL), mixing)
}

fn left(decision: &Decision, mode: Mode) -> Vec<&str> {
    decision.modes[&mode].left_out.iter().map(|left| left.repo.as_str()).collect()
}

#[test]
fn repositories_that_agree_are_one_cohort_and_nothing_is_said() {
    let decision = decided(&[("a", 0, "2", "2"), ("b", 0, "2", "")], DEFAULT).unwrap();
    assert!(decision.warnings.is_empty());
    assert_eq!((decision.modes[&Mode::Code].repos, decision.modes[&Mode::Prose].repos), (2, 1));
    assert_eq!(decision.groups, [[0, 1]]);
}

#[test]
fn the_cohort_with_most_repositories_is_searched_whatever_their_priorities() {
    let decision = decided(&[("a", 99, "1", ""), ("b", 0, "2", ""), ("c", 0, "2", "")], DEFAULT).unwrap();
    assert_eq!(left(&decision, Mode::Code), ["a"]);
}

#[test]
fn then_the_highest_sum_of_priorities_then_the_smallest_key() {
    let decision = decided(&[("a", 1, "1", ""), ("b", 2, "2", "")], DEFAULT).unwrap();
    assert_eq!(left(&decision, Mode::Code), ["a"]);
    let decision = decided(&[("a", i64::MAX, "1", ""), ("b", i64::MAX, "2", "")], DEFAULT).unwrap();
    let smallest = [mode("1").cohort, mode("2").cohort].into_iter().min().unwrap();
    assert_eq!(decision.modes[&Mode::Code].cohort, smallest);
}

#[test]
fn what_is_left_out_is_told_by_name_with_the_parameter_and_both_values() {
    let decision = decided(&[("a", 0, "2", "2"), ("b", 0, "2", "2"), ("old", 0, "1", "2")], DEFAULT).unwrap();
    let [warning] = decision.warnings.as_slice() else { panic!("{:?}", decision.warnings) };
    assert_eq!(warning.code, "sawmill::query::multi_cohort");
    assert!(warning.message.contains("`old` (`tokenizer` is `1` there, `2` in the chosen cohort)"), "{warning:?}");
    assert!(warning.help.contains(&format!("--cohort code:{}", mode("1").cohort)), "{warning:?}");
    assert_eq!(warning.repos, ["old"]);
    assert!(decision.leaves_out("old", Mode::Code) && !decision.leaves_out("old", Mode::Prose));
}

#[test]
fn strict_refuses_more_than_one_cohort_in_a_mode_that_is_asked_for() {
    let repos = [("a", 0, "2", "2"), ("b", 0, "2", "1")];
    let strict = Mixing { strict: true, ..DEFAULT };
    assert!(matches!(decided(&repos, strict), Err(QueryError::MultiCohort { mode: Mode::Prose, .. })));
    let members: Vec<Member> = repos.into_iter().map(member).collect();
    let voters: Vec<Voter<'_>> = members.iter().map(|member| Voter { member, priority: 0 }).collect();
    assert!(decide(&voters, &BTreeSet::from([Mode::Code]), strict).is_ok());
}

#[test]
fn a_mix_is_loud_and_leaves_nobody_out() {
    let decision = decided(&[("a", 0, "1", ""), ("b", 0, "2", "")], Mixing { unsafe_mix: true, ..DEFAULT }).unwrap();
    assert_eq!(decision.warnings[0].code, "sawmill::query::unsafe_mix");
    assert!(left(&decision, Mode::Code).is_empty());
}

#[test]
fn ranks_may_meet_in_silence_and_cohorts_stay_apart() {
    let repos = [("a", 0, "1", "2"), ("b", 0, "2", "2"), ("c", 0, "2", ""), ("d", 0, "", "2")];
    let decision = decided(&repos, Mixing { by_rank: true, ..DEFAULT }).unwrap();
    assert!(decision.warnings.is_empty());
    assert_eq!(decision.groups, [[0, 3], [1, 2]], "one without code goes with the first that it agrees with");
    let one = decided(&[("a", 0, "2", ""), ("b", 0, "2", "")], Mixing { by_rank: true, ..DEFAULT }).unwrap();
    assert_eq!(one.groups, [[0, 1]]);
}

#[test]
fn a_cohort_is_chosen_by_the_beginning_of_its_key_for_one_mode_or_for_all() {
    let repos = [("a", 0, "2", "2"), ("b", 0, "2", "2"), ("old", 0, "1", "1")];
    let key = mode("1").cohort;
    for text in [key.clone(), key[..7].to_owned(), key[3..7].to_owned()] {
        let asked = [text];
        let decision = decided(&repos, Mixing { cohorts: &asked, ..DEFAULT }).unwrap();
        assert_eq!((left(&decision, Mode::Code), left(&decision, Mode::Prose)), (vec!["a", "b"], vec!["a", "b"]));
        assert!(decision.warnings.is_empty(), "who chooses knows");
    }
    let asked = [format!("code:{key}")];
    let decision = decided(&repos, Mixing { cohorts: &asked, strict: false, ..DEFAULT }).unwrap();
    assert_eq!((left(&decision, Mode::Code), left(&decision, Mode::Prose)), (vec!["a", "b"], vec!["old"]));
}

#[test]
fn a_cohort_that_is_not_there_is_an_error_with_those_that_are() {
    let repos = [("a", 0, "2", ""), ("old", 0, "1", "")];
    for text in ["c1-zzz", "code:zzz", "prose:c1", "c1-", "", "code:", "nomode:c1"] {
        let asked = [text.to_owned()];
        let error = decided(&repos, Mixing { cohorts: &asked, ..DEFAULT }).unwrap_err();
        let QueryError::CohortNotFound { help, .. } = &error else { panic!("{text}: {error:?}") };
        assert!(help.contains(&format!("code:{} (1 repository)", mode("2").cohort)), "{text}: {help}");
    }
}

#[test]
fn the_order_of_repositories_decides_nothing() {
    let repos = [("a", 1, "1", "2"), ("b", 1, "2", "1"), ("c", 0, "1", "1"), ("d", 2, "2", "2")];
    let mut turned = repos;
    let first = decided(&repos, DEFAULT).unwrap();
    for _ in 0..repos.len() {
        turned.rotate_left(1);
        let again = decided(&turned, DEFAULT).unwrap();
        assert_eq!((&again.modes, &again.warnings), (&first.modes, &first.warnings));
    }
}

#[test]
fn a_build_without_a_record_of_cohorts_is_told_as_that() {
    let (mut old, new) = (member(("old", 0, "1", "")), member(("new", 1, "2", "")));
    let recorded = BTreeMap::from([("recorded".to_owned(), "no".to_owned())]);
    let of_code = old.modes.get_mut(&Mode::Code).unwrap();
    (of_code.cohort, of_code.parameters) = (cohort_key(&recorded), recorded);
    let voters = [Voter { member: &old, priority: 0 }, Voter { member: &new, priority: 1 }];
    let decision = decide(&voters, &BTreeSet::from([Mode::Code]), DEFAULT).unwrap();
    assert_eq!(decision.modes[&Mode::Code].left_out[0].parameter, "recorded");
}
