//! Long answers on a terminal go through a pager, as git does it: `SAWMILL_PAGER`, else `PAGER`, else `less`.
//!
//! Never where standard output is no terminal, under `--json` (which has its own way out), with `--no-pager`, where
//! the text fits the terminal, or where the pager is `cat` or empty. A pager that cannot be started is no error: the
//! text is printed as it is. One that is left before the end has shown enough.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::process::{Command, Stdio};

use super::env::Env;
use super::interrupt;
use super::output::{self, Output};

/// What a shell says of a program that it cannot find or start.
const NOT_STARTED: [i32; 2] = [126, 127];

/// `text` on standard output: through the pager where it is longer than the terminal, else as it is.
pub fn show(text: &str, output: &Output, env: &Env) -> io::Result<()> {
    let long = output.height.is_some_and(|rows| text.lines().count() + 1 > usize::from(rows));
    let wanted = output.terminal && output.pager && !output.json && long;
    let Some(program) = pager(env).filter(|_| wanted) else { return output::data(text) };
    if through(&program, text, env.less)? { Ok(()) } else { output::data(text) }
}

/// The program to start; a variable that is set and empty means none.
fn pager(env: &Env) -> Option<OsString> {
    let chosen = env.sawmill_pager.as_ref().or(env.pager.as_ref());
    let program = chosen.map_or(OsStr::new("less"), OsString::as_os_str);
    (!program.is_empty() && program != "cat").then(|| program.to_owned())
}

/// Runs the user's own program; `false` where it cannot be started.
#[expect(clippy::disallowed_methods, reason = "the one program that is ever started: the user's own pager")]
fn through(program: &OsStr, text: &str, configured: bool) -> io::Result<bool> {
    let mut command = Command::new("sh");
    // As the shell would read it, since `PAGER="less -S"` is common. `$0` keeps the value out of the script.
    command.arg("-c").arg("eval \"exec $0\" 2>/dev/null").arg(program).stdin(Stdio::piped());
    if !configured {
        // -F: end at once if it fits, -R: let colours through, -X: leave the text on the screen.
        command.env("LESS", "FRX");
    }
    interrupt::leave_to_child();
    let Ok(mut child) = command.spawn() else { return Ok(false) };
    let written = match child.stdin.take() {
        Some(mut stdin) => stdin.write_all(text.as_bytes()),
        None => Ok(()),
    };
    let status = child.wait()?;
    let started = status.code().is_none_or(|code| !NOT_STARTED.contains(&code));
    match written {
        // Left before the end: that is what a pager is for.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(started),
        Err(error) => Err(error),
        Ok(()) => Ok(started),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(own: Option<&str>, shared: Option<&str>) -> Option<OsString> {
        pager(&Env { sawmill_pager: own.map(Into::into), pager: shared.map(Into::into), ..Env::default() })
    }

    #[test]
    fn the_pager_of_this_program_goes_before_that_of_all() {
        assert_eq!(chosen(Some("most"), Some("more")), Some("most".into()));
        assert_eq!(chosen(None, Some("more -f")), Some("more -f".into()));
        assert_eq!(chosen(None, None), Some("less".into()));
    }

    #[test]
    fn an_empty_pager_and_cat_are_none() {
        assert_eq!(chosen(Some(""), Some("more")), None, "for this program alone");
        assert_eq!(chosen(None, Some("")), None);
        assert_eq!(chosen(Some("cat"), None), None);
    }

    #[test]
    fn a_pager_that_is_missing_is_told_from_one_that_fails_and_from_one_that_is_left() {
        let text = "line\n".repeat(100_000);
        assert!(!through(OsStr::new("/nowhere/pager"), &text, true).unwrap());
        assert!(through(OsStr::new("sh -c 'cat >/dev/null; exit 3'"), &text, true).unwrap(), "it has shown the text");
        assert!(through(OsStr::new("sh -c 'exec <&-'"), &text, true).unwrap(), "left before the end");
    }
}
