//! Progress as bars: one a stage, with counts, rate and the time that is left.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use sawmill::ops::build::{Event, Outcome};

use super::super::human;
use super::notice::Notices;

/// Redraws a second.
const RATE: u8 = 12;

/// The bars of a run.
#[derive(Debug)]
pub struct Bars {
    notices: Notices,
    all: MultiProgress,
    scan: ProgressBar,
    work: ProgressBar,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    repos: u64,
    scanned: u64,
    files: u64,
    bytes: u64,
    planned: u64,
    /// Node → (ran, reused).
    nodes: BTreeMap<String, (u64, u64)>,
}

impl Bars {
    pub fn new(notices: Notices, unicode: bool) -> Self {
        let all = MultiProgress::with_draw_target(ProgressDrawTarget::stderr_with_hz(RATE));
        let marks = if unicode { "━╸─" } else { "=> " };
        let style = |template: &str| {
            // The templates are constants; a mistake in one shows the default bar.
            let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
            // A whole number: the default has four decimals.
            let rate = |state: &ProgressState, out: &mut dyn fmt::Write| {
                // The bar goes without its rate where it cannot be written.
                let _ = write!(out, "{:.0}/s", state.per_sec());
            };
            style.with_key("rate", rate).progress_chars(marks)
        };
        let scan = all.add(ProgressBar::new(0));
        scan.set_style(style("  scan  {bar:24} {pos}/{len} repositories  {wide_msg}"));
        let work = all.add(ProgressBar::new(0));
        work.set_style(style("  build {bar:24} {pos}/{len} actions  {rate}  {eta} left  {wide_msg}"));
        Self { notices, all, scan, work, state: Mutex::default() }
    }

    pub fn see(&self, event: &Event) {
        if let Some(line) = self.notices.line(event) {
            // A terminal that went away is no reason to stop.
            let _ = self.all.println(line);
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::ScanStarted { repos } => {
                state.repos += *repos as u64;
                self.scan.set_length(state.repos);
            }
            Event::Scanned { files, bytes, .. } => {
                state.scanned += 1;
                state.files += *files as u64;
                state.bytes += bytes;
                self.scan.set_position(state.scanned);
                let files = human::counted(state.files, "file", "files");
                self.scan.set_message(format!("{files}, {}", human::bytes(state.bytes)));
            }
            Event::Planned { actions, .. } => {
                state.planned += *actions as u64;
                self.work.set_length(state.planned);
                self.work.reset_eta();
            }
            Event::ActionFinished(action) => {
                let counts = state.nodes.entry(action.node.to_string()).or_default();
                match action.outcome {
                    Outcome::Ran => counts.0 += 1,
                    Outcome::Reused => counts.1 += 1,
                }
                self.work.inc(1);
                self.work.set_message(nodes(&state.nodes));
            }
            Event::Publishing => self.work.set_message("publishing"),
            _ => {}
        }
    }

    pub fn clear(&self) {
        self.scan.finish_and_clear();
        self.work.finish_and_clear();
        // As above.
        let _ = self.all.clear();
    }
}

fn nodes(counts: &BTreeMap<String, (u64, u64)>) -> String {
    let part = |(node, (ran, reused)): (&String, &(u64, u64))| format!("{node} {}", human::count(ran + reused));
    counts.iter().map(part).collect::<Vec<_>>().join(" · ")
}
