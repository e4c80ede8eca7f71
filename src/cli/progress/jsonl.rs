//! Progress as a protocol: JSON Lines on standard error, and nothing else there.
//!
//! `docs/progress.md` describes the lines, `docs/schema/progress.json` is their JSON Schema. A build is the job
//! `build`; each repository with work is a job of its own, `repo:NAME`. Lines of one job are numbered from 0.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use sawmill::base::Clock;
use sawmill::ops::build::{ActionDone, BuildReport, Event};
use serde_json::{Map, Value, json};

use super::super::output;
use super::super::report::Failure;

/// The protocol and its version.
const PROTO: &str = "sawmill.progress@1";
/// Longest line, in bytes, its end included.
const LINE: usize = 1 << 20;
/// The job of the build as a whole.
const BUILD: &str = "build";

/// Writes the lines of one run.
#[derive(Debug)]
pub struct Protocol {
    clock: Arc<dyn Clock>,
    run: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Job → the number of its next line; the lines of no job are under the empty name.
    next: BTreeMap<String, u64>,
    /// The scan has started.
    scanning: bool,
    repos: usize,
    scanned: usize,
    /// Repository → actions that there are, and that are done.
    jobs: BTreeMap<String, (usize, usize)>,
}

impl Protocol {
    /// A new run: says hello and starts the job.
    pub fn start(clock: Arc<dyn Clock>) -> Self {
        let run = format!("{:x}-{:x}", clock.now().0, std::process::id());
        let protocol = Self { clock, run, state: Mutex::default() };
        let mut state = State::default();
        protocol.tell(&mut state, "", "hello", &json!({ "program": "sawmill", "version": env!("CARGO_PKG_VERSION") }));
        protocol.tell(&mut state, BUILD, "job:start", &json!({}));
        Self { state: Mutex::new(state), ..protocol }
    }

    pub fn see(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::ScanStarted { repos } => {
                state.repos += repos;
                let body = json!({ "task": "scan", "done": state.scanned, "total": state.repos });
                // A tree that changed while it was read is scanned again.
                let again = std::mem::replace(&mut state.scanning, true);
                self.tell(&mut state, BUILD, if again { "task:progress" } else { "task:start" }, &body);
            }
            Event::Scanned { repo, files, bytes, hashed } => {
                state.scanned += 1;
                let (done, total) = (state.scanned, state.repos);
                let body = json!({
                    "task": "scan", "done": done, "total": total,
                    "repo": **repo, "files": files, "bytes": bytes, "read": hashed,
                });
                self.tell(&mut state, BUILD, "task:progress", &body);
            }
            Event::Planned { repo, actions } => self.planned(&mut state, repo, *actions),
            Event::ActionFinished(action) => self.finished(&mut state, action),
            Event::Notice { repo, code, path, message, help } => {
                let body = json!({
                    "level": "warning", "code": code, "message": message, "help": help,
                    "repo": repo.as_deref(), "path": path,
                });
                self.tell(&mut state, BUILD, "log", &body);
            }
            Event::Current { .. } | Event::Publishing | Event::Promoted { .. } => {}
        }
    }

    /// A bug showed itself; the job's end tells what came of it.
    pub fn panicked(&self, said: &str) {
        // Where this very thread was telling something, the line is left out: waiting for itself would be the end.
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(state)) => state.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        let help = "this is a bug of Sawmill: please report it";
        let body = json!({
            "level": "error", "code": "sawmill::cli::panic", "message": said, "help": help, "repo": null, "path": "",
        });
        self.tell(&mut state, BUILD, "log", &body);
    }

    fn planned(&self, state: &mut State, repo: &str, actions: usize) {
        let job = job(repo);
        let first = !state.jobs.contains_key(repo);
        let (total, done) = state.jobs.entry(repo.to_owned()).or_default();
        // A tree that changed while it was read is planned again.
        *total += actions;
        let (total, done) = (*total, *done);
        if first {
            self.tell(state, BUILD, "job:spawn", &json!({ "child": job, "repo": repo }));
            self.tell(state, &job, "job:start", &json!({ "repo": repo }));
            self.tell(state, &job, "task:start", &json!({ "task": "actions", "done": done, "total": total }));
        } else {
            self.tell(state, &job, "task:progress", &json!({ "task": "actions", "done": done, "total": total }));
        }
    }

    fn finished(&self, state: &mut State, action: &ActionDone) {
        let (total, done) = state.jobs.entry(action.repo.to_string()).or_default();
        *done += 1;
        let body = json!({
            "task": "actions", "done": *done, "total": *total, "node": *action.node, "unit": action.unit,
            "id": *action.id, "outcome": action.outcome, "rows": action.rows, "bytes": action.bytes,
        });
        self.tell(state, &job(&action.repo), "task:progress", &body);
    }

    /// The end of the run, with what became of it.
    pub fn close(&self, report: Result<&BuildReport, &Failure>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if std::mem::take(&mut state.scanning) {
            let body = json!({ "task": "scan", "done": state.scanned, "total": state.repos });
            self.tell(&mut state, BUILD, "task:end", &body);
        }
        let failed = |repo: &str| report.map_or(true, |r| r.failed.iter().any(|f| f.repo == repo));
        for (repo, (total, done)) in std::mem::take(&mut state.jobs) {
            let status = if failed(&repo) { "failed" } else { "done" };
            let body = json!({ "task": "actions", "done": done, "total": total });
            self.tell(&mut state, &job(&repo), "task:end", &body);
            self.tell(&mut state, &job(&repo), "job:end", &json!({ "status": status }));
        }
        let end = match report {
            Ok(report) => {
                let body = json!({ "generation": report.generation, "bytes": report.bytes_written });
                self.tell(&mut state, BUILD, "job:artifacts", &body);
                json!({ "status": if report.ok { "done" } else { "failed" }, "nothing_to_do": report.nothing_to_do })
            }
            Err(failure) => {
                json!({ "status": "failed", "error": failure.report().error })
            }
        };
        self.tell(&mut state, BUILD, "job:end", &end);
    }

    fn tell(&self, state: &mut State, job: &str, event: &str, body: &Value) {
        let next = state.next.entry(job.to_owned()).or_default();
        let (seq, ts) = (*next, self.clock.now().to_string());
        *next += 1;
        let mut head = Map::new();
        for (key, value) in [("proto", PROTO), ("event", event), ("ts", &ts), ("run_id", &self.run)] {
            head.insert(key.to_owned(), value.into());
        }
        head.insert("seq".to_owned(), seq.into());
        if !job.is_empty() {
            head.insert("job_id".to_owned(), job.into());
        }
        // Standard error may be closed; the work goes on. What is told is text and numbers, which are always JSON.
        if let Ok(line) = line(head, body) {
            let _ = std::io::stderr().lock().write_all(line.as_bytes());
        }
    }
}

fn job(repo: &str) -> String {
    format!("repo:{repo}")
}

/// Head and body as one line; a body that is too long for a line is left out, and that is said.
fn line(head: Map<String, Value>, body: &Value) -> std::io::Result<String> {
    let mut whole = head.clone();
    whole.extend(body.as_object().into_iter().flatten().map(|(key, value)| (key.clone(), value.clone())));
    let text = output::json(&whole)?;
    if text.len() <= LINE {
        return Ok(text);
    }
    let mut short = head;
    short.insert("truncated".to_owned(), true.into());
    output::json(&short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_is_longer_than_the_protocol_allows() {
        let head = || Map::from_iter([("event".to_owned(), Value::from("log"))]);
        let long = line(head(), &json!({ "message": "x".repeat(LINE) })).unwrap();
        assert_eq!(long, "{\"event\":\"log\",\"truncated\":true}\n");
        let short = line(head(), &json!({ "message": "x" })).unwrap();
        assert_eq!(short, "{\"event\":\"log\",\"message\":\"x\"}\n");
    }
}
