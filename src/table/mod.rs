//! Tables: schemas, typed rows, and the one Parquet reader and writer.
//!
//! A table is declared once, in `schema/`, as a row type ([`Row`]); schema, encoding and the reference in
//! `docs/tables.md` follow from the declaration. A [`Batch`] is rows of one table in memory. Nodes make and take
//! batches; nothing here knows where bytes live ([`crate::base::ByteSource`] brings them).
//!
//! This folder owns Arrow and Parquet.

mod batch;
mod cell;
mod declare;
mod docs;
mod ipc;
mod read;
pub mod schema;
mod source;
mod splice;
#[cfg(test)]
mod tests;
mod texts;
mod validate;
mod write;

/// The version of Arrow that batches are made of, for kinds from outside the crate.
pub use arrow;
pub use batch::{Batch, TableError, typed_column};
pub use cell::Cell;
pub use declare::{Column, Row, TableSchema, column_name};
pub use docs::{reference, reference_of};
pub use ipc::IpcStream;
pub use read::TableReader;
pub use schema::*;
pub use splice::{count_by_path, merge_by_path, take_paths};
pub use validate::validate;
pub use write::{encode, encode_rows};
