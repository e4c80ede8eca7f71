//! How long the steps of a search took: given where asked for, and nowhere else in an answer.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::clock::Stopwatch;

/// Microseconds by step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Timings {
    pub parse_us: u64,
    /// Choosing repositories and segments from manifests.
    pub select_us: u64,
    /// Reading term pages.
    pub open_us: u64,
    pub score_us: u64,
    /// Finding lines with literals and expressions.
    pub exact_us: u64,
    /// Reading rows of candidates, filters, the best.
    pub rank_us: u64,
    /// Reading hits, cutting snippets, explaining.
    pub fetch_us: u64,
    pub total_us: u64,
}

/// A stopwatch that knows the step it is in.
#[derive(Debug)]
pub struct Laps {
    watch: Stopwatch,
    last: Duration,
    timings: Timings,
}

impl Laps {
    pub fn start() -> Self {
        Self { watch: Stopwatch::start(), last: Duration::ZERO, timings: Timings::default() }
    }

    /// Ends a step; what was done twice has its times added.
    pub fn lap(&mut self, step: fn(&mut Timings) -> &mut u64) {
        let now = self.watch.elapsed();
        *step(&mut self.timings) += micros(now.saturating_sub(self.last));
        self.last = now;
    }

    pub fn finish(&self) -> Timings {
        Timings { total_us: micros(self.watch.elapsed()), ..self.timings }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
