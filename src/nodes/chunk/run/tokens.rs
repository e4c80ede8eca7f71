//! An estimate of how many tokens a language model makes of a text.
//!
//! Byte-pair encoders cut text into words, digits, punctuation and white space before they look anything up (the
//! pattern is published with the encodings `cl100k_base` and `o200k_base`), and most of these pieces are one token.
//! So runs are counted, each with a weight in sixteenths of a token:
//!
//! | run | sixteenths |
//! |---|---|
//! | word: ASCII letters, broken where lower case meets upper case (`camelCase` is two) | 16, and 4 for each letter after the twelfth |
//! | word of two or more capitals | 20, and 4 for each letter after the twelfth |
//! | digits, for each three or the rest | 20 |
//! | one punctuation mark directly before a letter | 7 |
//! | other punctuation | 16, and 1 for each mark after the first |
//! | line breaks after punctuation / after anything else | 7 / 32 |
//! | two or more blanks: indentation, alignment | 12 |
//! | bytes that are no ASCII | 11 each |
//! | control characters | 16 each |
//!
//! The sum is rounded to whole tokens, at least 1 for a text that is not empty. The weights are a least-squares fit over
//! 691 source files and documents with 19 file extensions, rounded. On these files, against both encodings, the estimate
//! is within 11 % for nine files of ten; a quarter of the characters, the usual rule, is within 30 %.

/// Sixteenths of a token.
const TOKEN: u64 = 16;
const CAPITALS: u64 = 20;
const DIGITS: u64 = 20;
const LEADING_MARK: u64 = 7;
const BREAK_AFTER_MARK: u64 = 7;
const BREAK: u64 = 32;
const BLANKS: u64 = 12;
const OTHER_BYTE: u64 = 11;
const LONG_WORD: usize = 12;
const LONG_LETTER: u64 = 4;

/// What a byte is to a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Mark,
    Space,
    Control,
    Other,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            b' ' | b'\t'..=b'\r' => Class::Space,
            0x21..=0x7e => Class::Mark,
            _ => Class::Control,
        };
        byte += 1;
    }
    classes
};

/// The estimate of a language model's tokens for `text`, as in the column `tokens` of `chunks`.
pub fn estimate(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut sum = 0;
    let mut at = 0;
    let mut before = None;
    while let Some(class) = class_at(bytes, at) {
        let end = run_end(bytes, at, class);
        let run = bytes.get(at..end).unwrap_or_default();
        sum += match class {
            Class::Lower => word(run.len(), TOKEN),
            Class::Upper => capitals(run.len(), class_at(bytes, end) == Some(Class::Lower)),
            Class::Digit => DIGITS * run.len().div_ceil(3) as u64,
            Class::Mark => marks(run.len(), class_at(bytes, end)),
            Class::Space => space(run, before),
            Class::Control => TOKEN * run.len() as u64,
            Class::Other => OTHER_BYTE * run.len() as u64,
        };
        before = Some(class);
        at = end;
    }
    let tokens = (sum + TOKEN / 2) / TOKEN;
    (tokens as u32).max(u32::from(!bytes.is_empty()))
}

fn class_at(bytes: &[u8], at: usize) -> Option<Class> {
    bytes.get(at).and_then(|b| CLASSES.get(usize::from(*b))).copied()
}

fn run_end(bytes: &[u8], at: usize, class: Class) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let same = |b: &u8| CLASSES.get(usize::from(*b)) == Some(&class);
    at + rest.iter().position(|b| !same(b)).unwrap_or(rest.len())
}

fn word(letters: usize, weight: u64) -> u64 {
    weight + LONG_LETTER * letters.saturating_sub(LONG_WORD) as u64
}

/// A run of capitals. The last one belongs to the lower-case word behind it, which counts itself.
fn capitals(letters: usize, word_follows: bool) -> u64 {
    match letters - usize::from(word_follows) {
        0 => 0,
        1 => TOKEN,
        own => word(own, CAPITALS),
    }
}

fn marks(count: usize, next: Option<Class>) -> u64 {
    match (count, next) {
        (1, Some(Class::Lower | Class::Upper)) => LEADING_MARK,
        _ => TOKEN + count as u64 - 1,
    }
}

fn space(run: &[u8], before: Option<Class>) -> u64 {
    let Some(last) = run.iter().rposition(|b| *b == b'\n') else {
        return if run.len() >= 2 { BLANKS } else { 0 };
    };
    let indent = if run.len() - last > 2 { BLANKS } else { 0 };
    indent + if before == Some(Class::Mark) { BREAK_AFTER_MARK } else { BREAK }
}

#[cfg(test)]
mod tests {
    use super::estimate;

    #[test]
    fn the_estimate_is_the_documented_sum() {
        for (text, sixteenths) in [
            ("", 0),
            ("word", 16),
            ("two words", 32),
            ("camelCase", 32),
            ("HTTPServer", 20 + 16),
            ("X", 16),
            ("CONST_NAME", 20 + 7 + 20),
            ("12345", 40),
            ("a.b", 16 + 7 + 16),
            ("f();", 16 + 18),
            ("x;\n    y", 16 + 16 + 7 + 12 + 16),
            ("a\nb", 16 + 32 + 16),
            ("abcdefghijklmnop", 16 + 16),
            ("é", 22),
        ] {
            let expected = if text.is_empty() { 0 } else { (sixteenths + 8) / 16 };
            assert_eq!(estimate(text), expected, "{text}");
        }
    }

    #[test]
    fn no_text_but_the_empty_one_is_free() {
        assert_eq!(estimate(" "), 1);
        assert_eq!(estimate("\u{1}"), 1);
    }
}
