//! Joining rankings whose scores cannot be compared: reciprocal rank fusion.
//!
//! Each cohort is ranked by itself, with its own statistics, to a depth of `max(50, 2 × limit)`; a hit's score is
//! `1 / (60 + rank)`, rounded to 12 decimals. A chunk stands in one list only, so nothing is summed. Equal scores, which
//! the same rank in two lists has, stand in the order of their repositories (priority, name), then path and line.
//!
//! Cormack, Clarke, Büttcher: "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods", 2009;
//! 60 is theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::budget::Spent;
use super::rank::Failed;
use super::request::{ExactTotals, FileHit, FusedList, Fusion, Hit, RepoStatus, SearchAnswer, SearchRequest};
use super::select::Selection;
use super::timings::Laps;

const SMOOTHING: f64 = 60.0;
const LEAST_DEPTH: usize = 50;
const DECIMALS: f64 = 1e12;
/// The constants of fusion, for the keys of answers.
pub const MEASURES: [f64; 3] = [SMOOTHING, LEAST_DEPTH as f64, DECIMALS];

/// The answer over `groups`, each of which is answered by `one`.
pub fn fused(
    selection: &Selection,
    groups: &[Vec<usize>],
    request: &SearchRequest,
    laps: &mut Laps,
    one: impl Fn(&Selection, &SearchRequest, &mut Laps) -> Result<SearchAnswer, Failed>,
) -> Result<SearchAnswer, Failed> {
    let deep = SearchRequest { limit: LEAST_DEPTH.max(request.limit.saturating_mul(2)), ..request.clone() };
    let mut answers = Vec::with_capacity(groups.len());
    for group in groups {
        let searched = |at: &&usize| selection.repos.get(**at).is_some_and(|repo| repo.status == RepoStatus::Ok);
        let repos: Vec<usize> = group.iter().filter(searched).copied().collect();
        // Without any group there would be no answer to put the status of repositories into.
        if !repos.is_empty() || groups.len() == 1 {
            answers.push((repos.clone(), one(&selection.of(&repos), &deep, laps)?));
        }
    }
    if answers.is_empty() {
        answers.push((Vec::new(), one(&selection.of(&[]), &deep, laps)?));
    }
    Ok(joined(selection, request, answers))
}

/// Of a rank from 1.
pub fn score(rank: usize) -> f64 {
    (DECIMALS / (SMOOTHING + rank as f64)).round() / DECIMALS
}

fn joined(selection: &Selection, request: &SearchRequest, answers: Vec<(Vec<usize>, SearchAnswer)>) -> SearchAnswer {
    let names: Vec<&str> = selection.repos.iter().map(|repo| repo.name.as_str()).collect();
    let mut out = Joined::default();
    for (repos, answer) in answers {
        let list = out.fused.len() as u64;
        out.fused.push(FusedList {
            repos: repos.iter().filter_map(|at| names.get(*at)).map(|name| (*name).to_owned()).collect(),
            depth: answer.hits.len() as u64,
            candidates: answer.candidates,
            explain: answer.explain,
        });
        out.candidates += answer.candidates;
        out.exact = sum(out.exact, answer.exact);
        out.files.extend(answer.files);
        out.spent.extend(answer.budget);
        // What is ignored follows from the query alone; a hint may speak of what is in a list.
        out.ignored = answer.ignored;
        out.hints.extend(answer.hints.into_iter().filter(|hint| out.said.insert(hint.clone())));
        out.hits.extend(answer.hits.into_iter().enumerate().map(|(at, hit)| with_rank(hit, at + 1, list)));
    }
    let place: BTreeMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let place = |hit: &Hit| place.get(hit.repo.as_str()).copied().unwrap_or(usize::MAX);
    out.hits.sort_by(|a, b| {
        let by_score = b.score.total_cmp(&a.score).then_with(|| place(a).cmp(&place(b)));
        by_score.then_with(|| (&a.path, a.start_line, &a.chunk_id).cmp(&(&b.path, b.start_line, &b.chunk_id)))
    });
    let budget = request.budget.map(|budget| within(&mut out.hits, budget, &out.spent));
    out.hits.truncate(request.limit);
    let exact = out.exact;
    let files = request.files.then(|| files(out.files, exact.is_none(), &out.hits));
    // Where one list found something, the others need no hint of what may have been meant.
    let hints = if out.hits.is_empty() || out.fused.len() == 1 { out.hints } else { Vec::new() };
    SearchAnswer {
        candidates: out.candidates,
        repos: selection.repos.clone(),
        fused: out.fused,
        warnings: Vec::new(),
        exact,
        budget,
        files,
        ignored: out.ignored,
        hints,
        explain: None,
        timings: None,
        hits: out.hits,
    }
}

/// What lists add up to.
#[derive(Default)]
struct Joined {
    hits: Vec<Hit>,
    fused: Vec<FusedList>,
    candidates: u64,
    exact: Option<ExactTotals>,
    files: Vec<Vec<FileHit>>,
    spent: Vec<Spent>,
    ignored: Vec<String>,
    hints: Vec<String>,
    said: BTreeSet<String>,
}

fn with_rank(mut hit: Hit, rank: usize, list: u64) -> Hit {
    if let Some(breakdown) = &mut hit.breakdown {
        breakdown.fusion = Some(Fusion { list, rank: rank as u64, score: hit.score });
    }
    hit.score = score(rank);
    hit
}

fn sum(a: Option<ExactTotals>, b: Option<ExactTotals>) -> Option<ExactTotals> {
    let Some((a, b)) = a.zip(b) else { return a.or(b) };
    Some(ExactTotals {
        files: a.files + b.files,
        lines: a.lines + b.lines,
        over_read_limit: a.over_read_limit + b.over_read_limit,
    })
}

/// Those of words are the files of the hits that are left; those of exact search are all there are.
fn files(lists: Vec<Vec<FileHit>>, of_words: bool, hits: &[Hit]) -> Vec<FileHit> {
    let of_hits: BTreeSet<(&str, &str)> = hits.iter().map(|hit| (hit.repo.as_str(), hit.path.as_str())).collect();
    let mut files: Vec<FileHit> = lists.into_iter().flatten().collect();
    files.retain(|file| !of_words || of_hits.contains(&(file.repo.as_str(), file.path.as_str())));
    files.sort_by(|a, b| (&a.repo, &a.path).cmp(&(&b.repo, &b.path)));
    files
}

/// Each list was held against the whole budget; together they are once more.
fn within(hits: &mut Vec<Hit>, budget: u64, lists: &[Spent]) -> Spent {
    let mut spent = Spent { budget, ..Spent::default() };
    for list in lists {
        spent.too_large += list.too_large;
        spent.repeated += list.repeated;
    }
    let mut given: BTreeSet<String> = BTreeSet::new();
    hits.retain(|hit| {
        let (tokens, text) = (hit.tokens.unwrap_or(0), hit.text.clone().unwrap_or_default());
        if given.contains(&text) {
            spent.repeated += 1;
        } else if tokens > budget - spent.tokens {
            spent.too_large += 1;
        } else {
            spent.tokens += tokens;
            return given.insert(text);
        }
        false
    });
    spent
}
