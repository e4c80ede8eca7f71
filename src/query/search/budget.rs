//! Whole chunks for a language model's context: the best first, until a budget of tokens is spent.
//!
//! A chunk costs what the column `tokens` says of its text, and the same estimate for its heading
//! (`path:start-end  kind name` and an empty line). One that does not fit into what is left is passed over, and the next
//! one is tried: a smaller chunk further down is worth more than nothing. A text that was given before, such as that of
//! a vendored copy, is not given twice. The chunks of a file tile it, so that a class and its methods never overlap.

use std::collections::BTreeSet;

use arrow::array::{StringArray, UInt32Array};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fetch::{by_shard, open_rows};
use super::rank::{Failed, Ranked, Source};
use crate::base::parallel;
use crate::nodes::chunk::estimate_tokens;
use crate::query::error::QueryError;
use crate::table::typed_column;

const COLUMNS: &[&str] =
    &["path", "kind", "name", "qualified_name", "start_line", "end_line", "tokens", "content_hash"];

/// What became of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spent {
    /// Tokens that were allowed.
    pub budget: u64,
    /// Tokens of all hits, estimated.
    pub tokens: u64,
    /// Chunks that did not fit into what was left when their turn came.
    pub too_large: u64,
    /// Chunks whose text was given before.
    pub repeated: u64,
}

/// What a chunk costs, and what tells its text from others.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Size {
    tokens: u64,
    content: String,
}

/// The hits that a budget pays for.
pub struct Chosen {
    /// In the order of their ranks.
    pub ranked: Vec<Ranked>,
    /// Tokens of each; none where there is no budget.
    pub tokens: Vec<u64>,
    pub spent: Option<Spent>,
}

/// Those of `ranked` that `budget` pays for; without one, all.
pub fn within(source: &Source<'_>, ranked: Vec<Ranked>, budget: Option<u64>) -> Result<Chosen, Failed> {
    let Some(budget) = budget else { return Ok(Chosen { ranked, tokens: Vec::new(), spent: None }) };
    let sizes = sizes(source, &ranked)?;
    let (chosen, spent) = choose(&sizes, budget);
    let tokens = chosen.iter().filter_map(|at| sizes.get(*at)).map(|size| size.tokens).collect();
    let kept: BTreeSet<usize> = chosen.into_iter().collect();
    let ranked = ranked.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, ranked)| ranked);
    Ok(Chosen { ranked: ranked.collect(), tokens, spent: Some(spent) })
}

/// Indexes into `sizes`, ascending.
fn choose(sizes: &[Size], budget: u64) -> (Vec<usize>, Spent) {
    let mut spent = Spent { budget, ..Spent::default() };
    let mut chosen = Vec::new();
    let mut given = BTreeSet::new();
    for (at, size) in sizes.iter().enumerate() {
        if given.contains(&size.content) {
            spent.repeated += 1;
        } else if size.tokens > budget - spent.tokens {
            spent.too_large += 1;
        } else {
            spent.tokens += size.tokens;
            given.insert(&size.content);
            chosen.push(at);
        }
    }
    (chosen, spent)
}

/// Of each of `ranked`, without reading a text.
fn sizes(source: &Source<'_>, ranked: &[Ranked]) -> Result<Vec<Size>, Failed> {
    let shards = by_shard(ranked);
    let read = parallel::map(source.request.threads, &shards, |(shard, rows)| {
        shard_sizes(source, *shard, rows).map_err(|error| source.failed(shard.0, error))
    });
    let mut sizes = Vec::with_capacity(ranked.len());
    for of_shard in read {
        sizes.extend(of_shard?);
    }
    sizes.sort_by_key(|(place, _)| *place);
    Ok(sizes.into_iter().map(|(_, size)| size).collect())
}

fn shard_sizes(
    source: &Source<'_>,
    shard: (u32, u32),
    rows: &[(u32, usize)],
) -> Result<Vec<(usize, Size)>, QueryError> {
    let (_, _, records) = open_rows(source, shard, rows, COLUMNS)?;
    let text = |name: &str| typed_column::<StringArray>(&records, "chunks", name);
    let number = |name: &str| typed_column::<UInt32Array>(&records, "chunks", name);
    let (paths, kinds, names, qualified) = (text("path")?, text("kind")?, text("name")?, text("qualified_name")?);
    let (starts, ends, tokens) = (number("start_line")?, number("end_line")?, number("tokens")?);
    let contents = text("content_hash")?;
    let mut out = Vec::with_capacity(rows.len());
    for (at, (_, place)) in rows.iter().enumerate().take(records.num_rows()) {
        let name = if qualified.value(at).is_empty() { names.value(at) } else { qualified.value(at) };
        let (path, start, end, kind) = (paths.value(at), starts.value(at), ends.value(at), kinds.value(at));
        let heading = estimate_tokens(&format!("{path}:{start}-{end}  {kind} {name}\n\n"));
        let tokens = u64::from(tokens.value(at)) + u64::from(heading);
        out.push((*place, Size { tokens, content: contents.value(at).to_owned() }));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sizes(of: &[(u64, &str)]) -> Vec<Size> {
        of.iter().map(|(tokens, content)| Size { tokens: *tokens, content: (*content).to_owned() }).collect()
    }

    #[test]
    fn what_does_not_fit_is_passed_over_for_something_smaller() {
        let (chosen, spent) = choose(&sizes(&[(60, "a"), (50, "b"), (30, "c"), (20, "d"), (10, "e")]), 100);
        assert_eq!(chosen, [0, 2, 4]);
        assert_eq!(spent, Spent { budget: 100, tokens: 100, too_large: 2, repeated: 0 });
    }

    #[test]
    fn no_text_is_given_twice_and_one_that_did_not_fit_is_not_a_repetition() {
        let (chosen, spent) = choose(&sizes(&[(60, "a"), (60, "b"), (60, "a"), (60, "b"), (9, "c")]), 100);
        assert_eq!(chosen, [0, 4]);
        assert_eq!((spent.too_large, spent.repeated), (2, 1));
    }

    proptest! {
        #[test]
        fn a_budget_is_never_exceeded_and_nothing_that_fits_is_left_out(
            of in prop::collection::vec((0u64..50, "[a-f]"), 0..30), budget in 0u64..200,
        ) {
            let sizes: Vec<Size> = of.into_iter().map(|(tokens, content)| Size { tokens, content }).collect();
            let (chosen, spent) = choose(&sizes, budget);
            prop_assert!(spent.tokens <= budget);
            prop_assert_eq!(spent.tokens, chosen.iter().map(|at| sizes[*at].tokens).sum::<u64>());
            prop_assert_eq!(chosen.len() as u64 + spent.too_large + spent.repeated, sizes.len() as u64);
            let given: BTreeSet<&String> = chosen.iter().map(|at| &sizes[*at].content).collect();
            prop_assert_eq!(given.len(), chosen.len());
            for (at, size) in sizes.iter().enumerate().filter(|(at, _)| !chosen.contains(at)) {
                let before: u64 = chosen.iter().filter(|c| **c < at).map(|c| sizes[*c].tokens).sum();
                prop_assert!(given.contains(&size.content) || before + size.tokens > budget);
            }
        }
    }
}
