//! Two lists of ingredients.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::super::key::DECISIONS;
use super::model::Moved;

type Ingredients = BTreeMap<String, String>;

/// What moved from `old` to `new`, apart from files and shards, which are compared one by one elsewhere. `above`
/// gives the node behind a port.
pub fn ingredients(old: &Ingredients, new: &Ingredients, above: impl Fn(&str) -> String) -> Vec<Moved> {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut moved = Vec::new();
    for name in names {
        let (old, new) = (old.get(name), new.get(name));
        if old == new {
            continue;
        }
        let text = |value: Option<&String>| value.cloned().unwrap_or_default();
        let short = |value: Option<&String>| value.map(|v| v.chars().take(12).collect::<String>());
        match name.split_once('.') {
            None => match name.as_str() {
                "kind" => moved.push(Moved::Kind { old: text(old), new: text(new) }),
                "format" => moved.push(Moved::Format { old: text(old), new: text(new) }),
                "limits" => moved.push(Moved::Limits { old: text(old), new: text(new) }),
                "params" => moved.extend(parameters(old, new)),
                DECISIONS => moved.push(Moved::Decisions { old: short(old), new: short(new) }),
                // `chain` guards the reuse of rows and is no part of the key; files are compared one by one.
                _ => {}
            },
            Some(("definition", language)) => {
                // A language that came or went did so with its files.
                if let (Some(_), Some(_)) = (old, new) {
                    moved.push(Moved::Language { language: language.to_owned(), old: short(old), new: short(new) });
                }
            }
            Some(("input", place)) => {
                let Some((port, table)) = place.split_once('.') else { continue };
                moved.push(Moved::Input {
                    node: above(port),
                    port: port.to_owned(),
                    table: table.to_owned(),
                    old: short(old),
                    new: short(new),
                });
            }
            Some(_) => {}
        }
    }
    moved
}

/// Two canonical JSON objects, parameter by parameter.
pub fn parameters(old: Option<&String>, new: Option<&String>) -> Vec<Moved> {
    let parse = |text: Option<&String>| match text.map(|t| serde_json::from_str::<Value>(t)) {
        Some(Ok(Value::Object(map))) => map,
        _ => serde_json::Map::new(),
    };
    let (old, new) = (parse(old), parse(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| Moved::Parameter {
            name: name.clone(),
            old: Moved::value(old.get(name)),
            new: Moved::value(new.get(name)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Ingredients {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn each_ingredient_that_moved_is_named_with_both_values() {
        let old = of(&[
            ("kind", "chunk"),
            ("format", "1"),
            ("params", r#"{"a":1,"b":[2]}"#),
            ("chain", "x"),
            ("input.outline.files", "0123456789abcdef"),
            ("definition.rust", "aa"),
        ]);
        let mut new = old.clone();
        assert_eq!(ingredients(&old, &new, |_| String::new()), []);
        new.extend(of(&[("format", "2"), ("params", r#"{"a":1,"b":[3],"c":null}"#), ("chain", "y")]));
        new.extend(of(&[("input.outline.files", "fedcba9876543210"), ("definition.rust", "bb")]));
        let text = |t: &str| Some(t.to_owned());
        assert_eq!(
            ingredients(&old, &new, |port| format!("behind {port}")),
            [
                Moved::Language { language: "rust".into(), old: text("aa"), new: text("bb") },
                Moved::Format { old: "1".into(), new: "2".into() },
                Moved::Input {
                    node: "behind outline".into(),
                    port: "outline".into(),
                    table: "files".into(),
                    old: text("0123456789ab"),
                    new: text("fedcba987654"),
                },
                Moved::Parameter { name: "b".into(), old: text("[2]"), new: text("[3]") },
                Moved::Parameter { name: "c".into(), old: None, new: text("null") },
            ]
        );
    }
}
