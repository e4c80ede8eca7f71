//! Tests of `extract`, by what they hold: the declarations against their grammars, the literate cases, limits and
//! hostile input, the columns of `files`, and (on request) speed.

mod cases;
mod files;
mod grammars;
mod liars;
mod limits;
mod measure;
mod room;
mod uses;

pub(in crate::nodes) use measure::processor_seconds;
