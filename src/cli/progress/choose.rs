//! Which form of progress fits.

use std::sync::Arc;

use sawmill::ops::build::{BuildReport, Event, Listener};

use super::super::args::Progress;
use super::super::panic;
use super::super::report::Failure;
use super::super::shell::Shell;
use super::hold::Hold;
use super::jsonl::Protocol;
use super::log::Log;
use super::notice::Notices;
use super::tty::Bars;

/// What is shown while an operation runs; [`close`](Self::close) leaves the terminal as it was.
#[derive(Debug, Default)]
pub struct Screen {
    bars: Option<Arc<Bars>>,
    hold: Option<Arc<Hold>>,
    protocol: Option<Arc<Protocol>>,
}

impl Screen {
    pub fn close(self, report: Result<&BuildReport, &Failure>) {
        if let Some(hold) = self.hold {
            hold.close(report.is_ok_and(|report| report.nothing_to_do));
        }
        if let Some(bars) = self.bars {
            bars.clear();
        }
        if let Some(protocol) = self.protocol {
            protocol.close(report);
        }
    }
}

/// The subscriber for what the command line asks for.
pub fn listener(shell: &Shell) -> (Listener, Screen) {
    let output = &shell.output;
    let form = match shell.progress {
        Progress::Auto if output.quiet => Progress::Off,
        Progress::Auto if output.live => Progress::Tty,
        Progress::Auto => Progress::Log,
        asked => asked,
    };
    let notices = Notices::new(output);
    let mut screen = Screen::default();
    let listener: Listener = match form {
        Progress::Tty => {
            let bars = Arc::new(Bars::new(notices, output.unicode));
            screen.bars = Some(Arc::clone(&bars));
            Arc::new(move |event: Event| bars.see(&event))
        }
        Progress::Log | Progress::Auto => {
            let log = Log::new(notices);
            Arc::new(move |event: Event| log.see(&event))
        }
        Progress::Jsonl => {
            let protocol = Arc::new(Protocol::start(Arc::clone(&shell.clock)));
            screen.protocol = Some(Arc::clone(&protocol));
            let told = Arc::clone(&protocol);
            panic::tell(move |said| told.panicked(said));
            Arc::new(move |event: Event| protocol.see(&event))
        }
        Progress::Off => Arc::new(|_| ()),
    };
    if shell.progress != Progress::Auto || output.verbose {
        return (listener, screen);
    }
    let hold = Arc::new(Hold::new(listener, form == Progress::Log));
    screen.hold = Some(Arc::clone(&hold));
    (Arc::new(move |event: Event| hold.see(event)), screen)
}
