//! What a container says of a region.

/// Text of another language; offsets are those of the text that the container was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::nodes::extract) struct Embedded {
    /// A language that [`language`](super::language) knows.
    pub language: &'static str,
    /// As in the outline's `kind`.
    pub kind: &'static str,
    pub start: u32,
    pub end: u32,
    /// The stretches that are the text, ascending, where something stands between them that is not (`> ` of a
    /// quotation, an indentation). Empty: all of it.
    pub ranges: Vec<(u32, u32)>,
    /// JSON strings whose contents, put together, are the text.
    pub escaped: bool,
    /// Written to be read, not run: that it does not parse says nothing of the file.
    pub example: bool,
}

impl Embedded {
    /// All of `start..end`; none where that is blank.
    pub fn new(language: &'static str, kind: &'static str, start: usize, end: usize, bytes: &[u8]) -> Option<Self> {
        let blank = bytes.get(start..end)?.trim_ascii().is_empty();
        (!blank).then_some(Self {
            language,
            kind,
            start: start as u32,
            end: end as u32,
            ranges: Vec::new(),
            escaped: false,
            example: false,
        })
    }

    pub fn example(mut self) -> Self {
        self.example = true;
        self
    }

    pub fn escaped(mut self) -> Self {
        self.escaped = true;
        self
    }

    pub fn ranges(mut self, ranges: Vec<(u32, u32)>) -> Self {
        self.ranges = ranges;
        self
    }
}
