//! `diff`: what differs between two moments.

mod arguments;
mod run;
mod words;

pub use arguments::Args;
pub use run::run;
