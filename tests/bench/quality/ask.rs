//! Asks a set of questions, and judges the answers with many weights. `run.py` and `tune.py` start it; by hand:
//!
//! `cargo bench --bench quality -- WORKSPACE QUESTIONS.jsonl LIMIT < WEIGHTS.jsonl`
//!
//! A question is an object with `repo`, `query` and what is wanted: `items`, each a list of places (`path:line`) any of
//! which shows it, or `files`. For each line of standard input, one object of weights (fields that are left out keep
//! their defaults), one line is printed: the places of each question's hits where LIMIT is over 10, otherwise nDCG@10 of
//! each question. Without arguments it prints the default weights.
#![expect(clippy::disallowed_methods, reason = "a benchmark stands outside the doors")]
#![expect(clippy::print_stdout, reason = "its result is printed")]

use std::error::Error;
use std::io::BufRead;
use std::sync::Arc;

use sawmill::base::{Cancel, clock::SystemClock, parallel, vfs::real::RealFs};
use sawmill::ops::Context;
use sawmill::query::search::{Place, SearchRequest, Weights, places};
use sawmill::query::{Cache, Pieces, QueryError};
use serde_json::{Value, json};

/// Hits that nDCG looks at.
const DEPTH: usize = 10;

struct Question {
    repo: String,
    query: String,
    /// Per wanted thing, the places or the file that show it.
    wanted: Vec<Vec<String>>,
    by_file: bool,
}

impl Question {
    fn read(line: &str) -> Result<Self, Box<dyn Error>> {
        let value: Value = serde_json::from_str(line)?;
        let text = |key: &str| value[key].as_str().map(str::to_owned).ok_or("a question lacks a text");
        let list = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
        };
        let by_file = value["files"].is_array();
        let wanted = if by_file {
            list(&value["files"]).into_iter().map(|file| vec![file]).collect()
        } else {
            value["items"].as_array().into_iter().flatten().map(list).collect()
        };
        Ok(Self { repo: text("repo")?, query: text("query")?, wanted, by_file })
    }

    /// What the hits are called, each file once where files are asked for.
    fn named(&self, hits: &[Place]) -> Vec<String> {
        let mut names: Vec<String> = Vec::with_capacity(hits.len());
        for hit in hits {
            let name = if self.by_file { hit.path.clone() } else { format!("{}:{}", hit.path, hit.start_line) };
            if !self.by_file || !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// A thing counts where it is shown first; the ideal shows one new thing a hit.
    fn ndcg(&self, names: &[String]) -> f64 {
        let gain = |rank: usize| 1.0 / (rank as f64 + 2.0).log2();
        let mut open: Vec<&Vec<String>> = self.wanted.iter().collect();
        let mut sum = 0.0;
        for (rank, name) in names.iter().take(DEPTH).enumerate() {
            let before = open.len();
            open.retain(|places| !places.contains(name));
            sum += if open.len() < before { gain(rank) } else { 0.0 };
        }
        let ideal: f64 = (0..self.wanted.len().min(DEPTH)).map(gain).sum();
        if ideal > 0.0 { sum / ideal } else { 0.0 }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if args.is_empty() {
        println!("{}", serde_json::to_string(&Weights::default())?);
        return Ok(());
    }
    let [workspace, questions, limit] = args.as_slice() else {
        return Err("usage: quality WORKSPACE QUESTIONS.jsonl LIMIT < WEIGHTS.jsonl".into());
    };
    let limit: usize = limit.parse()?;
    let context = Context::new(Arc::new(RealFs), Arc::new(SystemClock), Cancel::new(), workspace.into());
    let pinned = context.pinned()?;
    let read = std::fs::read_to_string(questions)?;
    let questions = read.lines().map(Question::read).collect::<Result<Vec<_>, _>>()?;
    let cache = Cache::default();
    for line in std::io::stdin().lock().lines() {
        let weights: Weights = serde_json::from_str(&line?)?;
        let answers = parallel::map(parallel::available(), &questions, |question| {
            answer(&pinned, &cache, question, limit, &weights).map_err(|e| format!("{}: {e}", question.query))
        });
        let answers = answers.into_iter().collect::<Result<Vec<Value>, String>>()?;
        println!("{}", Value::Array(answers));
    }
    Ok(())
}

fn answer(
    pieces: &dyn Pieces,
    cache: &Cache,
    question: &Question,
    limit: usize,
    weights: &Weights,
) -> Result<Value, QueryError> {
    let request = SearchRequest {
        limit,
        select: vec![question.repo.clone()],
        weights: weights.clone(),
        ..SearchRequest::new(&question.query)
    };
    let hits = match places(pieces, &request, cache) {
        // A question that is refused is one that is not answered.
        Err(QueryError::Parse(_)) => Vec::new(),
        other => other?,
    };
    let names = question.named(&hits);
    Ok(if limit > DEPTH { json!(names) } else { json!(question.ndcg(&names)) })
}
