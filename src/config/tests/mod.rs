//! Tests of the whole folder; the table of mistakes stands in `ops/check/cases`, where plans are made too.

mod machine;

mod hostile;
mod looks;
mod parameters;
mod places;
mod resolved;
