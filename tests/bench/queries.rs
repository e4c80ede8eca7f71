//! Times of queries within one process, as a library call or a program that stays would have them.
//!
//! `cargo bench --bench queries -- WORKSPACE.yaml RUNS < QUERIES`, one query a line. For each query one line of JSON:
//! milliseconds of the first answer with an empty cache (`cold`), and the medians of RUNS warm ones: the ten best with
//! their snippets (`top`), and their places alone (`places`). `tests/bench/search.py` starts it.
#![expect(clippy::disallowed_methods, reason = "a benchmark stands outside the doors")]
#![expect(clippy::print_stdout, reason = "its result is printed")]

use std::error::Error;
use std::io::BufRead;
use std::sync::Arc;
use std::time::Instant;

use sawmill::base::{Cancel, clock::SystemClock, parallel, vfs::real::RealFs};
use sawmill::ops::Context;
use sawmill::query::search::{SearchRequest, places, search_with};
use sawmill::query::{Cache, QueryError};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let [workspace, runs] = args.as_slice() else { return Err("usage: queries WORKSPACE.yaml RUNS < QUERIES".into()) };
    let runs: usize = runs.parse()?;
    let context = Context::new(Arc::new(RealFs), Arc::new(SystemClock), Cancel::new(), workspace.into());
    let pinned = context.pinned()?;
    let warm = Cache::default();
    for query in std::io::stdin().lock().lines() {
        let request = SearchRequest { threads: parallel::available(), ..SearchRequest::new(query?) };
        let cold = timed(|| search_with(&pinned, &request, &Cache::default()))?;
        search_with(&pinned, &request, &warm)?;
        let top = median(runs, || search_with(&pinned, &request, &warm))?;
        let ids = median(runs, || places(&pinned, &request, &warm))?;
        println!("{}", json!({ "query": request.query, "cold": cold, "top": top, "places": ids }));
    }
    Ok(())
}

/// Milliseconds.
fn timed<T>(work: impl FnOnce() -> Result<T, QueryError>) -> Result<f64, QueryError> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

fn median<T>(runs: usize, work: impl Fn() -> Result<T, QueryError>) -> Result<f64, QueryError> {
    let mut times = (0..runs.max(1)).map(|_| timed(&work)).collect::<Result<Vec<f64>, _>>()?;
    times.sort_by(f64::total_cmp);
    Ok(times.get(times.len() / 2).copied().unwrap_or_default())
}
