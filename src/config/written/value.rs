//! A value whose type someone else decides: parameters.

use crate::config::codes;
use crate::config::mistake::{Mistake, Span};
use crate::config::read::{Read, Reader};
use crate::config::tree::{Node, Value};

/// Any value that JSON can carry, with the places inside.
#[derive(Clone, Debug, PartialEq)]
pub struct AnyValue {
    /// Where the value stands.
    pub span: Span,
    pub data: Data,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// Null, boolean or number.
    Plain(serde_json::Value),
    Text(String),
    List(Vec<AnyValue>),
    Map(Vec<(String, AnyValue)>),
}

impl Read for AnyValue {
    const EXPECTS: &'static str = "a value";

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let plain = |value: serde_json::Value| Some(Data::Plain(value));
        let data = match &node.value {
            Value::Null => plain(serde_json::Value::Null),
            Value::Bool(b) => plain((*b).into()),
            Value::Int(n) => {
                let number = i64::try_from(*n).map(Into::into).or_else(|_| u64::try_from(*n).map(Into::into));
                number.ok().and_then(plain).or_else(|| out_of_range(node, reader))
            }
            Value::Float(x) => match serde_json::Number::from_f64(*x) {
                Some(number) => plain(number.into()),
                None => out_of_range(node, reader),
            },
            Value::Text(text) => Some(Data::Text(text.clone())),
            Value::List(items) => Some(Data::List(items.iter().filter_map(|i| Self::read(i, reader)).collect())),
            Value::Map(entries) => {
                let read = |(key, value): &(_, Node)| {
                    let key: &crate::config::tree::Key = key;
                    Some((key.text.clone(), Self::read(value, reader)?))
                };
                Some(Data::Map(entries.iter().filter_map(read).collect()))
            }
        };
        Some(Self { span: node.span, data: data? })
    }
}

fn out_of_range(node: &Node, reader: &mut Reader<'_>) -> Option<Data> {
    reader.report(
        Mistake::at(&codes::BAD_VALUE, "the number is out of range", reader.file, node.span, "here")
            .help("write a finite number of at most 64 bits"),
    );
    None
}

impl schemars::JsonSchema for AnyValue {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AnyValue".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!(true)
    }
}
