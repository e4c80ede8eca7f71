//! Cases by language, word lists, and properties over random repositories.

mod cases;
mod harness;
mod places;
mod properties;
mod words;
