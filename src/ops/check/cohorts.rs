//! What the pipelines of a workspace would keep from being searched together.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Mode;
use crate::config::Mistake;
use crate::engine;
use crate::plan::{COHORTS, Plan};
use crate::query::federation::{LeftOut, Mixing, Voter, decide};
use crate::store::federation::Member;

/// A parameter, its value there, and in the others.
type Way = (String, String, String);

const DEFAULT: Mixing<'static> = Mixing { cohorts: &[], unsafe_mix: false, by_rank: false, strict: false };

/// One remark for each way in which repositories differ from those that a search would take.
pub(super) fn warnings(plan: &Plan, priorities: &BTreeMap<&str, i64>) -> Vec<Mistake> {
    let members: Vec<Member> = plan.repos.iter().map(|repo| Member::planned(&engine::outline(repo))).collect();
    let voter = |member| Voter { member, priority: priorities.get(member.name.as_str()).copied().unwrap_or(0) };
    let voters: Vec<Voter<'_>> = members.iter().map(voter).collect();
    // Nothing is asked that could be refused.
    let Ok(decision) = decide(&voters, &BTreeSet::from(Mode::ALL), DEFAULT) else { return Vec::new() };
    let mut ways: BTreeMap<Way, (BTreeSet<String>, Vec<&str>)> = BTreeMap::new();
    for (mode, choice) in &decision.modes {
        for LeftOut { repo, parameter, theirs, ours, .. } in choice.left_out.clone() {
            let way = (parameter, theirs.unwrap_or_default(), ours.unwrap_or_default());
            let (repos, modes) = ways.entry(way).or_default();
            repos.insert(format!("`{repo}`"));
            if modes.last() != Some(&mode.name()) {
                modes.push(mode.name());
            }
        }
    }
    let told = ways.into_iter().map(|((parameter, theirs, ours), (repos, modes))| {
        let (repos, modes) = (repos.into_iter().collect::<Vec<_>>().join(", "), modes.join(", "));
        let message = format!(
            "a search of {modes} would leave out {repos}: `{parameter}` is `{theirs}` there and `{ours}` in the others, \
             so scores cannot be compared"
        );
        Mistake::new(&COHORTS, message)
            .help("give their pipelines the same parameters, or search them by `--cohort` or `--merge rrf`")
    });
    told.collect()
}
