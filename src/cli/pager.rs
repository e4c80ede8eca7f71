//! Long tables on a terminal go through `PAGER`, as people set it for every other program.

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::env::Env;
use super::output::{self, Output};

/// `text` on standard output: through the pager where it is longer than the terminal, else as it is.
pub fn show(text: &str, output: &Output, env: &Env) -> io::Result<()> {
    let long = output.height.is_some_and(|rows| text.lines().count() + 1 > usize::from(rows));
    let Some(program) = pager(env).filter(|_| output.terminal && long) else { return output::data(text) };
    if through(&program, text, env.less)? { Ok(()) } else { output::data(text) }
}

fn pager(env: &Env) -> Option<OsString> {
    let program = env.pager.clone().unwrap_or_else(|| "less".into());
    (!program.is_empty() && program != "cat").then_some(program)
}

/// Runs the user's own program; `false` where it cannot be started.
#[expect(clippy::disallowed_methods, reason = "the one program that is ever started: the user's own pager")]
fn through(program: &OsString, text: &str, configured: bool) -> io::Result<bool> {
    let mut command = Command::new("sh");
    // As the shell would read it, since `PAGER="less -S"` is common. `$0` keeps the value out of the script.
    command.arg("-c").arg("eval \"exec $0\"").arg(program).stdin(Stdio::piped());
    if !configured {
        // -F: end at once if it fits, -R: let colours through, -X: leave the text on the screen.
        command.env("LESS", "FRX");
    }
    let Ok(mut child) = command.spawn() else { return Ok(false) };
    let written = match child.stdin.take() {
        Some(mut stdin) => stdin.write_all(text.as_bytes()),
        None => Ok(()),
    };
    let status = child.wait()?;
    match written {
        // Left before the end: that is what a pager is for.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status.success()),
        Err(error) => Err(error),
        Ok(()) => Ok(status.success()),
    }
}
