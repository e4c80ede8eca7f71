//! Parameters: `${name}` in `with`, their values, and who may set them.
//!
//! The pipeline declares each name with a default under `params:`. A repository's `params:` wins over it, and
//! `--param NAME=VALUE` over both. A text that is `${name}` and nothing else becomes the value with its type;
//! inside other text the value is written out. `$${` is a plain `${`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::base::suggest::nearest;
use crate::config::codes;
use crate::config::mistake::{Mistake, Span};
use crate::config::read::{Reader, list};
use crate::config::written::{AnyValue, Data};

/// `--param` values, and which of them some pipeline took.
pub struct Overrides<'a> {
    given: &'a [(String, String)],
    taken: BTreeSet<&'a str>,
    declared: BTreeSet<String>,
}

impl<'a> Overrides<'a> {
    pub fn new(given: &'a [(String, String)]) -> Self {
        Self { given, taken: BTreeSet::new(), declared: BTreeSet::new() }
    }

    /// Sets the values of a pipeline's parameters; the last of equal names wins.
    pub fn apply(&mut self, params: &mut BTreeMap<String, Value>, mistakes: &mut Vec<Mistake>) {
        self.declared.extend(params.keys().cloned());
        for (name, text) in self.given {
            let Some(value) = params.get_mut(name) else { continue };
            self.taken.insert(name);
            match typed_as(value, text) {
                Some(typed) => *value = typed,
                None => mistakes.push(
                    Mistake::new(
                        &codes::BAD_TYPE,
                        format!("`--param {name}={text}`: {} is expected", type_name(value)),
                    )
                    .help(format!("the pipeline's own value is {value}")),
                ),
            }
        }
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.given.iter().any(|(given, _)| given == name)
    }

    /// Reports what no pipeline declares.
    pub fn finish(&self, mistakes: &mut Vec<Mistake>) {
        for (name, _) in self.given.iter().filter(|(name, _)| !self.taken.contains(name.as_str())) {
            let message = format!("`--param {name}`: no pipeline declares this parameter");
            mistakes.push(Mistake::new(&codes::UNKNOWN_PARAM, message).help(suggestion(name, &self.declared)));
        }
    }
}

fn suggestion(name: &str, declared: &BTreeSet<String>) -> String {
    let names: Vec<&String> = declared.iter().collect();
    match nearest(name, declared.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "declare it with its default under `params:` of the pipeline".to_owned(),
        None => format!("declared under `params:` are {}", list(&names)),
    }
}

/// The text as a value of the type that the default has.
fn typed_as(default: &Value, text: &str) -> Option<Value> {
    let value: Value = match default {
        Value::String(_) => return Some(Value::String(text.to_owned())),
        _ => serde_yaml::from_str(text).ok()?,
    };
    same_type(default, &value).is_ok().then_some(value)
}

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "`true` or `false`",
        Value::Number(n) if n.is_f64() => "a number",
        Value::Number(_) => "a whole number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// A pipeline's parameters for one repository.
pub struct Substitution<'a> {
    pub pipeline: &'a str,
    pub params: &'a BTreeMap<String, Value>,
}

impl Substitution<'_> {
    /// The value with every `${name}` filled in. Mistakes are reported at the text that holds them.
    pub fn fill(&self, written: &AnyValue, reader: &mut Reader<'_>) -> Value {
        match &written.data {
            Data::Plain(value) => value.clone(),
            Data::Text(text) => self.fill_text(text, written.span, reader),
            Data::List(items) => items.iter().map(|item| self.fill(item, reader)).collect(),
            Data::Map(entries) => {
                Value::Object(entries.iter().map(|(key, value)| (key.clone(), self.fill(value, reader))).collect())
            }
        }
    }

    fn fill_text(&self, text: &str, span: Span, reader: &mut Reader<'_>) -> Value {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            if let Some(escaped) = before.strip_suffix('$') {
                out.push_str(escaped);
                out.push_str("${");
                rest = &from[2..];
                continue;
            }
            out.push_str(before);
            let Some(end) = from.find('}') else {
                reader.report(
                    Mistake::at(&codes::BAD_REFERENCE, "`${` without `}`", reader.file, span, "not closed")
                        .help("write `${name}`, or `$${` for the text itself"),
                );
                return Value::String(text.to_owned());
            };
            let name = &from[2..end];
            let Some(value) = self.params.get(name) else {
                reader.report(self.unknown(name, reader, span));
                return Value::String(text.to_owned());
            };
            rest = &from[end + 1..];
            if before.is_empty() && out.is_empty() && rest.is_empty() {
                return value.clone();
            }
            match value {
                Value::String(s) => out.push_str(s),
                other => out.push_str(&other.to_string()),
            }
        }
        out.push_str(rest);
        Value::String(out)
    }

    /// At the name inside the text where it can be found there, else at the whole text.
    fn unknown(&self, name: &str, reader: &Reader<'_>, span: Span) -> Mistake {
        let reference = format!("${{{name}}}");
        let span = match reader.file.slice(span).find(&reference) {
            Some(at) => Span::new(span.start + at, span.start + at + reference.len()),
            None => span,
        };
        let message = format!("the pipeline `{}` declares no parameter `{}`", self.pipeline, name.escape_debug());
        let declared: BTreeSet<String> = self.params.keys().cloned().collect();
        Mistake::at(&codes::UNKNOWN_PARAM, message, reader.file, span, "not declared").help(suggestion(name, &declared))
    }
}

/// Does `value` have the type of `default`? If not, what is expected.
pub fn same_type(default: &Value, value: &Value) -> Result<(), &'static str> {
    let fits = default.is_null() || type_name(default) == type_name(value);
    if fits { Ok(()) } else { Err(type_name(default)) }
}
