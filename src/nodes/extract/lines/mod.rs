//! Documents and components that are read by lines, without a grammar.
//!
//! reStructuredText and AsciiDoc have no maintained grammar crate, plain text has no grammar, and the files of Vue and
//! Svelte are a few blocks around text of other languages. Each has a small reader here: one pass, no recursion, time in
//! proportion to the bytes, never a panic. What they share is in [`found`] (sections, regions) and [`line`].

mod asciidoc;
mod component;
mod found;
mod line;
mod rst;
mod text;

pub(super) use found::{READERS, Reader};

#[cfg(test)]
mod tests;
