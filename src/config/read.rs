//! From the tree to typed values: every key known, every value of its type, every mistake kept.

use std::sync::Arc;

use super::codes;
use super::mistake::{Mistake, SourceText, Span};
use super::tree::{Key, Node, Value};
use crate::base::suggest::nearest;

/// A value as written: what, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Written<T> {
    pub value: T,
    /// The key; for an item of a list the item itself.
    pub key: Span,
    pub span: Span,
}

/// Schemas see through the place.
impl<T: schemars::JsonSchema> schemars::JsonSchema for Written<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> std::borrow::Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        T::json_schema(generator)
    }
}

/// A type that can be read from a file.
pub trait Read: Sized {
    /// What messages say is expected: `text`, `a list`.
    const EXPECTS: &'static str;

    /// Reports what is wrong; `None` when no value is left.
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self>;
}

/// Reads one file and collects what is wrong with it.
pub struct Reader<'a> {
    pub file: &'a Arc<SourceText>,
    pub mistakes: &'a mut Vec<Mistake>,
}

impl Reader<'_> {
    pub fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// The value of a key. An empty value (`tags:` and nothing more) is the same as no key.
    pub fn field<T: Read>(&mut self, key: &Key, node: &Node) -> Option<Written<T>> {
        if node.value == Value::Null {
            return None;
        }
        Some(Written { value: T::read(node, self)?, key: key.span, span: node.span })
    }

    pub fn unknown_key(&mut self, key: &Key, what: &str, known: &[&str]) {
        let message = format!("unknown key `{}` in {what}", key.text);
        let help = match nearest(&key.text, known.iter().copied()) {
            _ if key.text == "<<" => "merge keys are not read; write the values out".to_owned(),
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known keys: {}", list(known)),
        };
        self.report(Mistake::at(&codes::UNKNOWN_KEY, message, self.file, key.span, "not known here").help(help));
    }

    /// Reports each of `required` that `entries` lacks or leaves empty.
    pub fn required(&mut self, node: &Node, what: &str, required: &[&str], entries: &[(Key, Node)]) {
        for name in required {
            let found = entries.iter().find(|(key, _)| key.text == *name);
            let (span, label) = match found {
                Some((_, value)) if value.value != Value::Null => continue,
                Some((key, _)) => (key.span, format!("`{name}` is empty")),
                None => (first_line(self.file, node.span), format!("`{name}` is missing here")),
            };
            let message = format!("{what} needs `{name}`");
            let help = format!("add `{name}:`");
            self.report(Mistake::at(&codes::MISSING_KEY, message, self.file, span, label).help(help));
        }
    }

    /// The entries of a mapping.
    pub fn entries<'n>(&mut self, node: &'n Node, expects: &str) -> Option<&'n [(Key, Node)]> {
        match &node.value {
            Value::Map(entries) => Some(entries),
            _ => self.bad_type(node, expects),
        }
    }

    /// Reports that the value is none of `expects`.
    pub fn bad_type<T>(&mut self, node: &Node, expects: &str) -> Option<T> {
        let written = self.file.slice(node.span);
        let label = match &node.value {
            Value::Null => "nothing is here".to_owned(),
            Value::Bool(b) => format!("YAML reads this as the boolean `{b}`"),
            Value::Int(n) => format!("YAML reads this as the number {n}"),
            Value::Float(x) => format!("YAML reads this as the number {x}"),
            Value::Text(_) => "this is text".to_owned(),
            Value::List(_) => "this is a list".to_owned(),
            Value::Map(_) => "this is a mapping".to_owned(),
        };
        let help = match &node.value {
            Value::Bool(_) | Value::Int(_) | Value::Float(_) if expects == String::EXPECTS => {
                format!("quote it: \"{}\"", written.escape_debug())
            }
            Value::Text(_) if expects == bool::EXPECTS => "write `true` or `false`".to_owned(),
            Value::Text(text) if expects.contains("number") && text.trim().parse::<i64>().is_ok() => {
                format!("remove the quotes: {}", text.trim())
            }
            Value::Text(_) if expects.starts_with("a list") => format!("write a list: [{written}]"),
            _ => format!("write {expects}"),
        };
        let span = first_line(self.file, node.span);
        self.report(
            Mistake::at(&codes::BAD_TYPE, format!("{expects} is expected here"), self.file, span, label).help(help),
        );
        None
    }
}

/// Names in backticks, with commas.
pub fn list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|n| format!("`{}`", n.as_ref())).collect::<Vec<_>>().join(", ")
}

/// The part of `span` on its first line: labels over whole blocks hide what they mean.
pub fn first_line(file: &SourceText, span: Span) -> Span {
    let first = file.slice(span).split(['\n', '\r']).next().unwrap_or("");
    Span::new(span.start, span.start + first.len())
}

impl Read for String {
    const EXPECTS: &'static str = "text";

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) => Some(text.clone()),
            _ => reader.bad_type(node, Self::EXPECTS),
        }
    }
}

impl Read for bool {
    const EXPECTS: &'static str = "`true` or `false`";

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match node.value {
            Value::Bool(b) => Some(b),
            _ => reader.bad_type(node, Self::EXPECTS),
        }
    }
}

macro_rules! read_int {
    ($($int:ident),*) => {$(
        impl Read for $int {
            const EXPECTS: &'static str = "a whole number";

            fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
                let Value::Int(given) = node.value else { return reader.bad_type(node, Self::EXPECTS) };
                let number = $int::try_from(given);
                if number.is_err() {
                    let help = format!("write a number from {} to {}", $int::MIN, $int::MAX);
                    let message = format!("{given} is out of range");
                    reader.report(Mistake::at(&codes::BAD_VALUE, message, reader.file, node.span, "here").help(help));
                }
                number.ok()
            }
        }
    )*};
}
read_int!(u32, u64, i32);

impl<T: Read> Read for Vec<Written<T>> {
    const EXPECTS: &'static str = "a list";

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else { return reader.bad_type(node, Self::EXPECTS) };
        let read = |item: &Node| Some(Written { value: T::read(item, reader)?, key: item.span, span: item.span });
        Some(items.iter().filter_map(read).collect())
    }
}

/// A mapping whose keys the user chooses, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries<T>(pub Vec<(Written<String>, Written<T>)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Entries<T> {
    pub fn iter(&self) -> impl Iterator<Item = (&Written<String>, &Written<T>)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    pub fn get(&self, name: &str) -> Option<&Written<T>> {
        self.iter().find(|(key, _)| key.value == name).map(|(_, value)| value)
    }
}

impl<T: Read> Read for Entries<T> {
    const EXPECTS: &'static str = "a mapping";

    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let entries = reader.entries(node, Self::EXPECTS)?;
        let mut out = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let name = Written { value: key.text.clone(), key: key.span, span: key.span };
            if let Some(value) = T::read(value, reader).map(|v| Written { value: v, key: key.span, span: value.span }) {
                out.push((name, value));
            }
        }
        Some(Self(out))
    }
}

impl<T: schemars::JsonSchema> schemars::JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("Map_of_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let item = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": item })
    }
}

/// Declares a mapping with known keys: the type, its JSON Schema and its reader from one list.
macro_rules! written {
    (
        $(#[doc = $doc:literal])*
        $name:ident is $what:literal required $required:tt {
            $( $(#[$meta:meta])* $field:ident : $ty:ty, )*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, schemars::JsonSchema)]
        #[schemars(deny_unknown_fields, extend("required" = $required))]
        pub struct $name {
            $( $(#[$meta])* pub $field: Option<$crate::config::read::Written<$ty>>, )*
            /// Every key that has a value, also where that was reported.
            #[schemars(skip)]
            pub keys: Vec<String>,
        }

        impl $name {
            /// Has the key a value, good or bad?
            pub fn has(&self, key: &str) -> bool {
                self.keys.iter().any(|k| k == key)
            }
        }

        impl $crate::config::read::Read for $name {
            const EXPECTS: &'static str = "a mapping";

            fn read(node: &$crate::config::tree::Node, reader: &mut $crate::config::read::Reader<'_>) -> Option<Self> {
                const REQUIRED: &[&str] = &$required;
                let entries = reader.entries(node, Self::EXPECTS)?;
                let given = entries.iter().filter(|(_, v)| v.value != $crate::config::tree::Value::Null);
                let mut out = Self { keys: given.map(|(key, _)| key.text.clone()).collect(), ..Self::default() };
                for (key, value) in entries {
                    match key.text.as_str() {
                        $( stringify!($field) => out.$field = reader.field(key, value), )*
                        _ => reader.unknown_key(key, $what, &[$(stringify!($field)),*]),
                    }
                }
                reader.required(node, $what, REQUIRED, entries);
                Some(out)
            }
        }
    };
}

pub(crate) use written;
