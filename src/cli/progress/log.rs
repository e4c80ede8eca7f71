//! Progress as lines: for a file, a pipe, a machine that builds.

use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sawmill::base::clock::Stopwatch;
use sawmill::ops::build::Event;

use super::super::human;
use super::super::sanitize;
use super::notice::Notices;

/// Between two lines that count actions.
const PAUSE: Duration = Duration::from_secs(5);

/// Writes lines to standard error.
#[derive(Debug)]
pub struct Log {
    notices: Notices,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    planned: u64,
    finished: u64,
    since: Stopwatch,
}

impl Log {
    pub fn new(notices: Notices) -> Self {
        Self { notices, state: Mutex::new(State { planned: 0, finished: 0, since: Stopwatch::start() }) }
    }

    pub fn see(&self, event: &Event) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = self.notices.line(event).or_else(|| state.line(event)) {
            // Standard error may be closed; the work goes on.
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
    }
}

impl State {
    fn line(&mut self, event: &Event) -> Option<String> {
        match event {
            Event::Scanned { repo, files, bytes, hashed } => {
                let files = human::counted(*files as u64, "file", "files");
                let (bytes, hashed) = (human::bytes(*bytes), human::count(*hashed as u64));
                Some(format!("scanned {}: {files}, {bytes}, {hashed} read", sanitize::name(repo)))
            }
            Event::Planned { actions, .. } => {
                self.planned += *actions as u64;
                None
            }
            Event::ActionFinished(_) => {
                self.finished += 1;
                if self.since.elapsed() < PAUSE {
                    return None;
                }
                self.since = Stopwatch::start();
                Some(format!("{} of {} actions", human::count(self.finished), human::count(self.planned)))
            }
            Event::Publishing => Some("publishing".to_owned()),
            _ => None,
        }
    }
}
