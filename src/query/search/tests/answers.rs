//! What is kept of an answer is told apart from that of another ranking.

use crate::base::{Digest, Mode, json};
use crate::query::search::prepare::{ANSWERS, Prepared};
use crate::query::search::{Merge, SearchRequest, search};
use crate::query::testing::{Spec, World, chunk};

/// Of everything that the formula, the language of queries and the snippets look at, a little.
fn world() -> World {
    let code = vec![
        chunk(
            "src/config.rs",
            1,
            "function",
            "parse_config",
            "fn parse_config(path: &Path) -> Config {\n    read(path)\n}",
        ),
        chunk(
            "src/config.rs",
            9,
            "function",
            "read_config_file",
            "fn read_config_file() {\n    parse_config(\"a\")\n}",
        ),
        chunk("src/config.rs", 20, "method", "Config::get", "fn get(&self) -> Value { self.parsed.clone() }"),
        chunk("tests/config.rs", 1, "test", "parses", "fn parses() { parse_config(\"x\"); }"),
    ];
    let other = vec![
        chunk("lib/http.rs", 1, "function", "retry", "/// Tries a request again.\nfn retry() { read_config_file() }"),
        chunk("lib/http.rs", 8, "text", "", "use std::fmt; // the configuration of requests"),
    ];
    let mut first = Spec::new("one", vec![(Mode::Code, vec![code])]);
    first.entry.priority = 1;
    World::of(&[first, Spec::new("two", vec![(Mode::Code, vec![other])])])
}

const QUERIES: [&str; 14] = [
    "parse_config",
    "parse_conf",
    "config",
    "how is the configuration file read",
    "+config -test",
    "(parse OR retry) AND NOT file",
    "Config::get",
    "src/config.rs:10",
    "lib",
    "\"parse_config(\"",
    "/fn \\w+\\(\\)/",
    "\"config\" read",
    "kind:function config",
    "requests",
];

/// Where this fails, an equal request has another answer over equal pieces: raise `ANSWERS`, so that answers which were
/// kept before are not given any more, and write what it says here.
#[test]
fn answers_move_with_their_number_only() {
    let world = world();
    let mut told = String::new();
    for query in QUERIES {
        for request in [
            SearchRequest { explain: true, ..SearchRequest::new(query) },
            SearchRequest { budget: Some(60), files: true, ..SearchRequest::new(query) },
            SearchRequest { merge: Merge::Rrf, ..SearchRequest::new(query) },
        ] {
            let answer = search(&world, &request).unwrap();
            told += &String::from_utf8(json::canonical(&answer).unwrap()).unwrap();
        }
    }
    assert_eq!((ANSWERS, Digest::of(told.as_bytes()).prefix_hex(16).as_str()), (1, "303ba52e9751e8a9"));
}

#[test]
fn every_weight_is_part_of_the_key_of_an_answer() {
    let world = world();
    let key = |request: &SearchRequest| Prepared::of(&world, request).unwrap().key("");
    let plain = SearchRequest::new("config");
    assert_eq!(key(&plain), key(&plain.clone()));
    let mut other = plain.clone();
    other.weights.sentence.naming += 0.01;
    assert_ne!(key(&plain), key(&other));
    other.weights = plain.weights.clone();
    other.weights.literal_elsewhere += 0.01;
    assert_ne!(key(&plain), key(&other));
}
