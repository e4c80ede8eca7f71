//! Rows as JSON.

use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Float64Array, Int32Array, Int64Array, ListArray, RecordBatch,
    StringArray, UInt16Array, UInt32Array, UInt64Array,
};
use serde_json::{Map, Value};

use crate::query::error::QueryError;

/// Each row as an object of its columns. Bytes are lower-case hexadecimal.
pub fn json_rows(records: &RecordBatch) -> Result<Vec<Map<String, Value>>, QueryError> {
    let schema = records.schema();
    let mut rows = vec![Map::new(); records.num_rows()];
    for (field, column) in schema.fields().iter().zip(records.columns()) {
        for (at, row) in rows.iter_mut().enumerate() {
            row.insert(field.name().clone(), cell(column, at)?);
        }
    }
    Ok(rows)
}

/// The value of `column` at `at`, which is in range.
fn cell(column: &ArrayRef, at: usize) -> Result<Value, QueryError> {
    if column.is_null(at) {
        return Ok(Value::Null);
    }
    macro_rules! scalar {
        ($($array:ty),*) => {$(
            if let Some(values) = column.as_any().downcast_ref::<$array>() {
                return Ok(Value::from(values.value(at)));
            }
        )*};
    }
    scalar!(StringArray, BooleanArray, UInt16Array, UInt32Array, UInt64Array, Int32Array, Int64Array, Float64Array);
    if let Some(values) = column.as_any().downcast_ref::<BinaryArray>() {
        return Ok(Value::from(hex(values.value(at))));
    }
    if let Some(values) = column.as_any().downcast_ref::<ListArray>() {
        let items = values.value(at);
        return (0..items.len()).map(|item| cell(&items, item)).collect::<Result<Vec<_>, _>>().map(Value::from);
    }
    Err(QueryError::Manifest { what: format!("a column of type {} cannot be shown as JSON", column.data_type()) })
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        for nibble in [byte >> 4, byte & 15] {
            out.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
    }
    out
}
