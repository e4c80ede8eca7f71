//! What one piece of a query is written like.

use crate::nodes::index::tokenize::words;
use crate::query::parse::without_line;

/// What a piece is written like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape<'a> {
    /// The path in it.
    Path(&'a str),
    /// As only code is; with the sign of it.
    Name(&'static str),
    Word,
    Number,
    Mixed,
}

/// Extensions of files that are known by them. Left out: those that are more often a member (`mutex.lock`,
/// `list.map`, `self.data`, `a.text`).
const EXTENSIONS: &[&str] = &[
    "adoc", "asm", "bash", "bat", "bazel", "bib", "bzl", "c", "cc", "cfg", "clj", "cmake", "conf", "cpp", "cs", "css",
    "csv", "cu", "cxx", "dart", "ejs", "el", "elm", "erl", "ex", "exs", "fish", "fs", "go", "gradle", "graphql", "h",
    "hbs", "hcl", "hh", "hpp", "hrl", "hs", "html", "hxx", "inc", "ini", "ipynb", "java", "jl", "js", "json", "jsonc",
    "jsx", "kt", "kts", "less", "lisp", "lua", "md", "mdx", "mjs", "mk", "ml", "mli", "nix", "patch", "php", "pl",
    "pm", "proto", "ps1", "py", "pyi", "pyx", "rb", "rs", "rst", "s", "sass", "scala", "scm", "scss", "sh", "sql",
    "svelte", "svg", "swift", "tcl", "tex", "tf", "toml", "ts", "tsv", "tsx", "txt", "vim", "vue", "xml", "yaml",
    "yml", "zig", "zsh",
];

/// Files that are known by their whole name, in small letters.
const FILES: &[&str] = &[
    "build.bazel",
    "cargo.lock",
    "changelog",
    "cmakelists.txt",
    "containerfile",
    "dockerfile",
    "flake.lock",
    "gemfile",
    "gemfile.lock",
    "gnumakefile",
    "go.mod",
    "go.sum",
    "go.work",
    "gradlew",
    "jenkinsfile",
    "justfile",
    "kbuild",
    "kconfig",
    "makefile",
    "meson.build",
    "pipfile",
    "pipfile.lock",
    "poetry.lock",
    "procfile",
    "rakefile",
    "readme",
    "uv.lock",
    "vagrantfile",
    "workspace.bazel",
    "yarn.lock",
];

/// Words that stand in sentences and name nothing. Of English, the language of most code; sorted. Left out: those
/// that are keywords or names of much code (`for`, `if`, `in`, `not`, `or`, `all`).
const JOINING: &[&str] = &[
    "a", "about", "also", "an", "and", "any", "are", "be", "been", "being", "but", "by", "can", "cannot", "could",
    "did", "does", "doing", "during", "each", "every", "from", "had", "has", "have", "how", "into", "is", "it", "its",
    "may", "must", "my", "of", "on", "our", "should", "so", "some", "such", "than", "that", "the", "their", "them",
    "then", "there", "these", "they", "this", "those", "to", "using", "was", "we", "were", "what", "when", "where",
    "whether", "which", "who", "whose", "why", "will", "with", "without", "would", "you", "your",
];

/// What joins the parts of a qualified name.
const JOINERS: [&str; 5] = ["::", "->", ".", "#", "\\"];

/// Does `piece` only join other words?
pub fn is_joining(piece: &str) -> bool {
    let word = piece.trim_end_matches(['?', '!', ',', '.', ':', ';']).to_lowercase();
    JOINING.binary_search(&word.as_str()).is_ok()
}

/// What `piece`, which has no white space, is written like.
pub fn shape(piece: &str) -> Shape<'_> {
    if let Some(path) = path(piece) {
        return Shape::Path(path);
    }
    let core = piece.trim_end_matches(['?', '!', ',', '.', ':', ';']);
    let mut found = Vec::new();
    words(core, |start, end| found.push((start, end)));
    let starts_with_digit = core.starts_with(|c: char| c.is_ascii_digit());
    match name(core) {
        Some(why) => Shape::Name(why),
        None if starts_with_digit => Shape::Number,
        None if found.len() <= 1 => Shape::Word,
        None => Shape::Mixed,
    }
}

/// The path that `piece` is: with a slash between names, or a file's name that is known. Without what leads to where one
/// stands (`./`, `../`, a first `/`): names are compared from their end.
fn path(piece: &str) -> Option<&str> {
    let mut plain = without_line(piece);
    while let Some(rest) = plain.strip_prefix("./").or_else(|| plain.strip_prefix("../")) {
        plain = rest;
    }
    let within = plain.strip_prefix('/').unwrap_or(plain);
    let bare = within.strip_suffix('/').unwrap_or(within);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@' | '~' | '[' | ']' | ',');
    let mut parts = bare.split('/');
    if !parts.all(|part| !part.is_empty() && part.chars().all(fits)) {
        return None;
    }
    let named = bare.contains(char::is_alphanumeric);
    (named && (piece.starts_with("../") || within.contains('/') || is_file_name(bare))).then_some(bare)
}

/// The first number behind a path, its line: 12 of `src/a.c:12:3` and of `src/a.c:12-30`.
pub fn line(piece: &str) -> Option<u32> {
    let behind = piece.get(without_line(piece).len()..)?.strip_prefix(':')?;
    behind.split([':', '-']).next()?.parse().ok()
}

fn is_file_name(name: &str) -> bool {
    let small = name.to_lowercase();
    if FILES.binary_search(&small.as_str()).is_ok() {
        return true;
    }
    match small.rsplit_once('.') {
        // `.gitignore`, `.eslintrc`
        Some(("", rest)) => rest.len() > 2 && (rest.ends_with("ignore") || rest.ends_with("rc")),
        Some((stem, extension)) => stem.contains(char::is_alphanumeric) && EXTENSIONS.binary_search(&extension).is_ok(),
        None => false,
    }
}

/// Why `text` is a name of code, if it is written as one.
fn name(text: &str) -> Option<&'static str> {
    let text = without_type_arguments(text);
    let text = text.as_str();
    let (inner, called) = without_brackets(text);
    let inner = inner.trim_start_matches(['@', '#', '$', '&', '*', '!', '~', ':', '.']);
    let parts = parts(inner);
    let is_part = |part: &str| {
        let mut chars = part.chars();
        let first = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
        first && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-')) && one_word(part)
    };
    if parts.is_empty() || !parts.iter().all(|part| is_part(part)) {
        return None;
    }
    let any = |f: fn(&str) -> bool| parts.iter().any(|part| f(part));
    match parts.len() {
        2.. => Some("its parts are joined as in code"),
        _ if called => Some("it has brackets behind"),
        _ if inner.len() < without_brackets(text).0.len() => Some("it has a sign in front"),
        _ if any(|part| part.trim_matches('_').contains('_') || part.starts_with('_') || part.ends_with('_')) => {
            Some("it has an underscore")
        }
        _ if any(has_hump) => Some("a capital stands inside"),
        _ if any(|part| part.contains('-')) => Some("it has a hyphen"),
        _ if any(|part| part.contains(|c: char| c.is_numeric())) => Some("letters and digits"),
        _ => None,
    }
}

/// `Map<K, V>::get(key)` as `Map::get(key)`, `Vec::<u8>::new` as `Vec::new`.
pub fn without_type_arguments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside)) = rest.split_once('<') {
        let mut depth = 1usize;
        let end = inside.char_indices().find(|(_, c)| {
            depth = if *c == '<' {
                depth + 1
            } else if *c == '>' {
                depth - 1
            } else {
                depth
            };
            depth == 0
        });
        let behind =
            end.and_then(|(at, _)| inside.get(at + 1..)).filter(|rest| rest.starts_with("::") || rest.starts_with('.'));
        let Some(behind) = behind.filter(|_| !before.is_empty()) else { break };
        out.push_str(before.strip_suffix("::").unwrap_or(before));
        rest = behind;
    }
    out + rest
}

/// Without `()`, `<…>`, `[…]` at the end, and whether there were any.
fn without_brackets(text: &str) -> (&str, bool) {
    let mut out = text;
    for (open, close) in [('(', ')'), ('<', '>'), ('[', ']')] {
        if out.ends_with(close)
            && let Some((before, _)) = out.split_once(open)
            && !before.is_empty()
        {
            out = before;
        }
    }
    // `f(x` is a word too.
    if let Some((before, _)) = out.split_once('(')
        && !before.is_empty()
    {
        out = before;
    }
    (out, out.len() < text.len())
}

fn parts(text: &str) -> Vec<&str> {
    let mut parts = vec![text];
    for joiner in JOINERS {
        parts = parts.into_iter().flat_map(|part| part.split(joiner)).collect();
    }
    parts
}

/// Is `part` one word to the index, hyphens and `$` aside? Scripts without spaces write sentences as one piece.
fn one_word(part: &str) -> bool {
    part.split(['-', '$']).all(|part| {
        let mut count = 0;
        words(part, |_, _| count += 1);
        count <= 1
    })
}

/// A capital that begins a word inside: `parseConfig`, `HTTPServer`, `JPanel`; not `Config`, `HTTP`.
fn has_hump(part: &str) -> bool {
    let chars: Vec<char> = part.chars().collect();
    chars.windows(2).any(|pair| matches!(pair, [a, b] if a.is_lowercase() && b.is_uppercase()))
        || chars
            .windows(3)
            .any(|three| matches!(three, [a, b, c] if a.is_uppercase() && b.is_uppercase() && c.is_lowercase()))
}

#[cfg(test)]
pub(super) fn lists_are_sorted() -> bool {
    [EXTENSIONS, FILES, JOINING].iter().all(|list| list.is_sorted())
}
