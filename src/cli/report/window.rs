//! The part of a long query in which a mistake stands. Files have lines that fit; a query is one line of up to 8 KiB.

use std::ops::Range;

/// Bytes of `text` around `span` that fill about `width` columns, with an ellipsis where something is left out, and
/// where the span is in them (its start, where all of it does not fit). `None` where `text` is short enough as it is.
pub fn of(text: &str, span: Range<usize>, width: usize) -> Option<(String, Range<usize>)> {
    // The margin takes some columns, the ellipses two.
    let room = width.saturating_sub(12).max(24);
    if text.len() <= room {
        return None;
    }
    let wanted = span.start.saturating_sub(room / 3).min(text.len().saturating_sub(room));
    let start = text.floor_char_boundary(wanted);
    let end = text.floor_char_boundary(wanted + room);
    let before = if start > 0 { "…" } else { "" };
    let behind = if end < text.len() { "…" } else { "" };
    let shown = format!("{before}{}{behind}", text.get(start..end).unwrap_or_default());
    let at = |place: usize| place.clamp(start, end) - start + before.len();
    Some((shown, at(span.start)..at(span.end)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::of;

    #[test]
    fn what_fits_is_left_alone() {
        assert_eq!(of("short query", 2..3, 80), None);
    }

    #[test]
    fn the_place_stays_in_view() {
        let text = format!("{}(x{}", "a ".repeat(200), " b".repeat(200));
        let (shown, span) = of(&text, 400..401, 40).unwrap();
        assert_eq!(shown.get(span), Some("("));
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.chars().count() <= 30, "{shown}");
    }

    proptest! {
        #[test]
        fn a_window_is_of_the_text_and_its_span_within(
            text in "[a-c ä日]{0,300}", at in 0usize..300, length in 0usize..300, width in 0usize..120,
        ) {
            let start = text.floor_char_boundary(at.min(text.len()));
            let end = text.floor_char_boundary((start + length).min(text.len()));
            if let Some((shown, span)) = of(&text, start..end, width) {
                prop_assert!(shown.get(span.clone()).is_some());
                prop_assert!(text.contains(shown.trim_matches('…')));
                if span.len() == end - start {
                    prop_assert_eq!(&shown[span], &text[start..end]);
                }
            }
        }
    }
}
