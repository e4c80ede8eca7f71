//! Texts that stand in a file in pieces, or escaped, with a way back to where each byte stands.
//!
//! A notebook keeps a cell as strings, mostly one a line: `["import math\n", "math.pi"]`. The contents put together are the
//! source; whoever reads that wants to say where in the file something is.

/// Contents of the JSON strings in a stretch of a file, or some stretches of it put together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unescaped {
    /// The contents, one after the other. Bytes that are no UTF-8 stay as they are; an escape that means no character
    /// is U+FFFD.
    pub text: Vec<u8>,
    runs: Vec<Run>,
}

/// A stretch of text and the bytes of the file that stand for it. Stretches of equal length are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    text: u32,
    text_len: u32,
    file: u32,
    file_len: u32,
}

impl Unescaped {
    /// Of every string in `bytes[start..end]`; what stands between strings is passed over. A string that does not end
    /// goes on to `end`.
    pub fn new(bytes: &[u8], start: u32, end: u32) -> Self {
        let mut out = Self::default();
        let end = (end as usize).min(bytes.len());
        let mut at = start as usize;
        while let Some(quote) = bytes.get(at..end).and_then(|rest| memchr::memchr(b'"', rest)) {
            at = out.string(bytes, at + quote + 1, end);
        }
        out
    }

    /// Stretches of `bytes`, put together.
    pub fn joined(bytes: &[u8], stretches: &[(u32, u32)]) -> Self {
        let mut out = Self::default();
        for (start, end) in stretches {
            let stretch = bytes.get(*start as usize..*end as usize).unwrap_or_default();
            if !stretch.is_empty() {
                out.push(stretch, *start as usize, stretch.len());
            }
        }
        out
    }

    /// A text that was taken from `around`'s, with the way back to `around`'s file.
    #[must_use]
    pub fn within(self, around: &Self) -> Self {
        let mut runs = Vec::with_capacity(self.runs.len());
        for run in self.runs {
            if run.text_len != run.file_len {
                let (file, end) = (around.start(run.file), around.end(run.file + run.file_len));
                runs.push(Run { file, file_len: end.saturating_sub(file), ..run });
                continue;
            }
            let (mut at, end) = (run.file, run.file + run.file_len);
            let first = around.runs.partition_point(|over| over.text + over.text_len <= at);
            for over in around.runs.get(first..).unwrap_or_default().iter().take_while(|over| over.text < end) {
                let upto = end.min(over.text + over.text_len);
                let text_len = upto.saturating_sub(at);
                let plain = over.text_len == over.file_len;
                let file = if plain { over.file + (at - over.text) } else { over.file };
                let file_len = if plain { text_len } else { over.file_len };
                runs.push(Run { text: run.text + (at - run.file), text_len, file, file_len });
                at = upto;
            }
        }
        Self { text: self.text, runs }
    }

    /// Takes in a string's contents; gives the offset behind its closing quote.
    fn string(&mut self, bytes: &[u8], from: usize, end: usize) -> usize {
        let mut at = from;
        while let Some(rest) = bytes.get(at..end).filter(|rest| !rest.is_empty()) {
            let plain = memchr::memchr2(b'"', b'\\', rest).unwrap_or(rest.len());
            if plain > 0 {
                self.push(rest.get(..plain).unwrap_or_default(), at, plain);
            }
            at += plain;
            match bytes.get(at..end).unwrap_or_default() {
                [] => break,
                [b'"', ..] => return at + 1,
                escape => {
                    let (c, len) = unescape(escape);
                    self.push(c.encode_utf8(&mut [0; 4]).as_bytes(), at, len);
                    at += len;
                }
            }
        }
        end
    }

    fn push(&mut self, text: &[u8], file: usize, file_len: usize) {
        let run = Run {
            text: self.text.len() as u32,
            text_len: text.len() as u32,
            file: file as u32,
            file_len: file_len as u32,
        };
        self.text.extend_from_slice(text);
        self.runs.push(run);
    }

    /// Where in the file the byte at `at` of the text begins; the end of the last for what lies behind it.
    pub fn start(&self, at: u32) -> u32 {
        let run = self.runs.partition_point(|run| run.text + run.text_len <= at);
        match self.runs.get(run) {
            Some(run) if run.text_len == run.file_len => run.file + at.saturating_sub(run.text),
            Some(run) => run.file,
            None => self.runs.last().map_or(0, |run| run.file + run.file_len),
        }
    }

    /// Where in the file the text before `at` ends.
    pub fn end(&self, at: u32) -> u32 {
        let run = self.runs.partition_point(|run| run.text + run.text_len < at);
        match self.runs.get(run) {
            Some(run) if at == 0 => run.file,
            Some(run) if run.text_len == run.file_len => run.file + (at - run.text),
            Some(run) => run.file + run.file_len,
            None => self.runs.last().map_or(0, |run| run.file + run.file_len),
        }
    }

    /// The text whose bytes begin in `start..end` of the file. Texts of neighbouring stretches, put together, are the
    /// text of both.
    pub fn between(&self, start: u32, end: u32) -> &[u8] {
        let (from, to) = (self.text_at(start), self.text_at(end));
        self.text.get(from..to.max(from)).unwrap_or_default()
    }

    /// How much text begins before `at` of the file.
    fn text_at(&self, at: u32) -> usize {
        let run = self.runs.partition_point(|run| run.file + run.file_len <= at);
        match self.runs.get(run) {
            Some(run) if run.file >= at => run.text as usize,
            Some(run) if run.text_len == run.file_len => (run.text + (at - run.file)) as usize,
            Some(run) => (run.text + run.text_len) as usize,
            None => self.text.len(),
        }
    }
}

/// The character that `escape`, which starts with a backslash, stands for, and its length in bytes.
fn unescape(escape: &[u8]) -> (char, usize) {
    const LOST: char = char::REPLACEMENT_CHARACTER;
    match escape.get(1) {
        Some(b'n') => ('\n', 2),
        Some(b't') => ('\t', 2),
        Some(b'r') => ('\r', 2),
        Some(b'b') => ('\u{8}', 2),
        Some(b'f') => ('\u{c}', 2),
        Some(mark @ (b'"' | b'\\' | b'/')) => (char::from(*mark), 2),
        Some(b'u') => match unit(escape) {
            Some(high @ 0xD800..=0xDBFF) => {
                let low = escape.get(6..).filter(|low| low.starts_with(b"\\u")).and_then(unit);
                match char::decode_utf16([Some(high), low].into_iter().flatten()).next() {
                    Some(Ok(c)) => (c, 12),
                    _ => (LOST, 6),
                }
            }
            Some(unit) => (char::from_u32(u32::from(unit)).unwrap_or(LOST), 6),
            None => (LOST, 2),
        },
        _ => (LOST, 1),
    }
}

/// The number in `\uXXXX`.
fn unit(escape: &[u8]) -> Option<u16> {
    let digits = escape.get(2..6)?;
    let value = |value: u16, digit: &u8| Some(value << 4 | char::from(*digit).to_digit(16)? as u16);
    digits.iter().try_fold(0, value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> Unescaped {
        Unescaped::new(text.as_bytes(), 0, text.len() as u32)
    }

    fn text(source: &str) -> String {
        String::from_utf8(of(source).text).unwrap()
    }

    #[test]
    fn strings_are_put_together_without_what_stands_between() {
        assert_eq!(text(r#"["a\n", "b\t\"c\"", "é\u00e9\ud83d\ude00\/\\"]"#), "a\nb\t\"c\"éé😀/\\");
        assert_eq!(text(r#""\ud83d" "\uZZZZ" "\q" "open"#), "\u{fffd}\u{fffd}ZZZZ\u{fffd}qopen");
        assert_eq!(text("[1, 2]"), "");
    }

    #[test]
    fn offsets_lead_back_to_the_file() {
        let source = r#"["a\n", "b"]"#;
        let found = of(source);
        assert_eq!(found.text, b"a\nb");
        assert_eq!([0, 1, 2, 3, 9].map(|at| found.start(at)), [2, 3, 9, 10, 10]);
        assert_eq!([0, 1, 2, 3, 9].map(|at| found.end(at)), [2, 3, 5, 10, 10]);
        assert_eq!(found.between(0, 8), b"a\n");
        assert_eq!(found.between(8, 12), b"b");
        assert_eq!(found.between(4, 12), b"b", "an escape belongs to where it begins");
    }

    proptest! {
        #[test]
        fn any_string_of_serde_json_comes_back(texts in proptest::collection::vec("\\PC{0,12}|[\n\t\"\\\\]{0,4}", 0..6)) {
            let source = serde_json::to_string_pretty(&texts).unwrap();
            prop_assert_eq!(text(&source), texts.concat());
        }

        #[test]
        fn a_text_within_a_text_leads_back_to_the_file(
            inner in proptest::collection::vec("[a-zé\n\"\\\\]{0,6}", 1..4), cut in 0..9u32,
        ) {
            let source = serde_json::to_string(&serde_json::to_string(&inner).unwrap()).unwrap();
            let outer = of(&source);
            let strings = Unescaped::new(&outer.text, 0, outer.text.len() as u32);
            let both = strings.clone().within(&outer);
            prop_assert_eq!(&both.text, &strings.text);
            for at in 0..both.text.len() as u32 {
                prop_assert_eq!(both.start(at), outer.start(strings.start(at)));
            }
            let len = outer.text.len() as u32;
            let stretches = [(0, cut.min(len)), (cut.min(len), cut.min(len)), ((cut + 2).min(len), len)];
            let joined = Unescaped::joined(&outer.text, &stretches);
            let both = joined.clone().within(&outer);
            for at in 0..both.text.len() as u32 {
                prop_assert_eq!(both.start(at), outer.start(joined.start(at)));
                prop_assert!(both.start(at) < both.end(at + 1));
            }
        }

        #[test]
        fn stretches_of_any_bytes_put_together_are_the_whole(
            bytes in "[\"\\\\u0dn, é]{0,60}", cuts in proptest::collection::vec(0..70u32, 0..5),
        ) {
            let found = of(&bytes);
            let mut cuts = cuts;
            cuts.extend([0, bytes.len() as u32]);
            cuts.sort_unstable();
            let joined: Vec<u8> = cuts.windows(2).flat_map(|pair| found.between(pair[0], pair[1]).to_vec()).collect();
            prop_assert_eq!(&joined, &found.text);
            for at in 0..found.text.len() as u32 {
                prop_assert!(found.start(at) < found.end(at + 1));
                prop_assert!(found.end(at + 1) as usize <= bytes.len());
            }
        }
    }
}
