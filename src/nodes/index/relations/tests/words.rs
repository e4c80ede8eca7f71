//! The word lists are data with a schema.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::words::{LISTS, Words, digest, is_builtin, is_never};
use crate::nodes::{Kind, index};

fn schema() -> Value {
    serde_json::from_str(include_str!("../words/schema.json")).unwrap()
}

#[test]
fn every_list_of_words_fits_the_schema_and_is_sorted() {
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.add_resource("schema.json", schema()).unwrap();
    let schema = compiler.compile("schema.json", &mut schemas).unwrap();
    for (language, text) in LISTS {
        let value: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{language}: {e}"));
        schemas.validate(&value, schema).unwrap_or_else(|e| panic!("{language}: {e}"));
        let mut seen = BTreeSet::new();
        for list in ["keywords", "literals", "builtins"] {
            let words: Vec<&str> = value[list].as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect();
            assert!(words.is_sorted(), "{language}: {list}");
            for word in words {
                assert!(seen.insert(word), "{language} has `{word}` twice");
            }
        }
        assert!(!seen.is_empty(), "{language}");
        let modules: Vec<&str> = value["modules"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert!(modules.is_sorted(), "{language}: modules");
    }
    let wrong: Value = serde_json::from_str(r#"{"keywords": ["a b"], "literals": [], "builtins": []}"#).unwrap();
    assert!(schemas.validate(&wrong, schema).is_err(), "the schema refuses what is no word");
}

#[test]
fn lists_are_told_apart_by_language() {
    assert!(is_never("go", "func") && !is_never("go", "print") && !is_never("python", "func"));
    assert!(is_builtin("go", "print") && !is_builtin("go", "func") && !is_builtin("cobol", "print"));
}

#[test]
fn the_list_of_a_language_is_in_its_key() {
    let digests: BTreeSet<String> = LISTS.iter().map(|(language, _)| digest(Some(language)).hex()).collect();
    // TSX has the words of TypeScript.
    assert_eq!(digests.len(), LISTS.len() - 1);
    let words: Words = serde_json::from_str(LISTS[0].1).unwrap();
    assert_eq!(index::KIND.definition_digest(Some(LISTS[0].0)), words.digest());
    let mut changed = words.clone();
    changed.builtins.insert("another".to_owned());
    assert_ne!(changed.digest(), words.digest());
    let moved = Words { keywords: words.builtins.clone(), builtins: words.keywords.clone(), ..words.clone() };
    assert_ne!(moved.digest(), words.digest(), "a word that moves to another list changes what is dropped");
    assert_eq!(index::KIND.definition_digest(None).0, [0; 32]);
    // Markdown has no words of its own, and may hold regions of any language.
    assert!(!digests.contains(&digest(Some("markdown")).hex()) && digest(Some("markdown")) == digest(Some("html")));
}
