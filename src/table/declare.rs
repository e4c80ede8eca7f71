//! Declaring a table: one macro call gives the row type, the schema and both directions of encoding.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::DataType;

use super::batch::TableError;

/// A column as declared.
#[derive(Debug)]
pub struct Column {
    pub name: &'static str,
    pub doc: &'static str,
    pub data_type: fn() -> DataType,
    pub nullable: bool,
}

/// A table as declared.
#[derive(Debug)]
pub struct TableSchema {
    pub name: &'static str,
    /// Rises whenever equal input could give other columns or values.
    pub format: u32,
    pub doc: &'static str,
    /// Column names; rows are sorted by these, ascending, nulls first.
    pub sort: &'static [&'static str],
    /// Looked up by its first sort column: written in small pages.
    pub lookup: bool,
    pub columns: &'static [Column],
}

impl PartialEq for TableSchema {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.format == other.format
    }
}

/// A column's name from its field's: one that is a keyword of Rust is written `r#type`.
pub const fn column_name(field: &'static str) -> &'static str {
    if let [b'r', b'#', ..] = field.as_bytes() { field.split_at(2).1 } else { field }
}

/// A row type; made by [`table!`](macro@crate::table).
pub trait Row: Sized {
    fn schema() -> &'static TableSchema;
    fn columns(rows: &[Self]) -> Vec<ArrayRef>;
    fn rows(records: &RecordBatch) -> Result<Vec<Self>, TableError>;
}

/// Declares a table. Doc comments become the reference.
#[macro_export]
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        $row:ident as $static:ident = $name:literal format $format:literal sort [$($sort:literal),*] lookup $lookup:literal {
            $( $(#[doc = $cdoc:literal])* $field:ident : $ty:ty, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, PartialEq, Default)]
        pub struct $row { $( $(#[doc = $cdoc])* pub $field: $ty, )* }

        $(#[doc = $doc])*
        pub static $static: $crate::table::TableSchema = $crate::table::TableSchema {
            name: $name,
            format: $format,
            doc: concat!($($doc, "\n"),*),
            sort: &[$($sort),*],
            lookup: $lookup,
            columns: &[ $( $crate::table::Column {
                name: $crate::table::column_name(stringify!($field)),
                doc: concat!($($cdoc, "\n"),*),
                data_type: <$ty as $crate::table::Cell>::data_type,
                nullable: <$ty as $crate::table::Cell>::NULLABLE,
            }, )* ],
        };

        impl $crate::table::Row for $row {
            fn schema() -> &'static $crate::table::TableSchema {
                &$static
            }

            fn columns(rows: &[Self]) -> Vec<$crate::table::arrow::array::ArrayRef> {
                vec![ $( {
                    let bytes = rows.iter().map(|row| <$ty as $crate::table::Cell>::text_bytes(&row.$field)).sum();
                    let mut builder = <$ty as $crate::table::Cell>::builder(rows.len(), bytes);
                    for row in rows {
                        <$ty as $crate::table::Cell>::append(&row.$field, &mut builder);
                    }
                    <$ty as $crate::table::Cell>::finish(builder)
                }, )* ]
            }

            fn rows(records: &$crate::table::arrow::array::RecordBatch) -> Result<Vec<Self>, $crate::table::TableError> {
                $( let $field: &<$ty as $crate::table::Cell>::Array =
                    $crate::table::typed_column(records, $name, $crate::table::column_name(stringify!($field)))?; )*
                Ok((0..records.num_rows())
                    .map(|at| Self { $( $field: <$ty as $crate::table::Cell>::get($field, at), )* })
                    .collect())
            }
        }
    };
}
