//! What a person gave as parameters, read into a type, with mistakes in plain words.
//!
//! JSON's own errors speak of types of Rust. Here a mistake says where in the value it is, what is expected there and
//! what was found; a kind's own checks (`serde::de::Error::custom`) keep their words.

use std::fmt::{self, Write as _};

use serde::de::value::StringDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, Expected, IntoDeserializer, MapAccess,
    SeqAccess, Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::Value;

use crate::base::suggest::nearest;

/// Longest text that a message repeats, in characters.
const SHOWN: usize = 60;

/// A value that is not what its place takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    /// From the outside in: a key, or a number in brackets.
    steps: Vec<String>,
    what: String,
}

impl Wrong {
    fn inside(mut self, step: String) -> Self {
        self.steps.insert(0, step);
        self
    }

    /// The place as people write it: `words[1]`.
    fn place(&self) -> String {
        let mut place = String::new();
        for step in &self.steps {
            let dot = if place.is_empty() || step.starts_with('[') { "" } else { "." };
            // Writing to a String cannot fail.
            let _ = write!(place, "{dot}{step}");
        }
        place
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str(&self.what);
        }
        write!(f, "`{}`: {}", self.place(), self.what)
    }
}

impl std::error::Error for Wrong {}

impl Error for Wrong {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { steps: Vec::new(), what: message.to_string() }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_value(found, expected)
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let is_number = matches!(found, Unexpected::Unsigned(_) | Unexpected::Signed(_));
        Self::custom(format!("{} is expected, found {}", wanted(&expected.to_string(), is_number), shown(found)))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::custom(format!("{} is expected, found {length} of them", wanted(&expected.to_string(), false)))
    }

    fn unknown_variant(found: &str, known: &'static [&'static str]) -> Self {
        Self::custom(one_of(found, known))
    }

    fn unknown_field(found: &str, known: &'static [&'static str]) -> Self {
        Self::custom(format!("unknown key: {}", one_of(found, known)))
    }

    fn missing_field(name: &'static str) -> Self {
        Self::custom(format!("`{name}` is missing"))
    }

    fn duplicate_field(name: &'static str) -> Self {
        Self::custom(format!("`{name}` stands twice"))
    }
}

fn one_of(found: &str, known: &[&str]) -> String {
    let found = short(found);
    if let Some(near) = nearest(&found, known.iter().copied()) {
        return format!("`{found}` is not known; did you mean `{near}`?");
    }
    let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    format!("`{found}` is none of {}", known.join(", "))
}

/// What a type of Rust takes, as people say it. A number out of range is told the range.
fn wanted(expected: &str, is_number: bool) -> String {
    let range = match expected {
        "u8" => Some((0, i128::from(u8::MAX))),
        "u16" => Some((0, i128::from(u16::MAX))),
        "u32" => Some((0, i128::from(u32::MAX))),
        "u64" | "usize" => Some((0, i128::from(u64::MAX))),
        "i8" => Some((i128::from(i8::MIN), i128::from(i8::MAX))),
        "i16" => Some((i128::from(i16::MIN), i128::from(i16::MAX))),
        "i32" => Some((i128::from(i32::MIN), i128::from(i32::MAX))),
        "i64" | "isize" => Some((i128::from(i64::MIN), i128::from(i64::MAX))),
        _ => None,
    };
    match (range, expected) {
        (Some((least, most)), _) if is_number => format!("a whole number from {least} to {most}"),
        (Some(_), _) => "a whole number".to_owned(),
        (None, "f32" | "f64") => "a number".to_owned(),
        (None, "a boolean") => "`true` or `false`".to_owned(),
        (None, "a string") => "a text".to_owned(),
        (None, "a character") => "one character".to_owned(),
        (None, "a sequence") => "a list".to_owned(),
        (None, "unit" | "option") => "nothing".to_owned(),
        (None, other) if other == "a map" || other.starts_with("struct ") => "a mapping".to_owned(),
        (None, other) if other.starts_with("enum ") || other == "string or map" => "a word".to_owned(),
        (None, other) => other.to_owned(),
    }
}

fn shown(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => value.to_string(),
        Unexpected::Signed(value) => value.to_string(),
        Unexpected::Float(value) => value.to_string(),
        Unexpected::Char(value) => format!("the text \"{}\"", value.escape_debug()),
        Unexpected::Str(text) => format!("the text \"{}\"", short(text)),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        other => other.to_string(),
    }
}

/// The beginning of a text, on one line.
fn short(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).collect::<String>().escape_debug().to_string();
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

/// Reads `value` into a `P`.
pub(super) fn read<P: DeserializeOwned>(value: Value) -> Result<P, Wrong> {
    P::deserialize(Given(value))
}

struct Given(Value);

impl<'de> Deserializer<'de> for Given {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(value), _, _) => visitor.visit_u64(value),
                (_, Some(value), _) => visitor.visit_i64(value),
                (_, _, Some(value)) => visitor.visit_f64(value),
                _ => Err(Wrong::custom(format!("{number} is too large"))),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(Items(items.into_iter().enumerate())),
            Value::Object(entries) => visitor.visit_map(Entries { left: entries.into_iter(), value: None }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(Chosen { word, value: None }),
            Value::Object(entries) if entries.len() == 1 => {
                let (word, value) = entries.into_iter().next().unwrap_or_default();
                visitor.visit_enum(Chosen { word, value: Some(value) })
            }
            other => Self(other).deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

struct Items(std::iter::Enumerate<std::vec::IntoIter<Value>>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some((at, value)) = self.0.next() else { return Ok(None) };
        seed.deserialize(Given(value)).map(Some).map_err(|wrong| wrong.inside(format!("[{at}]")))
    }
}

struct Entries {
    left: serde_json::map::IntoIter,
    value: Option<(String, Value)>,
}

impl<'de> MapAccess<'de> for Entries {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.left.next() else { return Ok(None) };
        self.value = Some((key.clone(), value));
        let key: StringDeserializer<Wrong> = key.into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (key, value) = self.value.take().unwrap_or_default();
        seed.deserialize(Given(value)).map_err(|wrong| wrong.inside(key))
    }
}

/// A variant by its word, with what belongs to it.
struct Chosen {
    word: String,
    value: Option<Value>,
}

impl<'de> EnumAccess<'de> for Chosen {
    type Error = Wrong;
    type Variant = Given;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Given), Wrong> {
        let word: StringDeserializer<Wrong> = self.word.into_deserializer();
        Ok((seed.deserialize(word)?, Given(self.value.unwrap_or_default())))
    }
}

impl<'de> VariantAccess<'de> for Given {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        if self.0.is_null() { Ok(()) } else { Err(Wrong::custom("a word alone is expected")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Every {
        count: u8,
        shift: i32,
        rate: f64,
        on: bool,
        name: String,
        words: Vec<String>,
        perhaps: Option<u32>,
        sort: Sort,
        inner: Inner,
        by_name: BTreeMap<String, u16>,
        pair: (u8, String),
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Sort {
        #[default]
        Plain,
        Fancy,
        Sized(u8),
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Inner {
        depth: u32,
    }

    #[test]
    fn whatever_json_reads_is_read_alike() {
        for value in [
            json!({}),
            json!({ "count": 3, "shift": -4, "rate": 2, "on": true, "name": "x", "words": ["a", "b"] }),
            json!({ "perhaps": 7, "sort": "fancy", "inner": { "depth": 2 }, "by_name": { "a": 1 }, "pair": [1, "x"] }),
            json!({ "perhaps": null, "sort": { "sized": 3 }, "rate": 1.5 }),
        ] {
            assert_eq!(read::<Every>(value.clone()).unwrap(), serde_json::from_value(value).unwrap());
        }
    }

    #[test]
    fn a_mistake_says_where_it_is_what_is_expected_and_what_was_found() {
        for (value, expected) in [
            (json!({ "count": "many" }), "`count`: a whole number is expected, found the text \"many\""),
            (json!({ "count": 300 }), "`count`: a whole number from 0 to 255 is expected, found 300"),
            (json!({ "count": -1 }), "`count`: a whole number from 0 to 255 is expected, found -1"),
            (json!({ "count": 1.5 }), "`count`: a whole number is expected, found 1.5"),
            (json!({ "shift": [] }), "`shift`: a whole number is expected, found a list"),
            (json!({ "rate": "fast" }), "`rate`: a number is expected, found the text \"fast\""),
            (json!({ "on": "yes" }), "`on`: `true` or `false` is expected, found the text \"yes\""),
            (json!({ "name": 5 }), "`name`: a text is expected, found 5"),
            (json!({ "name": null }), "`name`: a text is expected, found nothing"),
            (json!({ "words": "a" }), "`words`: a list is expected, found the text \"a\""),
            (json!({ "words": ["a", 1] }), "`words[1]`: a text is expected, found 1"),
            (json!({ "perhaps": {} }), "`perhaps`: a whole number is expected, found a mapping"),
            (json!({ "sort": "fanci" }), "`sort`: `fanci` is not known; did you mean `fancy`?"),
            (json!({ "sort": "quick" }), "`sort`: `quick` is none of `plain`, `fancy`, `sized`"),
            (json!({ "sort": 3 }), "`sort`: a word is expected, found 3"),
            (json!({ "inner": 3 }), "`inner`: a mapping is expected, found 3"),
            (json!({ "inner": { "depth": true } }), "`inner.depth`: a whole number is expected, found `true`"),
            (json!({ "inner": { "dept": 1 } }), "`inner`: unknown key: `dept` is not known; did you mean `depth`?"),
            (json!({ "by_name": { "a": "b" } }), "`by_name.a`: a whole number is expected, found the text \"b\""),
        ] {
            assert_eq!(read::<Every>(value).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn a_long_text_is_cut_and_control_characters_are_escaped() {
        let wrong = read::<Every>(json!({ "count": format!("\u{1b}{}", "x".repeat(99)) })).unwrap_err().to_string();
        assert!(wrong.contains("\\u{1b}xxx") && wrong.ends_with("x…\""), "{wrong}");
    }
}
