//! What becomes a chunk.

use std::fmt::Write as _;

use super::harness::{File, params, run, run_fine, run_with, shapes};
use crate::base::Mode;

const SMALL: &str = "\
use std::fmt;
use std::io;

const A: u32 = 1;
const B: u32 = 2;

/// Adds.
fn add(a: u32) -> u32 {
    a + A
}

fn sub(a: u32) -> u32 {
    a - B
}
";

#[test]
fn imports_and_constants_share_a_chunk_and_functions_stand_alone() {
    let sketch = "constant A 4-4\nconstant B 5-5\nfunction add 8-10 doc 7-7 body 8\nfunction sub 12-14 body 12";
    let (chunks, symbols) = run_fine(&File::code(SMALL, sketch));
    assert_eq!(shapes(&chunks), ["group - 1-6", "function add 7-11", "function sub 12-14"]);
    assert_eq!(chunks[0].signature, "A, B");
    assert_eq!(chunks[1].doc, "Adds.");
    let holders: Vec<(&str, &str)> = symbols.iter().map(|s| (s.name.as_str(), s.chunk_id.as_str())).collect();
    let ids: Vec<&str> = chunks.iter().map(|c| c.chunk_id.as_str()).collect();
    assert_eq!(holders, [("A", ids[0]), ("B", ids[0]), ("add", ids[1]), ("sub", ids[2])]);
}

#[test]
fn a_lone_constant_between_functions_keeps_its_name() {
    let source = "fn a() {\n  1\n}\n\nconst X: u32 = 0;\n\nfn b() {\n  2\n}\n";
    let (chunks, _) = run_fine(&File::code(source, "function a 1-3 body 1\nconstant X 5-5\nfunction b 7-9 body 7"));
    assert_eq!(shapes(&chunks), ["function a 1-4", "constant X 5-6", "function b 7-9"]);
}

fn class(methods: usize, lines: usize) -> (String, String) {
    let mut source = String::from("class Big {\n  int x;\n  int y;\n\n");
    let mut sketch = String::new();
    let mut line = 5;
    for at in 0..methods {
        write!(source, "  void method{at}() {{\n{}  }}\n\n", "    statement();\n".repeat(lines)).unwrap();
        writeln!(sketch, "  method method{at} {line}-{} body {line}", line + lines + 1).unwrap();
        line += lines + 3;
    }
    source += "}\n";
    (source, format!("class Big 1-{line}\n  field x 2-2\n  field y 3-3\n{sketch}"))
}

#[test]
fn a_small_class_is_one_chunk_with_a_symbol_for_each_member() {
    let (source, sketch) = class(3, 4);
    let (chunks, symbols) = run(&File::code(&source, &sketch));
    assert_eq!(shapes(&chunks), ["class Big 1-26"]);
    assert_eq!(symbols.len(), 6);
    assert!(symbols.iter().all(|s| s.chunk_id == chunks[0].chunk_id));
}

#[test]
fn a_large_class_is_a_head_and_its_members() {
    let (source, sketch) = class(4, 60);
    let (chunks, _) = run(&File::code(&source, &sketch));
    assert_eq!(
        shapes(&chunks),
        [
            "head Big 1-4",
            "method method0 5-67",
            "method method1 68-130",
            "method method2 131-193",
            "method method3 194-257"
        ]
    );
    assert!(chunks[1..].iter().all(|c| c.parent_id.as_ref() == Some(&chunks[0].chunk_id)));
    assert!(chunks[1..].iter().all(|c| c.breadcrumb == "Big"));
    assert_eq!(chunks[0].parent_id, None);
}

#[test]
fn a_class_keeps_its_id_when_it_grows_too_large_for_one_chunk() {
    let (small, small_sketch) = class(3, 4);
    let (large, large_sketch) = class(4, 60);
    let small = run(&File::code(&small, &small_sketch)).0;
    let large = run(&File::code(&large, &large_sketch)).0;
    assert_eq!(small[0].chunk_id, large[0].chunk_id);
}

#[test]
fn a_large_function_is_split_into_parts_that_point_to_its_first() {
    let source = format!("fn big() {{\n{}}}\n", "    one_statement_of_many();\n".repeat(300));
    let (chunks, symbols) = run(&File::code(&source, "function big 1-302 body 1"));
    assert!(chunks.len() >= 4, "{:?}", shapes(&chunks));
    assert_eq!((chunks[0].kind.as_str(), chunks[0].name.as_str()), ("function", "big"));
    for part in &chunks[1..] {
        assert_eq!((part.kind.as_str(), part.name.as_str(), part.breadcrumb.as_str()), ("part", "", "big"));
        assert_eq!(part.parent_id.as_ref(), Some(&chunks[0].chunk_id));
        assert!(part.text.len() <= 2400);
    }
    assert_eq!(symbols[0].chunk_id, chunks[0].chunk_id);
}

#[test]
fn what_follows_a_function_without_a_blank_line_belongs_to_it() {
    let source = "int f(void)\n{\n  return 1;\n}\nEXPORT(f);\n\n#ifdef G\nint g(void)\n{\n  return 2;\n}\n#endif\n";
    let (chunks, _) = run_fine(&File::code(source, "function f 1-4 body 2\nfunction g 8-11 body 9"));
    assert_eq!(shapes(&chunks), ["function f 1-6", "function g 7-12"]);
}

#[test]
fn definitions_on_one_line_are_one_chunk() {
    let (chunks, symbols) = run(&File::code("fn a() {} fn b() {}\n", "function a 1-1\nfunction b 1-1"));
    assert_eq!(shapes(&chunks), ["group - 1-1"]);
    assert_eq!(chunks[0].signature, "a, b");
    assert_eq!(symbols.len(), 2);
}

#[test]
fn namespaces_opened_on_one_line_are_both_opened() {
    let body = "    statement();\n".repeat(100);
    let source = format!("namespace a {{ namespace b {{\nvoid f() {{\n{body}}}\n\nvoid g() {{\n{body}}}\n}} }}\n");
    let sketch = "namespace a 1-206\n  namespace b 1-206\n    function f 2-103 body 2\n    function g 105-206 body 105";
    let (chunks, _) = run(&File::code(&source, sketch));
    assert_eq!(shapes(&chunks), ["head a 1-1", "function f 2-104", "function g 105-207"]);
    assert_eq!(chunks[1].breadcrumb, "a > b");
}

#[test]
fn sections_are_chunks_with_the_headings_above_them() {
    let source = "Intro.\n\n# One\n\nText.\n\n## Two\n\nMore.\n\n# Three\n";
    let file = File::code(source, "h1 One 3-10\n  h2 Two 7-10\nh1 Three 11-11").mode(Mode::Prose);
    let (chunks, symbols) = run(&file);
    assert_eq!(shapes(&chunks), ["text - 1-2", "section One 3-6", "section Two 7-10", "section Three 11-11"]);
    assert_eq!(chunks[2].heading_path, ["One"]);
    assert_eq!(chunks[2].breadcrumb, "One");
    assert_eq!(chunks[2].parent_id.as_ref(), Some(&chunks[1].chunk_id));
    assert!(symbols.is_empty(), "a section is no symbol");
}

#[test]
fn a_fence_stays_in_its_section_and_its_definitions_are_symbols() {
    let source = "# Use\n\n```rust\nfn main() {\n}\n```\n\nDone.\n";
    let file = File::code(source, "h1 Use 1-8\n  fence rust 3-6\n    function main 4-5 body 4").mode(Mode::Prose);
    let (chunks, symbols) = run(&file);
    assert_eq!(shapes(&chunks), ["section Use 1-8"]);
    assert_eq!(symbols[0].name, "main");
}

#[test]
fn a_long_section_is_split_between_paragraphs() {
    let paragraph = format!("{}\n\n", "Some words that say a thing.\n".repeat(8));
    let source = format!("# Long\n\n{}", paragraph.repeat(40));
    let lines = source.lines().count();
    let (chunks, _) = run(&File::code(&source, &format!("h1 Long 1-{lines}")).mode(Mode::Prose));
    assert!(chunks.len() > 3);
    for chunk in &chunks[1..] {
        assert_eq!(chunk.kind, "part");
        assert_eq!(chunk.heading_path, ["Long"]);
        assert!(source.as_bytes()[..chunk.start_byte as usize].ends_with(b"\n\n"), "cut between paragraphs");
    }
}

#[test]
fn keys_of_records_share_a_chunk_up_to_the_limit() {
    let rows: Vec<String> = (0..120).map(|at| format!("  \"key{at}\": \"{}\",", "v".repeat(40))).collect();
    let source = format!("{{\n{}\n}}\n", rows.join("\n"));
    let sketch: Vec<String> = (0..120).map(|at| format!("key key{at} {}", at + 2)).collect();
    let (chunks, symbols) = run(&File::code(&source, &sketch.join("\n")).mode(Mode::Records));
    assert!((3..=12).contains(&chunks.len()), "{:?}", shapes(&chunks));
    assert!(chunks.iter().all(|c| c.kind == "group" && c.text.len() <= 2400));
    assert!(chunks[0].signature.starts_with("key0, key1"));
    assert!(symbols.is_empty(), "a key is no symbol");
}

#[test]
fn limits_are_parameters() {
    let sketch = "constant A 4-4\nconstant B 5-5\nfunction add 8-10 doc 7-7 body 8\nfunction sub 12-14 body 12";
    let (chunks, _) = run_with(&File::code(SMALL, sketch), &params(200, 0));
    assert_eq!(chunks.len(), 5, "nothing is small: {:?}", shapes(&chunks));
}

#[test]
fn blank_files_are_rest_and_empty_ones_nothing() {
    assert_eq!(shapes(&run(&File::code("\n \n\n", "")).0), ["rest - 1-3"]);
    assert!(run(&File::code("", "")).0.is_empty());
}

#[test]
fn tiny_functions_share_a_chunk_and_a_lone_one_keeps_its_name() {
    let tiny = "fn a() {\n  1\n}\n";
    let long = format!("fn b() {{\n{}}}\n", "  statement();\n".repeat(20));
    let source = format!("{tiny}{tiny}{long}{tiny}");
    let sketch = "function a 1-3 body 1\nfunction c 4-6 body 4\nfunction b 7-28 body 7\nfunction d 29-31 body 29";
    let (chunks, _) = run(&File::code(&source, sketch));
    assert_eq!(shapes(&chunks), ["group - 1-6", "function b 7-28", "function d 29-31"]);
}

#[test]
fn a_stretch_of_one_long_line_is_no_rest() {
    let (chunks, _) = run(&File::plain("word ".repeat(2_000), "utf-8"));
    assert!(chunks.len() > 3 && chunks.iter().all(|c| c.kind == "text"), "{:?}", shapes(&chunks));
}

#[test]
fn a_large_function_with_small_functions_inside_is_split_by_lines() {
    let filler = "    statement();\n".repeat(200);
    let source = format!("function f() {{\n{filler}  function g() {{\n    return 1;\n  }}\n{filler}}}\n");
    let (chunks, symbols) = run(&File::code(&source, "function f 1-405 body 1\n  function g 202-204 body 202"));
    assert_eq!(chunks[0].name, "f");
    assert!(chunks[1..].iter().all(|c| c.kind == "part"));
    let holder = chunks.iter().find(|c| c.chunk_id == symbols[1].chunk_id).unwrap();
    assert!(holder.start_line <= 202 && holder.end_line >= 202, "the symbol points to the part that holds it");
}
