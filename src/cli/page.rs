//! Text under construction: the answer of a command, piece by piece.

/// Lines for a person.
#[derive(Debug, Default)]
pub struct Page(String);

impl Page {
    pub fn add(&mut self, text: impl AsRef<str>) {
        self.0.push_str(text.as_ref());
    }

    pub fn line(&mut self, text: impl AsRef<str>) {
        self.add(text);
        self.0.push('\n');
    }

    pub fn text(self) -> String {
        self.0
    }
}
