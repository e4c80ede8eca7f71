//! One pass over a tree, without recursion: nodes in source order, a table says at which of them something is to do.
//!
//! [`tree`] is the loop; [`frames`] remembers what encloses the present node; [`docs`] the comments and attributes
//! before it; [`define`], [`refer`] and [`visibility`] read nodes that the table names, [`locals`] what binds names; [`text`] folds heads of
//! definitions into one line; [`entry`] puts what was found in order; as it is [`told`] it goes into [`columns`].

mod columns;
mod define;
mod docs;
mod entry;
mod frames;
mod locals;
mod refer;
mod text;
mod told;
mod tree;
mod uses;
mod visibility;

pub(super) use columns::Columns;
pub(super) use entry::{Entry, Line, lines};
pub(super) use text::fold;
pub(super) use told::Told;
pub(super) use tree::{Region, Truncated, Walk};
