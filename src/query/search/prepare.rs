//! A request before anything but the first levels of builds is opened: what it means, whom it reaches, and under which
//! key its answer can be kept.

use std::collections::BTreeSet;

use super::reading::Reading;
use super::request::{Merge, SearchRequest};
use super::weights::LINES_K1;
use super::{expand, fusion, named};
use crate::base::hash::KeyHasher;
use crate::base::{Digest, Mode};
use crate::query::error::QueryError;
use crate::query::federation::{Decision, Mixing, Roster, Voter, Wish, decide};
use crate::query::pieces::Pieces;

/// Rises whenever equal pieces and an equal request could give another answer: with the formula, the language of
/// queries, the snippets, or the shape of answers. A test holds answers of each sort to it. Constants of ranking need
/// no rise: the weights of the request are part of the key, and so are the others.
pub(super) const ANSWERS: u32 = 1;

/// A request, ready to be answered.
#[derive(Debug)]
pub struct Prepared<'a> {
    pub(super) request: &'a SearchRequest,
    pub(super) reading: Reading<'a>,
    pub(super) roster: Roster,
    pub(super) decision: Decision,
}

impl<'a> Prepared<'a> {
    pub fn of(pieces: &dyn Pieces, request: &'a SearchRequest) -> Result<Self, QueryError> {
        let reading = Reading::of(request)?;
        let query = &reading.query;
        if request.count && query.expr.as_ref().is_none_or(|expr| expr.exacts().is_empty()) {
            return Err(QueryError::NothingToCount);
        }
        let wish = Wish {
            select: &request.select,
            tags: &request.tags,
            filters: &request.repo_filter,
            include_disabled: request.include_disabled,
        };
        let roster = Roster::call(pieces, wish, query, request.threads)?;
        let voters: Vec<Voter<'_>> =
            roster.seats.iter().map(|seat| Voter { member: &seat.member, priority: seat.entry.priority }).collect();
        let mixing = Mixing {
            cohorts: &request.cohorts,
            unsafe_mix: request.unsafe_mix,
            by_rank: request.merge == Merge::Rrf,
            strict: request.strict,
        };
        let decision = decide(&voters, &segment_modes(request, &reading), mixing)?;
        Ok(Self { request, reading, roster, decision })
    }

    /// Equal keys have equal answers: over the manifest, who is selected and in which order, the decision about cohorts,
    /// and the request. `moment` is what else tells one state of the workspace from another.
    pub fn key(&self, moment: &str) -> Digest {
        let mut hasher = KeyHasher::new("sawmill.query_answer.v1");
        hasher.int(u64::from(ANSWERS)).add(env!("CARGO_PKG_VERSION")).add(moment);
        hasher.add(&self.roster.manifest.manifest_hash).int(self.roster.seats.len() as u64);
        for seat in &self.roster.seats {
            hasher.add(&seat.entry.name).add(&seat.entry.stale);
        }
        hasher.int(self.decision.modes.len() as u64);
        for (mode, choice) in &self.decision.modes {
            hasher.add(mode).add(&choice.cohort).int(choice.left_out.len() as u64);
            for left in &choice.left_out {
                hasher.add(&left.repo).add(&left.cohort).add(&left.parameter);
            }
        }
        for measures in [&fusion::MEASURES[..], &named::MEASURES, &expand::MEASURES, &[LINES_K1]] {
            hasher.int(measures.len() as u64);
            for measure in measures {
                hasher.int(measure.to_bits());
            }
        }
        write_request(&mut hasher, self.request);
        hasher.finish()
    }
}

/// The modes of segments that may be opened: comments that are rows of their own lie in those of their code.
fn segment_modes(request: &SearchRequest, reading: &Reading<'_>) -> BTreeSet<Mode> {
    let wanted = Mode::ALL.into_iter().filter(|mode| request.wants(&reading.query, *mode));
    wanted.map(|mode| if mode == Mode::ExtractedProse { Mode::Code } else { mode }).collect()
}

fn write_request(hasher: &mut KeyHasher, request: &SearchRequest) {
    // Taken apart whole, so that a new field does not compile until it is written here, or said not to matter.
    let SearchRequest {
        query,
        limit,
        modes,
        // Whom they reach, and in which order, is in the key already.
        select: _,
        tags: _,
        repo_filter: _,
        include_disabled: _,
        cohorts,
        unsafe_mix,
        strict,
        merge,
        context,
        explain,
        budget,
        timings: _,
        files,
        count,
        places,
        threads: _,
        weights,
    } = request;
    let modes: BTreeSet<Mode> = modes.iter().copied().collect();
    hasher.add(query).add(limit).add(&modes);
    hasher.add(cohorts).add(unsafe_mix).add(strict).add(merge.name()).add(context).add(explain).add(budget);
    hasher.add(files).add(count).int(places.len() as u64);
    for (written, meant) in places {
        hasher.add(written).add(&meant.repo).add(&meant.path);
    }
    match serde_json::to_value(weights) {
        Ok(weights) => hasher.add(&weights),
        Err(error) => hasher.add(&error.to_string()),
    };
}
