//! The floor of a clean build: tree-sitter alone over the files of a directory, nothing kept.
//!
//! `cargo bench --bench parse -- DIR [DIR…]` prints one JSON line: files, bytes, seconds on the wall. CPU seconds and
//! memory are measured from outside, as for every other program (`peers.py`). One thread: CPU seconds are what counts.
//! Files are chosen by extension and by the limits of extraction, hidden directories are left out.
#![expect(clippy::disallowed_methods, reason = "a benchmark stands outside the doors")]
#![expect(clippy::print_stdout, reason = "its result is printed")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use sawmill::base::Limits;
use tree_sitter::{Language, Parser};

fn language(path: &Path) -> Option<Language> {
    Some(match path.extension()?.to_str()? {
        "rs" => tree_sitter_rust::LANGUAGE.into(),
        "py" | "pyi" => tree_sitter_python::LANGUAGE.into(),
        "js" | "mjs" | "cjs" | "jsx" => tree_sitter_javascript::LANGUAGE.into(),
        "ts" | "mts" | "cts" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX.into(),
        "go" => tree_sitter_go::LANGUAGE.into(),
        "java" => tree_sitter_java::LANGUAGE.into(),
        "c" | "h" => tree_sitter_c::LANGUAGE.into(),
        "cc" | "cpp" | "cxx" | "hh" | "hpp" => tree_sitter_cpp::LANGUAGE.into(),
        "rb" => tree_sitter_ruby::LANGUAGE.into(),
        "sh" | "bash" => tree_sitter_bash::LANGUAGE.into(),
        "json" => tree_sitter_json::LANGUAGE.into(),
        "yaml" | "yml" => tree_sitter_yaml::LANGUAGE.into(),
        "toml" => tree_sitter_toml_ng::LANGUAGE.into(),
        "md" | "markdown" => tree_sitter_md::LANGUAGE.into(),
        "html" | "htm" => tree_sitter_html::LANGUAGE.into(),
        "css" => tree_sitter_css::LANGUAGE.into(),
        _ => return None,
    })
}

fn walk(dir: &Path, found: &mut Vec<(PathBuf, Language)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let (entry, limits) = (entry?, Limits::default());
        let (path, kind) = (entry.path(), entry.file_type()?);
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden {
            walk(&path, found)?;
        } else if kind.is_file() && entry.metadata()?.len() <= limits.parse_bytes {
            found.extend(language(&path).map(|language| (path, language)));
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let mut files = Vec::new();
    for dir in std::env::args().skip(1).filter(|arg| !arg.starts_with("--")) {
        walk(Path::new(&dir), &mut files)?;
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    let (mut parser, mut bytes, mut broken) = (Parser::new(), 0, 0);
    for (path, language) in &files {
        let text = std::fs::read(path)?;
        parser.set_language(language)?;
        bytes += text.len();
        broken += usize::from(parser.parse(&text, None).is_none_or(|tree| tree.root_node().has_error()));
    }
    let (files, seconds) = (files.len(), start.elapsed().as_secs_f64());
    println!("{{\"bytes\":{bytes},\"files\":{files},\"seconds\":{seconds:.3},\"with_errors\":{broken}}}");
    Ok(())
}
