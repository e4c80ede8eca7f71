//! JSON held to its documented schema, with every object closed: a key that no document names is a mistake.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The documents of `docs/schema/`, closed.
pub struct Documents {
    schemas: boon::Schemas,
    by_name: BTreeMap<String, boon::SchemaIndex>,
}

impl Documents {
    pub fn read() -> Self {
        let mut documents = Self { schemas: boon::Schemas::new(), by_name: BTreeMap::new() };
        let mut compiler = boon::Compiler::new();
        for file in crate::tidy::tree::names("docs/schema") {
            let mut schema = serde_json::from_str(&crate::tidy::tree::read(&format!("docs/schema/{file}"))).unwrap();
            close(&mut schema, false);
            let place = format!("mem:///{file}");
            compiler.add_resource(&place, schema).unwrap();
            let index = compiler.compile(&place, &mut documents.schemas).unwrap();
            documents.by_name.insert(file.trim_end_matches(".json").to_owned(), index);
        }
        documents
    }

    /// What the document `name` has against `value`.
    pub fn refusal(&self, name: &str, value: &Value) -> Option<String> {
        let index = self.by_name.get(name).unwrap_or_else(|| panic!("docs/schema/{name}.json is not there"));
        self.schemas.validate(value, *index).err().map(|error| format!("{error:#}"))
    }

    pub fn hold(&self, name: &str, value: &Value) {
        if let Some(refusal) = self.refusal(name, value) {
            panic!("{refusal}\n\nis no {name}:\n{value}");
        }
    }
}

/// Lets no object have a key that its schema does not name. A branch of an object's own `anyOf`, `oneOf` or `allOf`
/// stays open: the object itself is closed around all of them.
fn close(schema: &mut Value, branch: bool) {
    let Value::Object(schema) = schema else { return };
    let parts = ["anyOf", "oneOf", "allOf"];
    let is_object = schema.contains_key("properties");
    if is_object && !branch && !schema.contains_key("additionalProperties") {
        let united = parts.iter().any(|part| schema.contains_key(*part));
        schema.insert(if united { "unevaluatedProperties" } else { "additionalProperties" }.to_owned(), false.into());
    }
    for key in ["properties", "$defs"] {
        if let Some(Value::Object(inner)) = schema.get_mut(key) {
            inner.values_mut().for_each(|inner| close(inner, false));
        }
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get_mut(key) {
            close(inner, false);
        }
    }
    for key in parts {
        if let Some(Value::Array(inner)) = schema.get_mut(key) {
            for inner in inner {
                close(inner, is_object);
            }
        }
    }
}

#[test]
fn a_key_that_no_document_names_is_refused() {
    let documents = Documents::read();
    let mut answer: Map<String, Value> = Map::new();
    for (key, value) in [("ok", Value::Bool(true)), ("page", "…".into())] {
        answer.insert(key.to_owned(), value);
    }
    documents.hold("man", &Value::Object(answer.clone()));
    answer.insert("pages".to_owned(), 1.into());
    assert!(documents.refusal("man", &Value::Object(answer.clone())).is_some());
    answer.retain(|key, _| key == "ok");
    assert!(documents.refusal("man", &Value::Object(answer)).is_some(), "a key is missing");
}
