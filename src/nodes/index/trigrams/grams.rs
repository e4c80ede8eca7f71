//! The distinct grams of a file.

/// One bit for each gram.
const WORDS: usize = (1 << 24) / 64;

/// Grams seen in the file at hand. Kept from file to file: emptied in time proportional to what was found.
#[derive(Debug)]
pub struct GramSet {
    seen: Vec<u64>,
    /// The first `count` are those found, in order of appearance.
    found: Vec<u32>,
    count: usize,
    /// The last three bytes.
    last: u32,
    folded: [u8; 256],
}

/// As if a line had ended before: three line feeds.
const START: u32 = 0x000a_0a0a;

impl Default for GramSet {
    fn default() -> Self {
        let folded = std::array::from_fn(|byte| (byte as u8).to_ascii_lowercase());
        Self { seen: vec![0; WORDS], found: Vec::new(), count: 0, last: START, folded }
    }
}

impl GramSet {
    /// Takes the next bytes of the file.
    pub fn add(&mut self, bytes: &[u8]) {
        // Every byte writes, and only a new gram moves the end: a branch here would be guessed wrong too often.
        if self.found.len() < self.count + bytes.len() + 1 {
            self.found.resize(self.count + bytes.len() + 1, 0);
        }
        for byte in bytes {
            let gram = (self.last << 8 | u32::from(self.folded[usize::from(*byte)])) & 0x00ff_ffff;
            let word = &mut self.seen[(gram >> 6) as usize];
            let bit = 1 << (gram & 63);
            let new = *word & bit == 0;
            *word |= bit;
            self.found[self.count] = gram;
            self.count += usize::from(new);
            self.last = gram;
        }
    }

    /// Ends the file: its grams in no order, each once; those with a line feed are none.
    pub fn finish(&mut self, mut each: impl FnMut(u32)) {
        for gram in &self.found[..self.count] {
            self.seen[(gram >> 6) as usize] = 0;
            if !has_line_feed(*gram) {
                each(*gram);
            }
        }
        self.count = 0;
        self.last = START;
    }
}

fn has_line_feed(gram: u32) -> bool {
    gram.to_be_bytes().contains(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::GramSet;

    fn of(set: &mut GramSet, pieces: &[&[u8]]) -> Vec<String> {
        for piece in pieces {
            set.add(piece);
        }
        let mut found = Vec::new();
        set.finish(|gram| found.push(gram));
        found.sort_unstable();
        found.iter().map(|gram| gram.to_be_bytes()[1..].escape_ascii().to_string()).collect()
    }

    #[test]
    fn grams_are_folded_distinct_and_of_one_line() {
        let mut set = GramSet::default();
        assert_eq!(of(&mut set, &[b"aBcABC"]), ["abc", "bca", "cab"]);
        assert_eq!(of(&mut set, &[b"ab\ncd\r\nefg\n"]), ["cd\\r", "efg"]);
        assert_eq!(of(&mut set, &[b"\xc3\x84b\x00"]), ["\\x84b\\x00", "\\xc3\\x84b"], "only ASCII is folded");
    }

    #[test]
    fn grams_cross_pieces_and_never_files() {
        let mut set = GramSet::default();
        assert_eq!(of(&mut set, &[b"a", b"", b"bc", b"d"]), ["abc", "bcd"]);
        assert_eq!(of(&mut set, &[b"e"]), [""; 0]);
        assert_eq!(of(&mut set, &[b"ab"]), [""; 0]);
        assert_eq!(of(&mut set, &[b"abc"]), ["abc"], "what was seen is forgotten");
    }
}
