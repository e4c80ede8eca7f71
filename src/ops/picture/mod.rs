//! Pictures: what every drawn SVG has in common.
//!
//! A picture stands alone: no font, script or style from elsewhere, and its colours follow the reader's scheme, light
//! or dark. Lengths are whole pixels and nothing depends on the machine: equal reports give equal bytes. Text passes
//! [`escaped`] on its way in, so no name can end an element or bring a character that XML has no place for.
//!
//! | file | holds |
//! |---|---|
//! | `face.rs` | how a text is set, and how wide it comes out |
//! | `page.rs` | the document around a drawing, lines of text, escapes |
//! | `figures.rs` | counts and sizes as people read them |

mod face;
mod figures;
mod page;

pub(super) use face::Face;
pub(super) use figures::{count, counted, size};
pub(super) use page::{Anchor, MARGIN, Page, escaped, line};
