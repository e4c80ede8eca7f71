//! Which form of progress fits.

use std::sync::Arc;

use sawmill::ops::build::{Event, Listener};

use super::super::args::Progress;
use super::super::output::Output;
use super::log::Log;
use super::notice::Notices;
use super::tty::Bars;

/// What is drawn while an operation runs; [`close`](Self::close) leaves the terminal as it was.
#[derive(Debug)]
pub struct Screen(Option<Arc<Bars>>);

impl Screen {
    pub fn close(self) {
        if let Some(bars) = self.0 {
            bars.clear();
        }
    }
}

/// The subscriber for what the command line asks for.
pub fn listener(progress: Progress, output: &Output) -> (Listener, Screen) {
    let form = match progress {
        Progress::Auto if output.quiet => Progress::Off,
        Progress::Auto if output.live => Progress::Tty,
        Progress::Auto => Progress::Log,
        asked => asked,
    };
    let notices = Notices::new(output);
    match form {
        Progress::Tty => {
            let bars = Arc::new(Bars::new(notices, output.unicode));
            let drawn = Arc::clone(&bars);
            (Arc::new(move |event: Event| drawn.see(&event)), Screen(Some(bars)))
        }
        Progress::Log | Progress::Auto => {
            let log = Log::new(notices);
            (Arc::new(move |event: Event| log.see(&event)), Screen(None))
        }
        Progress::Off => (Arc::new(|_| ()), Screen(None)),
    }
}
