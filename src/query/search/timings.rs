//! How long the steps of a search took: given where asked for, and nowhere else in an answer.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::clock::Stopwatch;

/// What became of the kept answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CacheUse {
    /// Nobody looked.
    #[default]
    Off,
    Hit,
    Miss,
}

impl CacheUse {
    /// As it stands in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Hit => "hit",
            Self::Miss => "miss",
        }
    }
}

/// Microseconds by step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Timings {
    /// Was the answer kept from before? Then most steps are not there.
    pub cache: CacheUse,
    /// Reading the query and the roots of builds, choosing repositories and cohorts.
    pub parse_us: u64,
    /// Choosing segments from manifests.
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
