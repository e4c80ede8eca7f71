//! From a word to its terms.

use unicode_normalization::UnicodeNormalization;

use super::TERM_BYTES;

/// Longest number that is a term: `4294967295` and `0xdeadbeef` are, digests and tables of digits are not.
const NUMBER_CHARS: usize = 10;
/// From this length a word of hexadecimal digits is taken for a hash.
const HASH_CHARS: usize = 16;
/// A word with more parts is taken for encoded data: only the whole is a term.
const PARTS: usize = 12;

/// Appends the terms of `word` as written: the whole first, then the parts that differ from it, each once. None
/// for noise and for a word of underscores alone.
pub fn terms(word: &str, out: &mut Vec<String>) {
    if word.len() <= TERM_BYTES {
        whole_and_parts(word, out);
        return;
    }
    let start = out.len();
    for piece in word.split('_').filter(|p| p.len() <= TERM_BYTES) {
        let mut inner = Vec::new();
        whole_and_parts(piece, &mut inner);
        for term in inner {
            push_new(term, start, out);
        }
    }
}

fn whole_and_parts(word: &str, out: &mut Vec<String>) {
    if is_noise(word) {
        return;
    }
    let whole = fold(word);
    if whole.is_empty() || whole.len() > TERM_BYTES {
        return;
    }
    let start = out.len();
    out.push(whole);
    if word.starts_with(|c: char| c.is_ascii_digit()) && !word.contains('_') {
        return;
    }
    let parts = parts(word);
    if parts.len() > PARTS {
        return;
    }
    for part in parts {
        if is_noise(part) || part.chars().nth(1).is_none() {
            continue;
        }
        let part = fold(part);
        if let Some(letters) = letters_before_digits(&part) {
            let letters = letters.to_owned();
            push_new(part, start, out);
            push_new(letters, start, out);
        } else {
            push_new(part, start, out);
        }
    }
}

fn push_new(term: String, start: usize, out: &mut Vec<String>) {
    if out.iter().skip(start).all(|known| *known != term) {
        out.push(term);
    }
}

fn fold(word: &str) -> String {
    if word.is_ascii() { word.to_ascii_lowercase() } else { word.nfkc().collect::<String>().to_lowercase() }
}

/// Nothing to look for: underscores, a single digit, a long number, a hash.
fn is_noise(word: &str) -> bool {
    let bytes = word.as_bytes();
    if bytes.iter().all(|b| *b == b'_') {
        return true;
    }
    let first_digit = bytes.first().is_some_and(u8::is_ascii_digit);
    if first_digit && (bytes.len() == 1 || (bytes.len() > NUMBER_CHARS && !bytes.contains(&b'_'))) {
        return true;
    }
    bytes.len() >= HASH_CHARS && bytes.iter().all(u8::is_ascii_hexdigit) && bytes.iter().any(u8::is_ascii_digit)
}

/// `utf` of `utf8`: two or more ASCII letters with digits and nothing else behind them.
fn letters_before_digits(part: &str) -> Option<&str> {
    let letters = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let fits = letters.len() >= 2 && letters.len() < part.len() && letters.bytes().all(|b| b.is_ascii_lowercase());
    fits.then_some(letters)
}

/// The stretches of `word` between underscores and changes of case, in order. Digits stay with what is before
/// them, and small letters with digits before them (`i2c`, `k8s`).
fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut start = 0;
    for (n, (at, c)) in chars.iter().enumerate() {
        if *c == '_' {
            parts.push(word.get(start..*at).unwrap_or(""));
            start = at + 1;
            continue;
        }
        let before = n.checked_sub(1).and_then(|p| chars.get(p)).map_or('_', |(_, c)| *c);
        let after = chars.get(n + 1).map_or('_', |(_, c)| *c);
        let hump = c.is_uppercase()
            && (before.is_lowercase() || ((before.is_uppercase() || before.is_numeric()) && after.is_lowercase()));
        if hump {
            parts.push(word.get(start..*at).unwrap_or(""));
            start = *at;
        }
    }
    parts.push(word.get(start..).unwrap_or(""));
    parts.retain(|p| !p.is_empty());
    parts
}
