//! Where the words of a text are.

use unicode_segmentation::UnicodeSegmentation;

const GAP: u8 = 0;
const WORD: u8 = 1;
const WIDE: u8 = 2;

/// What a byte is: between words, part of an ASCII word, or part of a character beyond ASCII.
const CLASS: [u8; 256] = {
    let mut class = [GAP; 256];
    let mut at = 0;
    while at < 256 {
        class[at] = match at as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => WORD,
            0x80..=0xff => WIDE,
            _ => GAP,
        };
        at += 1;
    }
    class
};

/// Calls `found(start, end)` for each word, in order; `text[start..end]` is the word as written.
pub fn words(text: &str, mut found: impl FnMut(usize, usize)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| CLASS[usize::from(*b)] != GAP)) {
        let start = at + skipped;
        let mut seen = 0;
        at = start;
        while let Some(byte) = bytes.get(at) {
            let class = CLASS[usize::from(*byte)];
            if class == GAP {
                break;
            }
            seen |= class;
            at += 1;
        }
        if seen == WORD {
            found(start, at);
        } else {
            wide(text.get(start..at).unwrap_or(""), start, &mut found);
        }
    }
}

/// Words of a run with characters beyond ASCII. The run starts and ends beside ASCII or at the text's ends, so
/// it is cut at character boundaries.
///
/// Unicode's word boundaries keep format characters inside words. Nobody types them into a query, so here they
/// part words: `admin` is found although a bidi mark clings to it.
fn wide(run: &str, offset: usize, found: &mut impl FnMut(usize, usize)) {
    let mut start = 0;
    for piece in run.split(is_format) {
        for (at, word) in piece.split_word_bound_indices() {
            if word.chars().any(char::is_alphanumeric) {
                found(offset + start + at, offset + start + at + word.len());
            }
        }
        start += piece.len();
        start += run.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
}

/// Characters of category Cf that texts hold: soft hyphen, joiners, bidi controls, byte order mark, tags.
/// Source: Unicode Character Database, `DerivedGeneralCategory.txt`.
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::words;

    fn of(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        words(text, |start, end| out.push(&text[start..end]));
        out
    }

    #[test]
    fn words_are_runs_of_letters_digits_and_underscores() {
        assert_eq!(of("fn parse_config(x: &str) -> u8 {}"), ["fn", "parse_config", "x", "str", "u8"]);
        assert_eq!(of(""), [""; 0]);
        assert_eq!(of("+ - ->"), [""; 0]);
    }

    #[test]
    fn characters_beyond_ascii_are_cut_at_unicode_word_boundaries() {
        assert_eq!(of("naïve—approach, größe"), ["naïve", "approach", "größe"]);
        assert_eq!(of("cafe\u{301} x"), ["cafe\u{301}", "x"]);
        assert_eq!(of("日本"), ["日", "本"]);
        assert_eq!(of("→ … “q”"), ["q"]);
    }

    #[test]
    fn format_characters_part_words() {
        assert_eq!(of("\u{2066}admin\u{2069} é\u{200b}b\u{202e}"), ["admin", "é", "b"]);
    }
}
