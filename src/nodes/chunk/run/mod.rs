//! From a file to its chunks, in the order of the work: [`text`] finds lines, [`outline`] makes a tree over them, [`cut`]
//! divides the file along the tree, [`split`] divides what is too large, [`zones`] holds the pieces to the borders of
//! embedded regions, [`prose`] takes comments out of them where that is wanted, [`rows`] names the pieces.

mod cut;
mod divided;
mod doc;
mod ids;
mod kind;
mod marks;
mod outline;
mod prose;
mod references;
mod region;
mod rows;
mod split;
mod symbols;
mod text;
mod tokens;
mod zones;

pub use kind::KIND;
pub use text::decoded;
pub use tokens::estimate as estimate_tokens;
