//! Where words go: standard output is data, standard error is for people.
//!
//! With `--json` standard output is exactly one JSON object in canonical form, also when the command fails.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::args::{Global, Progress, When};
use super::env::Env;
use super::paint::Paint;
use super::sanitize;

/// Widest text that is still easy to read, where nothing says how wide the terminal is.
const DEFAULT_WIDTH: u16 = 100;

/// What the command line and the terminal say about output.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an answer of its own")]
pub struct Output {
    pub json: bool,
    pub quiet: bool,
    pub verbose: bool,
    /// Long answers may go through a pager.
    pub pager: bool,
    /// Standard output is a terminal.
    pub terminal: bool,
    /// For standard output.
    pub paint: Paint,
    /// For standard error.
    pub err_paint: Paint,
    /// Standard error is a terminal that can move its cursor.
    pub live: bool,
    /// Box-drawing characters may be used.
    pub unicode: bool,
    pub width: u16,
    pub height: Option<u16>,
}

impl Output {
    pub fn new(global: &Global, env: &Env) -> Self {
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        let paint = |terminal: bool| {
            Paint::new(match global.color {
                When::Always => true,
                When::Never => false,
                When::Auto => terminal && !env.no_color && !env.dumb,
            })
        };
        let size = [rustix::termios::tcgetwinsize(io::stdout()), rustix::termios::tcgetwinsize(io::stderr())]
            .into_iter()
            .flatten()
            .find(|size| size.ws_col > 0);
        Self {
            json: global.json || global.progress == Progress::Jsonl,
            quiet: global.quiet || global.progress == Progress::Jsonl,
            verbose: global.verbose,
            pager: !global.no_pager,
            terminal: out,
            paint: paint(out),
            err_paint: paint(err),
            live: err && !env.dumb,
            unicode: env.utf8,
            width: env.columns.or(size.map(|s| s.ws_col)).unwrap_or(DEFAULT_WIDTH).max(20),
            height: size.map(|s| s.ws_row).filter(|rows| *rows > 0),
        }
    }

    /// A line for people. It is not worth failing for: standard error may be closed.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            insist(line);
        }
    }
}

/// Data on standard output, as it is.
pub fn data(text: impl AsRef<[u8]>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_ref())?;
    out.flush()
}

/// The one JSON object of a command.
pub fn object<T: Serialize + ?Sized>(value: &T) -> io::Result<()> {
    data(json(value)?)
}

/// One canonical line of JSON, with escapes for every character that acts on a terminal or hides.
pub fn json<T: Serialize + ?Sized>(value: &T) -> io::Result<String> {
    let text = String::from_utf8(sawmill::base::json::canonical(value)?).map_err(io::Error::other)?;
    Ok(sanitize::json(&text).into_owned())
}

/// A line for people that `--quiet` does not silence.
pub fn insist(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", line.trim_end_matches('\n'));
}
