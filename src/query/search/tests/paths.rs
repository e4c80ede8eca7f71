//! Paths as people copy them.

use std::collections::BTreeMap;

use crate::base::Mode;
use crate::query::search::{Meant, SearchRequest, WrittenPath, search, written_paths};
use crate::query::testing::{Spec, World, chunk};

fn world() -> World {
    let one = |path: &str| chunk(path, 1, "function", "add", "int add(void) { return work; }\n");
    let two = |path: &str| chunk(path, 9, "function", "find", "int find(void) { return work; }\n");
    let redis = ["src/a.c", "src/dict.c", "src/sub/dict.c"].into_iter().flat_map(|path| [one(path), two(path)]);
    let lua = ["dict.c", "src/dict.c"].into_iter().flat_map(|path| [one(path), two(path)]);
    World::of(&[
        Spec::new("lua", vec![(Mode::Code, vec![lua.collect()])]),
        Spec::new("redis", vec![(Mode::Code, vec![redis.collect()])]),
    ])
}

fn found(query: &str, places: &[(&str, &str)]) -> Vec<String> {
    let meant = |path: &str| Meant { repo: "redis".into(), path: path.into() };
    let places: BTreeMap<_, _> = places.iter().map(|(written, path)| ((*written).to_owned(), meant(path))).collect();
    let request = SearchRequest { limit: 99, places, ..SearchRequest::new(query) };
    let hits = search(&world(), &request).unwrap().hits;
    hits.iter().map(|hit| format!("{}/{}:{}", hit.repo, hit.path, hit.start_line)).collect()
}

#[test]
fn a_path_that_means_a_place_finds_it_first() {
    let place = [("../lib/redis/src/dict.c", "src/dict.c")];
    assert_eq!(found("../lib/redis/src/dict.c", &place)[..2], ["redis/src/dict.c:1", "redis/src/dict.c:9"]);
    assert_eq!(found("../lib/redis/src/dict.c:10:4", &place)[..2], ["redis/src/dict.c:9", "redis/src/dict.c:1"]);
    assert_eq!(found("./dict.c", &[("./dict.c", "src/sub/dict.c")])[0], "redis/src/sub/dict.c:1");
    assert_eq!(found("/work/redis/src/dict.c:9", &[("/work/redis/src/dict.c", "src/dict.c")])[0], "redis/src/dict.c:9");
    let below = found("../redis/src/sub/", &[("../redis/src/sub/", "src/sub")]);
    assert_eq!(below[..2], ["redis/src/sub/dict.c:1", "redis/src/sub/dict.c:9"], "{below:?}");
}

#[test]
fn what_leads_to_a_place_is_not_looked_for() {
    let place = [("/work/redis/src/dict.c", "src/dict.c")];
    let request = |query: &str| SearchRequest {
        explain: true,
        places: place.iter().map(|(w, p)| ((*w).into(), Meant { repo: "redis".into(), path: (*p).into() })).collect(),
        ..SearchRequest::new(query)
    };
    let units = search(&world(), &request("/work/redis/src/dict.c:3")).unwrap().explain.unwrap().units;
    let terms: Vec<&str> = units.iter().map(|unit| unit.term.as_str()).collect();
    assert!(terms.contains(&"dict") && !terms.iter().any(|term| ["work", "redis", "3"].contains(term)), "{terms:?}");
}

#[test]
fn a_path_with_the_name_of_its_repository_in_front_is_understood() {
    assert_eq!(found("redis/src/dict.c", &[])[0], "redis/src/dict.c:1");
    assert_eq!(found("lua/src/dict.c:9", &[])[0], "lua/src/dict.c:9");
    assert_eq!(found("work path:redis/src/dict.c", &[]), ["redis/src/dict.c:1", "redis/src/dict.c:9"]);
    assert_eq!(found("\"work\" path:lua/src", &[]), ["lua/src/dict.c:1", "lua/src/dict.c:9"]);
}

#[test]
fn a_filter_on_a_path_means_its_place() {
    let place = [("../redis/src", "src"), ("./dict.c", "src/dict.c")];
    let both = ["redis/src/dict.c:1", "redis/src/dict.c:9"];
    assert_eq!(found("work path:./dict.c:9", &place), both);
    assert_eq!(found("\"work\" path:./dict.c", &place), both);
    assert_eq!(found("work path:../redis/src -path:../redis/src/sub -path:a.c", &place).len(), 4, "sub means nothing");
    assert_eq!(found("work path:../redis/src/*.c", &place).len(), 4, "not below `sub`");
    assert_eq!(found("work -path:../redis/src", &place).len(), 4, "all of the other repository");
    assert_eq!(found("work path:./dict.c", &[]), [""; 0], "as text it is in no path");
}

#[test]
fn the_paths_of_a_query_are_told_as_they_are_written() {
    for (query, expected) in [
        ("../redis/src/dict.c:3", &[("../redis/src/dict.c", false)][..]),
        ("how does ../redis/src/dict.c work", &[]),
        ("work path:./a.c:3 path:../src/*.c path:*.c lang:c", &[("./a.c", true), ("../src", true)]),
        ("src/a.c path:src", &[("src/a.c", false), ("src", true)]),
        ("\"/usr/lib\"", &[]),
    ] {
        let expected: Vec<WrittenPath> =
            expected.iter().map(|(path, filter)| WrittenPath { path: (*path).into(), filter: *filter }).collect();
        assert_eq!(written_paths(query).unwrap(), expected, "{query}");
    }
    assert!(written_paths("a OR").is_err());
}
