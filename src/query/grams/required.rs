//! The text that every match of a pattern holds.

use regex_syntax::hir::{Hir, HirKind};

/// The longest literal, in bytes, that each match of `hir` contains; of equals the first. None where no literal stands
/// on every way through the pattern: a letter without case is a class, and an alternation requires none of its parts.
/// The tree's depth is bounded where it is read.
pub fn literal(hir: &Hir) -> Option<&[u8]> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(&literal.0),
        HirKind::Capture(capture) => literal(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => literal(&repetition.sub),
        HirKind::Concat(parts) => {
            let found = parts.iter().filter_map(literal);
            found.reduce(|best, next| if next.len() > best.len() { next } else { best })
        }
        HirKind::Empty | HirKind::Look(_) | HirKind::Class(_) | HirKind::Repetition(_) | HirKind::Alternation(_) => {
            None
        }
    }
}
