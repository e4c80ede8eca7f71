//! Colours and weights. Meaning never hangs on them: what is red also says what is wrong.

use anstyle::{AnsiColor, Style};

/// Styles text, or leaves it alone where colours are off.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    on: bool,
}

impl Paint {
    pub fn new(on: bool) -> Self {
        Self { on }
    }

    #[cfg(test)]
    pub fn plain() -> Self {
        Self::new(false)
    }

    pub fn is_on(self) -> bool {
        self.on
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.on && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    pub fn bold(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// A place: path and line.
    pub fn place(self, text: &str) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    /// A match within a line.
    pub fn hit(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default().bold(), text)
    }

    pub fn good(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    pub fn warn(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    pub fn bad(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default(), text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_colour_nothing_is_added() {
        assert_eq!(Paint::plain().hit("x"), "x");
        assert_eq!(Paint::new(true).bold(""), "");
        assert_eq!(Paint::new(true).bold("x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
