//! Per mode, the cohort that is searched, and who is left out.
//!
//! Comments that are rows of their own lie in the segments of their code, so `extracted-prose` has no choice of its own:
//! it goes with `code`.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::wanted::wanted;
use super::warning::{Warning, names};
use crate::base::Mode;
use crate::query::error::QueryError;
use crate::store::federation::{Member, MemberMode, Parameters};

/// A repository that has a say: its entry, and the priority that it has in the workspace.
#[derive(Clone, Copy, Debug)]
pub struct Voter<'a> {
    pub member: &'a Member,
    pub priority: i64,
}

/// What is asked about cohorts.
#[derive(Clone, Copy, Debug)]
pub struct Mixing<'a> {
    /// `[mode:]KEY`
    pub cohorts: &'a [String],
    /// Score all of them together, comparable or not.
    pub unsafe_mix: bool,
    /// Only ranks meet.
    pub by_rank: bool,
    pub strict: bool,
}

/// What is searched of a mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CohortChoice {
    /// The key of the chosen cohort, or of the one that would be chosen where all are taken.
    pub cohort: String,
    /// How many of the selected repositories are in it.
    pub repos: u64,
    /// By name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
}

/// A repository that is not searched in a mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    pub repo: String,
    pub cohort: String,
    /// The first parameter that differs.
    pub parameter: String,
    /// Its value there; none where that build has no such parameter.
    pub theirs: Option<String>,
    /// Its value in the chosen cohort.
    pub ours: Option<String>,
}

/// The decision over all modes that are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    pub modes: BTreeMap<Mode, CohortChoice>,
    pub warnings: Vec<Warning>,
    /// The voters, by place, as they are scored together: one group, unless only ranks meet.
    pub groups: Vec<Vec<usize>>,
}

impl Decision {
    /// Is the repository left out in segments of `mode`?
    pub fn leaves_out(&self, repo: &str, mode: Mode) -> bool {
        self.modes.get(&mode).is_some_and(|choice| choice.left_out.iter().any(|left| left.repo == repo))
    }

    /// The modes in which it is left out.
    pub fn left_out<'a>(&'a self, repo: &'a str) -> impl Iterator<Item = (Mode, &'a LeftOut)> {
        let of_mode = move |(mode, choice): (&Mode, &'a CohortChoice)| {
            choice.left_out.iter().find(|left| left.repo == repo).map(|left| (*mode, left))
        };
        self.modes.iter().filter_map(of_mode)
    }
}

/// Decides for the segments of `modes`.
pub fn decide(voters: &[Voter<'_>], modes: &BTreeSet<Mode>, mixing: Mixing<'_>) -> Result<Decision, QueryError> {
    let standing = modes.iter().map(|mode| (*mode, Standing::of(voters, *mode)));
    let standing: BTreeMap<Mode, Standing<'_>> = standing.filter(|(_, of_mode)| !of_mode.keys.is_empty()).collect();
    let counts = standing.iter().map(|(mode, of_mode)| (*mode, of_mode.counts())).collect();
    let wanted = wanted(mixing.cohorts, &counts)?;
    let mut decision = Decision::default();
    for (mode, of_mode) in &standing {
        let asked = wanted.get(mode).map(String::as_str);
        let Some(key) = asked.or_else(|| of_mode.preferred()) else { continue };
        let others = of_mode.others(key);
        let mut choice =
            CohortChoice { cohort: key.to_owned(), repos: of_mode.bearers(key).len() as u64, left_out: Vec::new() };
        if asked.is_some() {
            choice.left_out = others;
        } else if !others.is_empty() && mixing.unsafe_mix {
            decision.warnings.push(mixed(*mode, of_mode, &others));
        } else if !others.is_empty() && !mixing.by_rank {
            if mixing.strict {
                return Err(refused(*mode, &others));
            }
            decision.warnings.push(split(*mode, &choice, &others));
            choice.left_out = others;
        }
        decision.modes.insert(*mode, choice);
    }
    decision.groups = groups(voters, &decision, mixing.by_rank);
    Ok(decision)
}

/// The cohorts of one mode.
struct Standing<'a> {
    /// Key → who bears it, by place.
    keys: BTreeMap<&'a str, Vec<(usize, Voter<'a>, &'a MemberMode)>>,
}

impl<'a> Standing<'a> {
    fn of(voters: &[Voter<'a>], mode: Mode) -> Self {
        let mut keys: BTreeMap<&str, Vec<_>> = BTreeMap::new();
        for (at, voter) in voters.iter().enumerate() {
            if let Some(of_mode) = voter.member.modes.get(&mode) {
                keys.entry(&of_mode.cohort).or_default().push((at, *voter, of_mode));
            }
        }
        Self { keys }
    }

    fn counts(&self) -> BTreeMap<&'a str, usize> {
        self.keys.iter().map(|(key, bearers)| (*key, bearers.len())).collect()
    }

    fn bearers(&self, key: &str) -> &[(usize, Voter<'a>, &'a MemberMode)] {
        self.keys.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Most repositories, then the highest sum of priorities, then the smallest key.
    fn preferred(&self) -> Option<&'a str> {
        let weight = |bearers: &[(usize, Voter<'_>, &MemberMode)]| -> i128 {
            bearers.iter().map(|(_, voter, _)| i128::from(voter.priority)).sum()
        };
        let best =
            self.keys.iter().min_by_key(|(key, bearers)| (Reverse(bearers.len()), Reverse(weight(bearers)), **key));
        best.map(|(key, _)| *key)
    }

    /// Everyone who does not bear `key`, by name.
    fn others(&self, key: &str) -> Vec<LeftOut> {
        let Some((_, _, ours)) = self.bearers(key).first() else { return Vec::new() };
        let others = self.keys.iter().filter(|(other, _)| **other != key).flat_map(|(_, bearers)| bearers);
        let mut others: Vec<LeftOut> =
            others.map(|(_, voter, theirs)| left_out(&voter.member.name, theirs, &ours.parameters)).collect();
        others.sort_by(|a, b| a.repo.cmp(&b.repo));
        others
    }
}

fn left_out(repo: &str, theirs: &MemberMode, ours: &Parameters) -> LeftOut {
    let names: BTreeSet<&String> = theirs.parameters.keys().chain(ours.keys()).collect();
    let differs = |name: &&&String| theirs.parameters.get(**name) != ours.get(**name);
    // That nothing was recorded says why the rest is not there.
    let first = names.iter().filter(differs).min_by_key(|name| (name.as_str() != "recorded", **name));
    let parameter = first.map_or_else(String::new, |name| (*name).clone());
    LeftOut {
        repo: repo.to_owned(),
        cohort: theirs.cohort.clone(),
        theirs: theirs.parameters.get(&parameter).cloned(),
        ours: ours.get(&parameter).cloned(),
        parameter,
    }
}

/// Voters that can be scored together. Where only ranks meet: each goes, in order, to the first group that has no other
/// cohort than it has, in any mode in which both are searched.
fn groups(voters: &[Voter<'_>], decision: &Decision, by_rank: bool) -> Vec<Vec<usize>> {
    if !by_rank {
        return vec![(0..voters.len()).collect()];
    }
    let mut groups: Vec<(BTreeMap<Mode, &str>, Vec<usize>)> = Vec::new();
    for (at, voter) in voters.iter().enumerate() {
        let name = &voter.member.name;
        let searched = |mode: &Mode| decision.modes.contains_key(mode) && !decision.leaves_out(name, *mode);
        let own = voter.member.modes.iter().filter(|(mode, _)| searched(mode));
        let own: BTreeMap<Mode, &str> = own.map(|(mode, of_mode)| (*mode, of_mode.cohort.as_str())).collect();
        let agrees = |group: &BTreeMap<Mode, &str>| {
            own.iter().all(|(mode, cohort)| group.get(mode).is_none_or(|other| other == cohort))
        };
        match groups.iter_mut().find(|(group, _)| agrees(group)) {
            Some((group, places)) => {
                group.extend(own);
                places.push(at);
            }
            None => groups.push((own, vec![at])),
        }
    }
    groups.into_iter().map(|(_, places)| places).collect()
}

/// `` `web` (`tokenizer` is 1 there, 2 in the others) ``
fn told(others: &[LeftOut]) -> String {
    /// A parameter, its value there, and here.
    type Cause<'a> = (&'a str, Option<&'a str>, Option<&'a str>);
    let mut causes: BTreeMap<Cause<'_>, Vec<&str>> = BTreeMap::new();
    for left in others {
        let cause = (left.parameter.as_str(), left.theirs.as_deref(), left.ours.as_deref());
        causes.entry(cause).or_default().push(&left.repo);
    }
    let value = |value: Option<&str>| value.map_or_else(|| "not there".to_owned(), |text| format!("`{text}`"));
    let causes = causes.into_iter().map(|((parameter, theirs, ours), repos)| {
        let repos = names(repos.into_iter());
        format!("{repos} (`{parameter}` is {} there, {} in the chosen cohort)", value(theirs), value(ours))
    });
    causes.collect::<Vec<_>>().join("; ")
}

fn repos_of(others: &[LeftOut]) -> Vec<String> {
    others.iter().map(|left| left.repo.clone()).collect()
}

fn split(mode: Mode, choice: &CohortChoice, others: &[LeftOut]) -> Warning {
    let keys: BTreeSet<&str> = others.iter().map(|left| left.cohort.as_str()).collect();
    let keys: Vec<String> = keys.into_iter().map(|key| format!("`--cohort {mode}:{key}`")).collect();
    let of = if choice.repos == 1 { "the repository" } else { "the repositories" };
    Warning {
        code: "sawmill::query::multi_cohort".into(),
        message: format!(
            "{mode}: left out, because scores cannot be compared with those of {of} in {}: {}",
            choice.cohort,
            told(others)
        ),
        help: format!(
            "`sawmill build` brings builds of an older Sawmill up; {} searches the others; `--merge rrf` joins by rank alone",
            keys.join(" or ")
        ),
        repos: repos_of(others),
    }
}

fn refused(mode: Mode, others: &[LeftOut]) -> QueryError {
    QueryError::MultiCohort { mode, what: told(others) }
}

fn mixed(mode: Mode, of_mode: &Standing<'_>, others: &[LeftOut]) -> Warning {
    Warning {
        code: "sawmill::query::unsafe_mix".into(),
        message: format!(
            "{mode}: scores of {} cohorts are mixed that cannot be compared, so the order says little: {}",
            of_mode.keys.len(),
            told(others)
        ),
        help: "without `--allow-unsafe-mix` one cohort is searched; `--merge rrf` joins by rank alone".into(),
        repos: repos_of(others),
    }
}
