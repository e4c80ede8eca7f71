//! Texts to numbers and back: the words and terms of one shard.

/// An interner. Numbers are given in order of first appearance, so equal input gives equal numbers; the hash is
/// fixed and its order is seen by nobody.
#[derive(Debug)]
pub struct Vocabulary {
    bytes: Vec<u8>,
    /// End of each text in `bytes`.
    ends: Vec<u32>,
    hashes: Vec<u32>,
    /// Open addressing: number + 1, or 0. The length is a power of two, at most half full.
    slots: Vec<u32>,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self { bytes: Vec::new(), ends: Vec::new(), hashes: Vec::new(), slots: vec![0; 1 << 12] }
    }
}

impl Vocabulary {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of `text`, and whether it is new.
    pub fn intern(&mut self, text: &[u8]) -> (u32, bool) {
        let hash = hash(text);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while let Some(number) = self.slots[slot].checked_sub(1) {
            if self.hashes[number as usize] == hash && self.get(number) == text {
                return (number, false);
            }
            slot = (slot + 1) & mask;
        }
        let number = self.ends.len() as u32;
        self.slots[slot] = number + 1;
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
        self.hashes.push(hash);
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        (number, true)
    }

    /// The text of `number`, which this vocabulary gave.
    pub fn get(&self, number: u32) -> &[u8] {
        let at = number as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.bytes[start..self.ends[at] as usize]
    }

    /// Every number, in the order of the texts' bytes.
    pub fn sorted(&self) -> Vec<u32> {
        let mut keyed: Vec<(u64, u32)> =
            (0..self.ends.len() as u32).map(|number| (prefix(self.get(number)), number)).collect();
        keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.get(a.1).cmp(self.get(b.1))));
        keyed.into_iter().map(|(_, number)| number).collect()
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots = vec![0; mask + 1];
        for (number, hash) in self.hashes.iter().enumerate() {
            let mut slot = *hash as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = number as u32 + 1;
        }
    }
}

/// The first eight bytes as a number that sorts as they do.
fn prefix(text: &[u8]) -> u64 {
    let mut first = [0; 8];
    let taken = text.len().min(8);
    first[..taken].copy_from_slice(&text[..taken]);
    u64::from_be_bytes(first)
}

/// Multiply and rotate over eight bytes at a time, as in rustc's FxHasher, folded to 32 bits.
fn hash(text: &[u8]) -> u32 {
    const K: u64 = 0x517c_c1b7_2722_0a95;
    let mut state = text.len() as u64;
    let (eights, rest) = text.as_chunks::<8>();
    for eight in eights {
        state = (state.rotate_left(5) ^ u64::from_le_bytes(*eight)).wrapping_mul(K);
    }
    if !rest.is_empty() {
        state = (state.rotate_left(5) ^ prefix(rest)).wrapping_mul(K);
    }
    (state ^ state >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::Vocabulary;

    #[test]
    fn a_text_keeps_its_number_through_growth() {
        let mut vocabulary = Vocabulary::default();
        let texts: Vec<String> = (0..20_000).map(|n| format!("word{n}")).collect();
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(vocabulary.intern(text.as_bytes()), (n as u32, true));
        }
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(vocabulary.intern(text.as_bytes()), (n as u32, false));
            assert_eq!(vocabulary.get(n as u32), text.as_bytes());
        }
        assert_eq!(vocabulary.len(), 20_000);
    }

    #[test]
    fn sorting_follows_bytes_beyond_the_prefix_and_short_texts_come_first() {
        let mut vocabulary = Vocabulary::default();
        for text in ["abcdefghz", "abcdefgh", "b", "", "abcdefgha", "a"] {
            vocabulary.intern(text.as_bytes());
        }
        let sorted: Vec<&[u8]> = vocabulary.sorted().into_iter().map(|n| vocabulary.get(n)).collect();
        let expected: [&[u8]; 6] = [b"", b"a", b"abcdefgh", b"abcdefgha", b"abcdefghz", b"b"];
        assert_eq!(sorted, expected);
    }
}
