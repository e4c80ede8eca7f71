//! What can stand in a column: one Rust type, one Arrow type, both ways.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, BinaryArray, BinaryBuilder, BooleanArray, BooleanBuilder, Float64Array, Float64Builder,
    Int32Array, Int32Builder, Int64Array, Int64Builder, ListArray, ListBuilder, StringArray, StringBuilder,
    UInt16Array, UInt16Builder, UInt32Array, UInt32Builder, UInt64Array, UInt64Builder,
};
use arrow::datatypes::{DataType, Field};

/// A Rust type that a column holds.
pub trait Cell: Sized {
    /// May the column hold nulls?
    const NULLABLE: bool;
    /// Collects values into an Arrow array.
    type Builder;
    /// The Arrow array that a column of this type reads back as.
    type Array: Array + 'static;

    fn data_type() -> DataType;
    /// A builder with room for so many rows, and for so many bytes of text in all.
    fn builder(rows: usize, bytes: usize) -> Self::Builder;
    /// Bytes of text in the value.
    fn text_bytes(&self) -> usize {
        0
    }
    fn append(&self, builder: &mut Self::Builder);
    fn finish(builder: Self::Builder) -> ArrayRef;
    /// The value of row `at`, which is in range.
    fn get(array: &Self::Array, at: usize) -> Self;
}

macro_rules! primitive {
    ($($t:ty => $dt:ident, $array:ident, $builder:ident;)*) => {$(
        impl Cell for $t {
            const NULLABLE: bool = false;
            type Builder = $builder;
            type Array = $array;
            fn data_type() -> DataType { DataType::$dt }
            fn builder(rows: usize, _: usize) -> $builder { $builder::with_capacity(rows) }
            fn append(&self, builder: &mut $builder) { builder.append_value(*self); }
            fn finish(mut builder: $builder) -> ArrayRef { Arc::new(builder.finish()) }
            fn get(array: &$array, at: usize) -> Self { array.value(at) }
        }
        impl Cell for Option<$t> {
            const NULLABLE: bool = true;
            type Builder = $builder;
            type Array = $array;
            fn data_type() -> DataType { DataType::$dt }
            fn builder(rows: usize, _: usize) -> $builder { $builder::with_capacity(rows) }
            fn append(&self, builder: &mut $builder) { builder.append_option(*self); }
            fn finish(mut builder: $builder) -> ArrayRef { Arc::new(builder.finish()) }
            fn get(array: &$array, at: usize) -> Self { array.is_valid(at).then(|| array.value(at)) }
        }
    )*};
}
primitive! {
    bool => Boolean, BooleanArray, BooleanBuilder;
    u16 => UInt16, UInt16Array, UInt16Builder;
    u32 => UInt32, UInt32Array, UInt32Builder;
    u64 => UInt64, UInt64Array, UInt64Builder;
    i32 => Int32, Int32Array, Int32Builder;
    i64 => Int64, Int64Array, Int64Builder;
    f64 => Float64, Float64Array, Float64Builder;
}

macro_rules! text {
    ($($t:ty => $dt:ident, $array:ident, $builder:ident, $of:expr;)*) => {$(
        impl Cell for $t {
            const NULLABLE: bool = false;
            type Builder = $builder;
            type Array = $array;
            fn data_type() -> DataType { DataType::$dt }
            fn builder(rows: usize, bytes: usize) -> $builder { $builder::with_capacity(rows, bytes) }
            fn text_bytes(&self) -> usize { self.len() }
            fn append(&self, builder: &mut $builder) { builder.append_value(self); }
            fn finish(mut builder: $builder) -> ArrayRef { Arc::new(builder.finish()) }
            fn get(array: &$array, at: usize) -> Self { $of(array.value(at)) }
        }
        impl Cell for Option<$t> {
            const NULLABLE: bool = true;
            type Builder = $builder;
            type Array = $array;
            fn data_type() -> DataType { DataType::$dt }
            fn builder(rows: usize, bytes: usize) -> $builder { $builder::with_capacity(rows, bytes) }
            fn text_bytes(&self) -> usize { self.as_ref().map_or(0, |text| text.len()) }
            fn append(&self, builder: &mut $builder) { builder.append_option(self.as_deref()); }
            fn finish(mut builder: $builder) -> ArrayRef { Arc::new(builder.finish()) }
            fn get(array: &$array, at: usize) -> Self { array.is_valid(at).then(|| $of(array.value(at))) }
        }
    )*};
}
text! {
    String => Utf8, StringArray, StringBuilder, str::to_owned;
    Vec<u8> => Binary, BinaryArray, BinaryBuilder, <[u8]>::to_vec;
}

macro_rules! list {
    ($($t:ty => $dt:ident, $array:ident, $builder:ident;)*) => {$(
        impl Cell for Vec<$t> {
            const NULLABLE: bool = false;
            type Builder = ListBuilder<$builder>;
            type Array = ListArray;
            fn data_type() -> DataType { DataType::List(Arc::new(Field::new("item", DataType::$dt, false))) }
            fn builder(rows: usize, _: usize) -> Self::Builder {
                ListBuilder::with_capacity($builder::with_capacity(rows * 4), rows)
                    .with_field(Field::new("item", DataType::$dt, false))
            }
            fn append(&self, builder: &mut Self::Builder) {
                builder.values().append_slice(self);
                builder.append(true);
            }
            fn finish(mut builder: Self::Builder) -> ArrayRef { Arc::new(builder.finish()) }
            fn get(array: &ListArray, at: usize) -> Self {
                let item = array.value(at);
                item.as_any().downcast_ref::<$array>().map(|a| a.values().to_vec()).unwrap_or_default()
            }
        }
    )*};
}
list! {
    u16 => UInt16, UInt16Array, UInt16Builder;
    u32 => UInt32, UInt32Array, UInt32Builder;
    u64 => UInt64, UInt64Array, UInt64Builder;
    i32 => Int32, Int32Array, Int32Builder;
}

/// A list of texts, none of them null.
impl Cell for Vec<String> {
    const NULLABLE: bool = false;
    type Builder = ListBuilder<StringBuilder>;
    type Array = ListArray;

    fn data_type() -> DataType {
        DataType::List(Arc::new(Field::new("item", DataType::Utf8, false)))
    }

    fn builder(rows: usize, _: usize) -> Self::Builder {
        ListBuilder::with_capacity(StringBuilder::new(), rows).with_field(Field::new("item", DataType::Utf8, false))
    }

    fn append(&self, builder: &mut Self::Builder) {
        for text in self {
            builder.values().append_value(text);
        }
        builder.append(true);
    }

    fn finish(mut builder: Self::Builder) -> ArrayRef {
        Arc::new(builder.finish())
    }

    fn get(array: &ListArray, at: usize) -> Self {
        let item = array.value(at);
        let Some(texts) = item.as_any().downcast_ref::<StringArray>() else { return Self::new() };
        texts.iter().flatten().map(str::to_owned).collect()
    }
}
