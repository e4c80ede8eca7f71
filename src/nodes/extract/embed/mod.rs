//! Text of one language inside another: fences of a document, scripts of a page, cells of a notebook.
//!
//! Whoever reads the container says where such text is and in which language ([`model`]; [`names`] knows the words that
//! people write for languages). [`read`] then reads each region as it would a file of that language, with offsets of the
//! file ([`ground`]), and takes apart what stands inside a region, too, down to a fixed depth. A region that cannot be read
//! costs its own rows and nothing else.
//!
//! What stands in the file in several stretches (behind `> ` or an indentation) or escaped (JSON strings of a notebook) is
//! put together first. Its rows have the places in the file of their first and last bytes, so that whatever is cut by
//! them tiles the file, marks and escapes included.

mod ground;
mod model;
mod names;
mod read;

pub(super) use model::Embedded;
pub(super) use names::{ALIASES, CONTAINERS, language, script, style};
pub(super) use read::{Inside, MOST, read};
