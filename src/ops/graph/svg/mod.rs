//! SVG, drawn here: no program, font or script from elsewhere.
//!
//! After Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981):
//! nodes go into ranks ([`ranks`]), ranks are ordered so that few edges cross ([`order`]), cells get their places
//! ([`place`]), and [`write`] writes the picture. A box has its ports as cells along its upper side, each with the
//! tables that come in, so no text stands beside an edge. Edges run down through gaps between ranks, and pass a rank
//! in cells of their own: no edge crosses a box. All numbers are whole: equal plans give equal bytes.

mod boxes;
mod order;
mod place;
mod ranks;
mod write;

pub use write::svg;

#[cfg(test)]
mod tests;
