//! The part of a line that is shown.

use std::ops::Range;

use super::request::MatchSpan;

/// Of a longer line a part is shown.
const LINE_BYTES: usize = 400;
/// Bytes before a match far into its line.
const BEFORE: usize = 80;
/// At each cut end.
const CUT: &str = "…";

/// A part of a line.
#[derive(Debug, PartialEq)]
pub struct Excerpt {
    /// With `…` at each cut end.
    pub text: String,
    /// Bytes of the line.
    shown: Range<usize>,
}

impl Excerpt {
    /// The part of `line` in which its first match stands; without one its beginning.
    pub fn of(line: &str, first: Option<Range<usize>>) -> Self {
        let shown = part(line, first);
        let mut text = String::with_capacity(shown.len() + 2 * CUT.len());
        if shown.start > 0 {
            text.push_str(CUT);
        }
        text.push_str(line.get(shown.clone()).unwrap_or_default());
        if shown.end < line.len() {
            text.push_str(CUT);
        }
        Self { text, shown }
    }

    /// Where bytes of the line are in the text, as far as they are shown; `number` is that of the line.
    pub fn span(&self, number: usize, of_line: Range<usize>) -> Option<MatchSpan> {
        let (start, end) = (of_line.start.max(self.shown.start), of_line.end.min(self.shown.end));
        let lead = if self.shown.start > 0 { CUT.len() } else { 0 };
        let place = |at: usize| (at - self.shown.start + lead) as u32;
        (start < end).then(|| MatchSpan { line: number as u32, start: place(start), end: place(end) })
    }
}

fn part(line: &str, first: Option<Range<usize>>) -> Range<usize> {
    let length = line.len();
    let beginning = 0..line.floor_char_boundary(LINE_BYTES);
    let Some(first) = first.filter(|first| length > LINE_BYTES && first.end > beginning.end) else {
        return beginning;
    };
    // All of the match, if it fits; no less than can be shown where the line ends.
    let wanted = first.start.saturating_sub(BEFORE).max(first.end.saturating_sub(LINE_BYTES)).min(first.start);
    let start = line.ceil_char_boundary(wanted.min(length - LINE_BYTES));
    start..line.floor_char_boundary(start + LINE_BYTES).max(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that a span marks.
    fn marked(excerpt: &Excerpt, of_line: Range<usize>) -> Option<&str> {
        let span = excerpt.span(0, of_line)?;
        excerpt.text.get(span.start as usize..span.end as usize)
    }

    #[test]
    fn a_line_is_cut_where_its_first_match_is_seen() {
        for (before, behind) in [(0, 900), (393, 900), (395, 900), (430, 0), (430, 900), (5000, 3), (5000, 900)] {
            let line = format!("{}needle{}", "x".repeat(before), "y".repeat(behind));
            let excerpt = Excerpt::of(&line, Some(before..before + 6));
            assert_eq!(marked(&excerpt, before..before + 6), Some("needle"), "{before}");
            assert_eq!(excerpt.text.chars().filter(|c| *c != '…').count(), LINE_BYTES, "{before}");
            let (left, right) = (excerpt.text.starts_with('…'), excerpt.text.ends_with('…'));
            assert_eq!(
                (left, right),
                (before > 394, behind > 400 || (behind > 0 && before < 394)),
                "{before}, {behind}"
            );
        }
    }

    #[test]
    fn a_line_without_a_match_shows_its_beginning_and_a_short_one_is_whole() {
        assert_eq!(Excerpt::of(&"x".repeat(401), None).text, format!("{}…", "x".repeat(400)));
        assert_eq!(Excerpt::of(&"x".repeat(400), None).text, "x".repeat(400));
        assert_eq!(Excerpt::of("", Some(0..0)).text, "");
    }

    #[test]
    fn characters_stay_whole_and_a_match_longer_than_the_part_is_cut() {
        let line = format!("{}needle{}", "é€".repeat(200), "€é".repeat(200));
        let at = line.find("needle").unwrap();
        let excerpt = Excerpt::of(&line, Some(at..at + 6));
        assert_eq!(marked(&excerpt, at..at + 6), Some("needle"));
        assert!(excerpt.text.len() <= LINE_BYTES + 2 * CUT.len());
        assert!(excerpt.text.trim_matches('…').chars().all(|c| "é€needle".contains(c)));
        let all = "€".repeat(900);
        let excerpt = Excerpt::of(&all, Some(300..2700));
        assert_eq!(marked(&excerpt, 300..2700), Some("€".repeat(133).as_str()));
        assert_eq!(excerpt.span(0, 0..3), None, "what is not shown is not marked");
    }
}
