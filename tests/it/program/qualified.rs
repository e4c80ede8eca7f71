//! Qualified names, in the writing of each language: the definition is found first, by its line, by words and by `sym:`.

use super::world::World;

/// A file for each language; each has `lock` in `Mutex`, `lock` in something else, and a use of both.
const FILES: [(&str, &str); 7] = [
    (
        "app/sync.rs",
        "/// Guards lock.\npub struct Guard;\n\nimpl Guard {\n    /// Mutex of a lock.\n    pub fn lock(&self) {}\n}\n\n\
         pub struct Mutex;\n\nimpl Mutex {\n    /// Guard of a lock.\n    #[inline]\n    pub fn lock(&self) {}\n}\n",
    ),
    (
        "app/sync.py",
        "class Guard:\n    \"\"\"Mutex.\"\"\"\n\n    def lock(self):\n        return Mutex.lock\n\n\n\
         class Mutex:\n    def open(self):\n        return 1\n\n    def lock(self):\n        return 2\n",
    ),
    (
        "app/Sync.java",
        "class Guard {\n    /** Mutex. */\n    void lock() {}\n}\n\nclass Mutex {\n    @Override\n    void lock() {}\n}\n",
    ),
    ("app/sync.go", "package app\n\nfunc (g *Guard) Lock() {}\n\n// Mutex\nfunc (m *Mutex) Lock() {}\n"),
    ("app/sync.js", "class Guard {\n  lock() {}\n}\n\nclass Mutex {\n  lock() {}\n}\n"),
    ("app/sync.cpp", "void Guard::lock() {\n}\n\n// Guard\nvoid Mutex::lock() {\n}\n"),
    ("app/sync.rb", "class Guard\n  def lock\n  end\nend\n\nclass Mutex\n  def lock\n  end\nend\n"),
];

/// Language, how it writes the name, and the line of the definition.
const ASKED: [(&str, &str, u64); 7] = [
    ("rust", "Mutex::lock", 14),
    ("python", "Mutex.lock", 12),
    ("java", "Mutex.lock", 8),
    ("go", "Mutex.Lock", 6),
    ("javascript", "Mutex.lock", 6),
    ("cpp", "Mutex::lock", 5),
    ("ruby", "Mutex#lock", 7),
];

fn world() -> World {
    let world = World::shop();
    for (path, text) in FILES {
        world.write(format!("api/{path}"), text);
    }
    world.ok(&["build"]);
    world
}

#[test]
fn the_definition_of_a_qualified_name_is_first_in_every_language() {
    let world = world();
    for (language, name, line) in ASKED {
        for query in [format!("lang:{language} {name}"), format!("lang:{language} sym:{name}")] {
            let answer = world.json(&["search", "--json", "--", &query]);
            let hit = &answer["hits"][0];
            assert_eq!(hit["line"].as_u64(), Some(line), "{query}: {hit}");
        }
    }
}

#[test]
fn a_symbol_is_found_inside_a_chunk_by_its_kind_and_its_last_names() {
    let world = world();
    let lines = |query: &str| {
        let answer = world.json(&["search", "--json", "--", query]);
        answer["hits"].as_array().unwrap().iter().map(|hit| hit["line"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(lines("lang:python sym:Mutex.lock kind:method"), [12]);
    assert_eq!(lines("lang:python sym:Mutex.op*"), [9], "a glob");
    assert_eq!(lines("lang:python sym:mutex::lock"), [12], "joined otherwise, and in small letters");
    assert_eq!(lines("lang:python sym:lock kind:class"), [0; 0], "no class is called so");
    assert_eq!(lines("lang:python sym:Guard.open"), [0; 0]);
    assert_eq!(lines("lang:python sym:ock"), [0; 0], "names are compared whole");
}
