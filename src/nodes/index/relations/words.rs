//! Words of languages that name nothing of a repository: small lists that are data.
//!
//! A file is named after its language and holds `keywords`, `literals` and `builtins`, each sorted, and may hold
//! `modules`; its shape is `words/schema.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use crate::base::{Digest, KeyHasher};

/// The words of one language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Words with a meaning of their own, which the grammar may show as calls.
    pub keywords: BTreeSet<String>,
    pub literals: BTreeSet<String>,
    /// Functions, types and values that every program has without an import.
    pub builtins: BTreeSet<String>,
    /// Modules of the library that comes with the language.
    #[serde(default)]
    pub modules: BTreeSet<String>,
}

macro_rules! lists {
    ($($language:literal),* $(,)?) => {
        /// Each list as it is written, by language.
        pub static LISTS: &[(&str, &str)] = &[
            $(($language, include_str!(concat!("words/", $language, ".json")))),*
        ];
    };
}

lists![
    "bash",
    "c",
    "cmake",
    "cpp",
    "csharp",
    "dart",
    "elixir",
    "go",
    "haskell",
    "hcl",
    "java",
    "javascript",
    "kotlin",
    "lua",
    "make",
    "nix",
    "ocaml",
    "perl",
    "php",
    "powershell",
    "python",
    "r",
    "ruby",
    "rust",
    "scala",
    "sql",
    "starlark",
    "swift",
    "tsx",
    "typescript",
    "zig",
];

static WORDS: LazyLock<BTreeMap<&str, Words>> = LazyLock::new(|| {
    // A list that does not read is no list; a test reads them all.
    LISTS.iter().filter_map(|(language, text)| Some((*language, serde_json::from_str(text).ok()?))).collect()
});

/// Is `name` a word that names nothing?
pub fn is_never(language: &str, name: &str) -> bool {
    WORDS.get(language).is_some_and(|words| words.keywords.contains(name) || words.literals.contains(name))
}

/// Does every program of the language have `name`?
pub fn is_builtin(language: &str, name: &str) -> bool {
    WORDS.get(language).is_some_and(|words| words.builtins.contains(name))
}

/// Does the library of the language have the module `name`?
pub fn is_module(language: &str, name: &str) -> bool {
    WORDS.get(language).is_some_and(|words| words.modules.contains(name))
}

/// Over the words that decide the relations of a file in `language`. A file of a language without a list may hold
/// regions of any other, as Markdown does.
pub fn digest(language: Option<&str>) -> Digest {
    match language {
        None => Digest([0; 32]),
        Some(language) => WORDS.get(language).map_or_else(|| *ALL, Words::digest),
    }
}

static ALL: LazyLock<Digest> = LazyLock::new(|| {
    let mut hasher = KeyHasher::new("sawmill.index.words.all.v1");
    for (language, words) in &*WORDS {
        hasher.add(*language).digest(&words.digest());
    }
    hasher.finish()
});

impl Words {
    pub fn digest(&self) -> Digest {
        let mut hasher = KeyHasher::new("sawmill.index.words.v1");
        for list in [&self.keywords, &self.literals, &self.builtins, &self.modules] {
            hasher.int(list.len() as u64);
            for word in list {
                hasher.add(word.as_str());
            }
        }
        hasher.finish()
    }
}
