//! How a text is set, and how wide it comes out.

/// How a text is set. Widths are those of a monospaced face, a little more than any of the usual ones takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops) enum Face {
    Title,
    Name,
    Plain,
    Dim,
}

impl Face {
    pub(in crate::ops) fn class(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Name => "name",
            Self::Plain => "plain",
            Self::Dim => "dim",
        }
    }

    /// From line to line.
    pub(in crate::ops) fn height(self) -> i64 {
        match self {
            Self::Title => 24,
            Self::Name => 19,
            Self::Plain | Self::Dim => 16,
        }
    }

    /// Of `text`, in pixels. The sizes are 16, 14 and 11 pixels, and a character takes 0.62 of that; one that is not
    /// ASCII may be wide.
    pub(in crate::ops) fn width(self, text: &str) -> i64 {
        let cells: i64 = text.chars().map(cells).sum();
        (cells * self.tenths() + 9) / 10
    }

    /// `text`, cut so that it is not wider than `room`; a cut is shown by `…`.
    pub(in crate::ops) fn fitted(self, text: &str, room: i64) -> String {
        if self.width(text) <= room {
            return text.to_owned();
        }
        let mut left = room * 10 / self.tenths() - cells('…');
        let kept = text.chars().take_while(|c| {
            left -= cells(*c);
            left >= 0
        });
        kept.chain(['…']).collect()
    }

    /// Of one cell, in tenths of a pixel.
    fn tenths(self) -> i64 {
        match self {
            Self::Title => 100,
            Self::Name => 87,
            Self::Plain | Self::Dim => 69,
        }
    }
}

fn cells(c: char) -> i64 {
    if c.is_ascii() || matches!(c, '·' | '×' | '…' | '\u{202f}') { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_fits_stays_and_a_cut_is_shown() {
        assert_eq!(Face::Plain.fitted("python", 60), "python");
        assert_eq!(Face::Plain.fitted("a-long-name-of-a-node", 70), "a-long-na…");
    }

    proptest! {
        #[test]
        fn a_fitted_text_is_never_wider_than_its_room(text in ".{0,40}", room in 20i64..400) {
            let fitted = Face::Name.fitted(&text, room);
            prop_assert!(Face::Name.width(&fitted) <= room, "{fitted:?} {room}");
        }
    }
}
