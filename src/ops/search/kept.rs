//! An answer from the kept ones, or a new one that is kept.
//!
//! Scores are kept as their bits: the nearest decimal of a number, read again, need not be the number.

use serde::{Deserialize, Serialize};

use super::SearchRequest;
use crate::base::Digest;
use crate::ops::context::Context;
use crate::ops::error::OpsError;
use crate::ops::stale::Standing;
use crate::query::search::{CacheUse, Laps, Prepared, RepoStatus, SearchAnswer, Timings};
use crate::query::{Cache, QueryError};
use crate::store::Store;

#[derive(Serialize, Deserialize)]
struct Kept {
    scores: Vec<u64>,
    answer: SearchAnswer,
}

/// The answer, what became of the kept ones, and why it could not be kept, where it could not.
pub(super) struct Given {
    pub answer: SearchAnswer,
    pub cache: CacheUse,
    pub trouble: Option<String>,
}

/// Answers `request`. With `keep` an equal answer of before is given where there is one; none that is explained, since
/// that is about how it was made.
pub(super) fn answer(
    context: &Context,
    standing: &Standing,
    request: &SearchRequest,
    keep: bool,
) -> Result<Given, OpsError> {
    let mut laps = Laps::start();
    let prepared = Prepared::of(standing, request).map_err(OpsError::Query)?;
    laps.lap(|timings| &mut timings.parse_us);
    let new = |prepared: Prepared<'_>, laps: Laps| -> Result<SearchAnswer, QueryError> {
        prepared.answer(standing, &Cache::default(), laps)
    };
    let store = if keep && !request.explain { standing.own_store(context)? } else { None };
    let Some(store) = store else {
        return Ok(Given { answer: new(prepared, laps)?, cache: CacheUse::Off, trouble: None });
    };
    let moment = standing.at.as_ref().map_or("", |at| &at.identity_hash);
    let key = prepared.key(moment);
    let now = context.clock.now();
    if let Some(answer) = look(&store, &key, context) {
        let timings = request.timings.then(|| Timings { cache: CacheUse::Hit, ..laps.finish() });
        return Ok(Given { answer: SearchAnswer { timings, ..answer }, cache: CacheUse::Hit, trouble: None });
    }
    let mut answer = new(prepared, laps)?;
    let mut trouble = None;
    if is_whole(&answer) {
        let timings = answer.timings.take();
        let scores = answer.hits.iter().map(|hit| hit.score.to_bits()).collect();
        let kept = Kept { scores, answer };
        trouble = store.keep_answer(&key, now, &kept).err().map(|error| OpsError::Store(error).in_one_line());
        answer = SearchAnswer { timings, ..kept.answer };
    }
    if let Some(timings) = &mut answer.timings {
        timings.cache = CacheUse::Miss;
    }
    Ok(Given { answer, cache: CacheUse::Miss, trouble })
}

fn look(store: &Store, key: &Digest, context: &Context) -> Option<SearchAnswer> {
    let Kept { scores, mut answer } = store.kept_answer(key, context.clock.now())?;
    if scores.len() != answer.hits.len() {
        return None;
    }
    for (hit, bits) in answer.hits.iter_mut().zip(scores) {
        hit.score = f64::from_bits(bits);
    }
    Some(answer)
}

/// An answer without one of its repositories is no answer for the time when that one is back.
fn is_whole(answer: &SearchAnswer) -> bool {
    let whole = |status| matches!(status, RepoStatus::Ok | RepoStatus::NoIndex | RepoStatus::LeftOut);
    answer.repos.iter().all(|repo| whole(repo.status))
}
