//! Claims about the reader, the writer, validation and splicing.

mod golden;
mod reading;
mod rows;
mod rules;
mod splicing;
mod texts;
