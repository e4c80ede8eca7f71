//! A notice as a line: something that is worth telling and stopped nothing.

use sawmill::ops::build::Event;

use super::super::output::Output;
use super::super::paint::Paint;
use super::super::sanitize;

/// Turns notices into lines.
#[derive(Clone, Copy, Debug)]
pub struct Notices {
    paint: Paint,
    verbose: bool,
}

impl Notices {
    pub fn new(output: &Output) -> Self {
        Self { paint: output.err_paint, verbose: output.verbose }
    }

    /// `warning: api/loop: …`, with code and help where more is asked for; `None` for every other event.
    pub fn line(self, event: &Event) -> Option<String> {
        let Event::Notice { repo, code, path, message, help } = event else { return None };
        let place = match (repo.as_deref().unwrap_or_default(), path.as_str()) {
            ("", "") => String::new(),
            (repo, "") => format!("{repo}: "),
            ("", path) => format!("{path}: "),
            (repo, path) => format!("{repo}/{path}: "),
        };
        let warning = self.paint.warn("warning");
        let line = format!("{warning}: {}{}", sanitize::name(&place), sanitize::name(message));
        if !self.verbose {
            return Some(line);
        }
        let code = self.paint.dim(&format!("[{}]", sanitize::name(code)));
        let help = if help.is_empty() { String::new() } else { format!("\n  help: {}", sanitize::name(help)) };
        Some(format!("{line} {code}{help}"))
    }
}
