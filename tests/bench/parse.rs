//! The floor of a clean build: tree-sitter alone over the files of a directory, nothing kept.
//!
//! `cargo bench --bench parse -- DIR [DIR…]` prints one JSON line: files, bytes, seconds on the wall. CPU seconds and
//! memory are measured from outside, as for every other program (`peers.py`). One thread: CPU seconds are what counts.
//! A file's language is told as a build tells it, and the limits of extraction hold; hidden directories are left out.
//! With `--link TREE` nothing is parsed: the files that would be are linked into `TREE/<language>/`, so that a build can be
//! made of exactly these.
//! `floor.py` sets a build of `extract` and `chunk` beside it.
#![expect(clippy::disallowed_methods, reason = "a benchmark stands outside the doors")]
#![expect(clippy::print_stdout, reason = "its result is printed")]

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sawmill::base::Limits;
use sawmill::source::{LanguageMap, detect_bytes};
use tree_sitter::{Language, Parser};

/// The grammar that `extract` parses a language by. Few files are of the languages left out.
fn grammar(language: &str) -> Option<Language> {
    Some(match language {
        "bash" => tree_sitter_bash::LANGUAGE.into(),
        "c" => tree_sitter_c::LANGUAGE.into(),
        "cmake" => tree_sitter_cmake::LANGUAGE.into(),
        "cpp" => tree_sitter_cpp::LANGUAGE.into(),
        "csharp" => tree_sitter_c_sharp::LANGUAGE.into(),
        "css" => tree_sitter_css::LANGUAGE.into(),
        "dart" => tree_sitter_dart::LANGUAGE.into(),
        "elixir" => tree_sitter_elixir::LANGUAGE.into(),
        "elm" => tree_sitter_elm::LANGUAGE.into(),
        "erlang" => tree_sitter_erlang::LANGUAGE.into(),
        "gdscript" => tree_sitter_gdscript::LANGUAGE.into(),
        "gleam" => tree_sitter_gleam::LANGUAGE.into(),
        "go" => tree_sitter_go::LANGUAGE.into(),
        "graphql" => tree_sitter_graphql::LANGUAGE.into(),
        "hcl" => tree_sitter_hcl::LANGUAGE.into(),
        "html" => tree_sitter_html::LANGUAGE.into(),
        "ini" => tree_sitter_ini::LANGUAGE.into(),
        "java" => tree_sitter_java::LANGUAGE.into(),
        "javascript" => tree_sitter_javascript::LANGUAGE.into(),
        "json" => tree_sitter_json::LANGUAGE.into(),
        "kotlin" => tree_sitter_kotlin_ng::LANGUAGE.into(),
        "lua" => tree_sitter_lua::LANGUAGE.into(),
        "make" => tree_sitter_make::LANGUAGE.into(),
        "markdown" => tree_sitter_md::LANGUAGE.into(),
        "nix" => tree_sitter_nix::LANGUAGE.into(),
        "pascal" => tree_sitter_pascal::LANGUAGE.into(),
        "php" => tree_sitter_php::LANGUAGE_PHP.into(),
        "powershell" => tree_sitter_powershell::LANGUAGE.into(),
        "protobuf" => tree_sitter_proto::LANGUAGE.into(),
        "python" => tree_sitter_python::LANGUAGE.into(),
        "r" => tree_sitter_r::LANGUAGE.into(),
        "racket" => tree_sitter_racket::LANGUAGE.into(),
        "ruby" => tree_sitter_ruby::LANGUAGE.into(),
        "rust" => tree_sitter_rust::LANGUAGE.into(),
        "scala" => tree_sitter_scala::LANGUAGE.into(),
        "scheme" => tree_sitter_scheme::LANGUAGE.into(),
        "solidity" => tree_sitter_solidity::LANGUAGE.into(),
        "sql" => tree_sitter_sequel::LANGUAGE.into(),
        "starlark" => tree_sitter_starlark::LANGUAGE.into(),
        "swift" => tree_sitter_swift::LANGUAGE.into(),
        "toml" => tree_sitter_toml_ng::LANGUAGE.into(),
        "tsx" => tree_sitter_typescript::LANGUAGE_TSX.into(),
        "typescript" => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        "xml" => tree_sitter_xml::LANGUAGE_XML.into(),
        "yaml" => tree_sitter_yaml::LANGUAGE.into(),
        "zig" => tree_sitter_zig::LANGUAGE.into(),
        _ => return None,
    })
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(dir)? {
        let (entry, limits) = (entry?, Limits::default());
        let (path, kind) = (entry.path(), entry.file_type()?);
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if kind.is_dir() && !hidden {
            walk(&path, found)?;
        } else if kind.is_file() && entry.metadata()?.len() <= limits.parse_bytes {
            found.push(path);
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let start = Instant::now();
    let (mut files, mut tree) = (Vec::new(), None);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--link") => tree = arguments.next().map(PathBuf::from),
            Some(flag) if flag.starts_with("--") => {}
            _ => walk(Path::new(&argument), &mut files)?,
        }
    }
    files.sort();
    let (map, mut grammars) = (LanguageMap::default(), BTreeMap::new());
    let (mut parser, mut parsed, mut bytes, mut broken) = (Parser::new(), 0, 0, 0);
    for path in &files {
        let text = std::fs::read(path)?;
        let Some(told) = detect_bytes(path.as_os_str().as_bytes(), &text, &map).language else { continue };
        let grammar = grammars.entry(told.name).or_insert_with(|| grammar(told.name));
        let Some(grammar) = grammar else { continue };
        parsed += 1;
        bytes += text.len();
        if let Some(tree) = &tree {
            let place = tree.join(told.name).join(path.strip_prefix("/").unwrap_or(path));
            std::fs::create_dir_all(place.parent().unwrap_or(tree))?;
            std::fs::hard_link(path, place)?;
            continue;
        }
        parser.set_language(grammar)?;
        broken += usize::from(parser.parse(&text, None).is_none_or(|tree| tree.root_node().has_error()));
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{{\"bytes\":{bytes},\"files\":{parsed},\"seconds\":{seconds:.3},\"with_errors\":{broken}}}");
    Ok(())
}
