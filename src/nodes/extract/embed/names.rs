//! Words that people write for languages.

use crate::nodes::extract::languages::LANGUAGES;
use crate::nodes::extract::lines::READERS;

/// Languages whose files may hold text in any other.
pub(in crate::nodes::extract) static CONTAINERS: [&str; 7] =
    ["asciidoc", "html", "jupyter", "markdown", "rst", "svelte", "vue"];

/// Words beside the languages' own names. Sorted. A word may name a language that is not read; then it means nothing.
#[rustfmt::skip]
pub(in crate::nodes::extract) static ALIASES: &[(&str, &str)] = &[
    ("adoc", "asciidoc"),
    ("bash-session", "bash"),
    ("bazel", "starlark"),
    ("bzl", "starlark"),
    ("c#", "csharp"),
    ("c++", "cpp"),
    ("cc", "cpp"),
    ("cjs", "javascript"),
    ("common-lisp", "lisp"),
    ("containerfile", "dockerfile"),
    ("cs", "csharp"),
    ("cxx", "cpp"),
    ("delphi", "pascal"),
    ("docker", "dockerfile"),
    ("ecmascript", "javascript"),
    ("erl", "erlang"),
    ("ex", "elixir"),
    ("exs", "elixir"),
    ("gd", "gdscript"),
    ("geojson", "json"),
    ("golang", "go"),
    ("gql", "graphql"),
    ("h", "c"),
    ("hpp", "cpp"),
    ("hs", "haskell"),
    ("htm", "html"),
    ("ipython", "python"),
    ("ipython3", "python"),
    ("jl", "julia"),
    ("js", "javascript"),
    ("jsonc", "json"),
    ("jsx", "javascript"),
    ("kt", "kotlin"),
    ("kts", "kotlin"),
    ("makefile", "make"),
    ("md", "markdown"),
    ("mjs", "javascript"),
    ("mk", "make"),
    ("ml", "ocaml"),
    ("mli", "ocaml-interface"),
    ("mysql", "sql"),
    ("node", "javascript"),
    ("opentofu", "hcl"),
    ("pl", "perl"),
    ("plpgsql", "sql"),
    ("postgres", "sql"),
    ("postgresql", "sql"),
    ("proto", "protobuf"),
    ("ps1", "powershell"),
    ("pwsh", "powershell"),
    ("py", "python"),
    ("py3", "python"),
    ("python3", "python"),
    ("rb", "ruby"),
    ("restructuredtext", "rst"),
    ("rkt", "racket"),
    ("rs", "rust"),
    ("scm", "scheme"),
    ("sh", "bash"),
    ("shell", "bash"),
    ("sol", "solidity"),
    ("sqlite", "sql"),
    ("svg", "xml"),
    ("terraform", "hcl"),
    ("tf", "hcl"),
    ("ts", "typescript"),
    ("xhtml", "html"),
    ("yml", "yaml"),
    ("zsh", "bash"),
];

/// The language that the first word of `info` stands for: `rust,ignore`, `{.python .numbered}`, `js {1,3}`.
pub(in crate::nodes::extract) fn language(info: &[u8]) -> Option<&'static str> {
    let info = info.trim_ascii();
    let info = info.strip_prefix(b"{").unwrap_or(info).trim_ascii_start();
    let info = info.strip_prefix(b".").unwrap_or(info);
    let end = info.iter().position(|b| b.is_ascii_whitespace() || b",;:{}()[]".contains(b)).unwrap_or(info.len());
    let word = std::str::from_utf8(info.get(..end)?).ok()?.to_ascii_lowercase();
    let alias = ALIASES.binary_search_by(|(alias, _)| (*alias).cmp(word.as_str())).ok();
    let name = alias.and_then(|at| ALIASES.get(at)).map_or(word.as_str(), |(_, name)| name);
    let parsed = LANGUAGES.iter().map(|spec| spec.name);
    parsed.chain(READERS.iter().map(|reader| reader.name)).find(|known| *known == name)
}

/// The language of a `<script>` by its attributes `type` and `lang`: a browser runs what has no type or one of
/// JavaScript's; anything else is data.
pub(in crate::nodes::extract) fn script(kind: Option<&[u8]>, lang: Option<&[u8]>) -> Option<&'static str> {
    if let Some(lang) = lang {
        return language(lang);
    }
    let kind = kind.unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let kind = kind.split(|b| *b == b';').next().unwrap_or_default();
    match kind {
        b"" | b"module" | b"text/jsx" | b"text/babel" => language(b"javascript"),
        b"importmap" | b"speculationrules" => language(b"json"),
        b"text/ng-template" | b"text/x-template" => language(b"html"),
        _ => {
            let (family, name) = kind.split_at(kind.iter().position(|b| *b == b'/')? + 1);
            let name = name.strip_prefix(b"x-").unwrap_or(name);
            match (family, name) {
                (b"application/", _) if name.ends_with(b"+json") => language(b"json"),
                (b"application/" | b"text/", _) => language(name),
                _ => None,
            }
        }
    }
}

/// The language of a `<style>` by its attributes `type` and `lang`.
pub(in crate::nodes::extract) fn style(kind: Option<&[u8]>, lang: Option<&[u8]>) -> Option<&'static str> {
    match (lang, kind.map(<[u8]>::trim_ascii)) {
        (Some(lang), _) => language(lang),
        (None, None | Some(b"")) => language(b"css"),
        (None, Some(kind)) => language(kind.strip_prefix(b"text/")?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_sorted_and_no_alias_is_a_language() {
        assert!(ALIASES.is_sorted_by(|a, b| a.0 < b.0));
        for spec in LANGUAGES {
            let own = ALIASES.iter().find(|(alias, _)| *alias == spec.name);
            assert_eq!(own, None);
        }
    }

    #[test]
    fn the_first_word_of_an_info_string_names_the_language() {
        for (info, name) in [
            ("rust", Some("rust")),
            ("rust,ignore", Some("rust")),
            (" Python3 title=a.py", Some("python")),
            ("{.python .numbered}", Some("python")),
            ("{js}", Some("javascript")),
            ("ts{1,3}", Some("typescript")),
            ("c++", Some("cpp")),
            ("console", None),
            ("", None),
            ("{}", None),
        ] {
            assert_eq!(language(info.as_bytes()), name, "{info}");
        }
        assert_eq!(language(b"\xFF\xFE"), None);
    }

    #[test]
    fn the_type_of_a_script_decides() {
        let by_type = |kind: &str| script(Some(kind.as_bytes()), None);
        assert_eq!(script(None, None), Some("javascript"));
        for javascript in ["", "module", "text/javascript", "Application/JavaScript; charset=utf-8", "text/babel"] {
            assert_eq!(by_type(javascript), Some("javascript"), "{javascript}");
        }
        for json in ["application/json", "application/ld+json", "importmap"] {
            assert_eq!(by_type(json), Some("json"), "{json}");
        }
        for (kind, name) in [("text/x-template", Some("html")), ("text/x-nothing", None), ("x-shader/x-vertex", None)] {
            assert_eq!(by_type(kind), name, "{kind}");
        }
        assert_eq!(by_type("text/typescript"), Some("typescript"));
        assert_eq!(script(Some(b"module"), Some(b"ts")), Some("typescript"));
        assert_eq!((style(None, None), style(Some(b"text/css"), None)), (Some("css"), Some("css")));
        assert_eq!(style(None, Some(b"nothing")), None);
    }
}
