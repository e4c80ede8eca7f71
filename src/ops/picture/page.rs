//! The document around a drawing.

use std::fmt::Write as _;

use super::face::Face;

/// Around everything.
pub(in crate::ops) const MARGIN: i64 = 24;

const LIGHT: &str = "\
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace}\
.page{fill:#fff}\
.title{font-size:16px;font-weight:600;fill:#1f2328}.name{font-size:14px;font-weight:600;fill:#1f2328}\
.plain{font-size:11px;fill:#1f2328}.dim{font-size:11px;fill:#59636e}";
const DARK: &str = "\
.page{fill:#0d1117}.title,.name,.plain{fill:#e6edf3}.dim{fill:#9198a1}";

/// A picture that stands alone.
#[derive(Debug)]
pub(in crate::ops) struct Page<'a> {
    /// What the picture is, for who points at it or hears it read.
    pub title: &'a str,
    /// What it shows, in words; empty for none.
    pub description: &'a str,
    /// Rules of this drawing in CSS, beside those of page and text.
    pub light: &'a str,
    /// What of them differs in the dark.
    pub dark: &'a str,
    pub width: i64,
    pub height: i64,
    /// The elements.
    pub body: &'a str,
}

impl Page<'_> {
    pub(in crate::ops) fn render(&self) -> String {
        let Self { light, dark, width, height, body, .. } = self;
        let mut out = String::new();
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\">"
        );
        let _ = writeln!(out, "<title>{}</title>", escaped(self.title));
        if !self.description.is_empty() {
            let _ = writeln!(out, "<desc>{}</desc>", escaped(self.description));
        }
        let _ = writeln!(out, "<style>{LIGHT}{light}@media(prefers-color-scheme:dark){{{DARK}{dark}}}</style>");
        let _ = writeln!(out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>");
        out.push_str(body);
        out.push_str("</svg>\n");
        out
    }
}

/// Where a line of text is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ops) enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A line of text whose room begins at `top`.
pub(in crate::ops) fn line(out: &mut String, face: Face, text: &str, x: i64, top: i64, anchor: Anchor) {
    let y = top + face.height() * 3 / 4;
    let (class, anchor) = (face.class(), anchor.name());
    let _ =
        writeln!(out, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>", escaped(text));
}

/// Source: <https://www.w3.org/TR/xml/#syntax>; control characters have no place in XML.
pub(in crate::ops) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
