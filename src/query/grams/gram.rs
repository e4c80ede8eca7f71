//! Trigrams of bytes.

use std::fmt;

/// Three bytes in a row, ASCII letters in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Gram([u8; 3]);

impl Gram {
    /// Folds ASCII letters.
    pub fn new(bytes: [u8; 3]) -> Self {
        Self(bytes.map(|b| b.to_ascii_lowercase()))
    }

    pub fn bytes(self) -> [u8; 3] {
        self.0
    }

    /// The bytes as a number, the first the highest: grams and numbers have one order.
    pub fn number(self) -> u32 {
        let [a, b, c] = self.0;
        u32::from_be_bytes([0, a, b, c])
    }
}

impl fmt::Display for Gram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// The trigrams of `bytes` in order, repeated ones too; none for fewer than three bytes.
pub fn grams(bytes: &[u8]) -> impl Iterator<Item = Gram> + '_ {
    bytes.windows(3).filter_map(|window| <[u8; 3]>::try_from(window).ok()).map(Gram::new)
}
