//! Words that code writes in other ways than sentences do.

use crate::nodes::index::tokenize::Stems;

/// A word of sentences, then how code shortens it.
const SHORT: &[&[&str]] = &[
    &["absolute", "abs"],
    &["accumulate", "acc"],
    &["accumulator", "acc"],
    &["address", "addr"],
    &["administrator", "admin"],
    &["allocate", "alloc"],
    &["allocation", "alloc"],
    &["application", "app"],
    &["argument", "arg", "args", "argv"],
    &["array", "arr"],
    &["asynchronous", "async"],
    &["attribute", "attr", "attrs"],
    &["authentication", "auth"],
    &["authorization", "auth"],
    &["average", "avg"],
    &["binary", "bin"],
    &["boolean", "bool"],
    &["buffer", "buf"],
    &["button", "btn"],
    &["calculate", "calc"],
    &["callback", "cb"],
    &["certificate", "cert"],
    &["character", "char", "chr"],
    &["column", "col", "cols"],
    &["command", "cmd"],
    &["configuration", "config", "cfg", "conf"],
    &["connection", "conn"],
    &["constant", "const"],
    &["context", "ctx"],
    &["coordinate", "coord", "coords"],
    &["credential", "cred", "creds"],
    &["current", "cur", "curr"],
    &["database", "db"],
    &["declaration", "decl"],
    &["decrement", "decr", "dec"],
    &["definition", "def"],
    &["delete", "del"],
    &["delimiter", "delim"],
    &["dependency", "dep", "deps"],
    &["description", "desc"],
    &["descriptor", "desc"],
    &["destination", "dest", "dst"],
    &["dictionary", "dict"],
    &["difference", "diff"],
    &["dimension", "dim", "dims"],
    &["directory", "dir", "dirs"],
    &["distance", "dist"],
    &["document", "doc"],
    &["documentation", "doc", "docs"],
    &["element", "elem", "el", "elt"],
    &["environment", "env"],
    &["equal", "eq"],
    &["error", "err"],
    &["evaluate", "eval"],
    &["exception", "exc", "ex"],
    &["execute", "exec"],
    &["expression", "expr"],
    &["extension", "ext"],
    &["frequency", "freq"],
    &["function", "func", "fn", "fun"],
    &["generate", "gen"],
    &["generator", "gen"],
    &["hexadecimal", "hex"],
    &["identifier", "id", "ident"],
    &["image", "img"],
    &["implementation", "impl"],
    &["increment", "incr", "inc"],
    &["index", "idx"],
    &["information", "info"],
    &["initialize", "init"],
    &["initialise", "init"],
    &["initial", "init"],
    &["instance", "inst"],
    &["integer", "int"],
    &["interface", "iface"],
    &["iterate", "iter"],
    &["iterator", "iter"],
    &["language", "lang"],
    &["length", "len"],
    &["library", "lib"],
    &["manager", "mgr"],
    &["matrix", "mat"],
    &["maximum", "max"],
    &["memory", "mem"],
    &["message", "msg"],
    &["millisecond", "ms", "msec"],
    &["minimum", "min"],
    &["module", "mod"],
    &["multiply", "mul"],
    &["navigation", "nav"],
    &["number", "num"],
    &["object", "obj"],
    &["operation", "op"],
    &["operator", "op"],
    &["option", "opt", "opts"],
    &["original", "orig"],
    &["package", "pkg"],
    &["parameter", "param", "params"],
    &["password", "passwd", "pwd"],
    &["pointer", "ptr"],
    &["polynomial", "poly"],
    &["position", "pos"],
    &["previous", "prev"],
    &["process", "proc"],
    &["procedure", "proc"],
    &["property", "prop", "props"],
    &["protocol", "proto"],
    &["random", "rand", "rng"],
    &["rectangle", "rect"],
    &["reference", "ref", "refs"],
    &["register", "reg"],
    &["relative", "rel"],
    &["repository", "repo"],
    &["request", "req"],
    &["response", "resp", "res"],
    &["second", "sec", "secs"],
    &["separator", "sep"],
    &["sequence", "seq"],
    &["signature", "sig"],
    &["source", "src"],
    &["specification", "spec"],
    &["standard", "std"],
    &["statement", "stmt"],
    &["statistic", "stat", "stats"],
    &["string", "str"],
    &["subtract", "sub"],
    &["synchronize", "sync"],
    &["synchronous", "sync"],
    &["system", "sys"],
    &["temporary", "tmp", "temp"],
    &["timestamp", "ts"],
    &["transaction", "tx", "txn"],
    &["utility", "util", "utils"],
    &["value", "val"],
    &["variable", "var", "vars"],
    &["vector", "vec"],
    &["version", "ver"],
    &["window", "win"],
];

/// Words of which names have one and sentences another.
const SYNONYMS: &[&[&str]] = &[
    &["add", "append", "insert", "push"],
    &["begin", "start"],
    &["change", "modify", "update", "set"],
    &["check", "determine", "whether", "is", "has", "test", "validate", "verify"],
    &["close", "end", "finish", "stop"],
    &["construct", "create", "make", "build", "new"],
    &["convert", "transform", "to", "from", "into", "as"],
    &["copy", "clone", "duplicate"],
    &["delete", "remove", "drop", "erase", "clear"],
    &["display", "show", "print", "render"],
    &["execute", "run", "invoke", "call", "apply"],
    &["fetch", "get", "retrieve", "obtain", "return", "load", "read"],
    &["find", "locate", "lookup", "search"],
    &["merge", "combine", "join"],
    &["save", "store", "write"],
];

/// The shorter or longer writings of `term`.
pub fn short(term: &str, stems: &Stems) -> Vec<String> {
    collect(SHORT, term, |group| {
        let (long, shorts) = group.split_first()?;
        if shorts.contains(&term) {
            Some(std::slice::from_ref(long))
        } else {
            same(long, term, stems).then_some(shorts)
        }
    })
}

/// What a name may say in place of `term`.
pub fn synonyms(term: &str, stems: &Stems) -> Vec<String> {
    collect(SYNONYMS, term, |group| group.iter().any(|word| same(word, term, stems)).then_some(*group))
}

/// Have both the same stem? Stems begin as their words do, so most words are told apart by their first letters.
fn same(word: &str, term: &str, stems: &Stems) -> bool {
    let stem = |word: &str| stems.of(word).unwrap_or_else(|| word.to_owned());
    word == term || (word.as_bytes().get(..2) == term.as_bytes().get(..2) && stem(word) == stem(term))
}

fn collect<'a>(
    groups: &'a [&'a [&'a str]],
    term: &str,
    fitting: impl Fn(&&'a [&'a str]) -> Option<&'a [&'a str]>,
) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in groups.iter().filter_map(fitting).flatten() {
        if *word != term && !out.iter().any(|known| known == word) {
            out.push((*word).to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_word_in_any_form_has_its_short_ones_and_a_short_one_its_long_ones() {
        let stems = Stems::default();
        assert_eq!(short("parameters", &stems), ["param", "params"]);
        assert_eq!(short("auth", &stems), ["authentication", "authorization"]);
        assert_eq!(short("unheard", &stems), [""; 0]);
    }

    #[test]
    fn a_synonym_is_found_by_any_form_of_a_word() {
        let stems = Stems::default();
        assert_eq!(synonyms("removes", &stems), ["delete", "remove", "drop", "erase", "clear"]);
        assert_eq!(synonyms("file", &stems), [""; 0]);
    }
}
