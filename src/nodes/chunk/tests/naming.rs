//! What ids survive, and what moves them.

use super::harness::{File, run_fine};

fn ids(source: &str, sketch: &str) -> Vec<String> {
    run_fine(&File::code(source, sketch)).0.into_iter().map(|c| c.chunk_id).collect()
}

const SOURCE: &str = "fn a() {\n  1\n}\n\nfn b() {\n  2\n}\n";
const SKETCH: &str = "function a 1-3 body 1\nfunction b 5-7 body 5";

#[test]
fn ids_survive_line_shifts_and_edits_of_the_body() {
    let before = ids(SOURCE, SKETCH);
    let shifted = ids(&format!("\n\n{SOURCE}"), "function a 3-5 body 3\nfunction b 7-9 body 7");
    let edited = ids(&SOURCE.replace('1', "3 + 4"), SKETCH);
    assert_eq!(before, shifted);
    assert_eq!(before, edited);
}

#[test]
fn an_edit_of_one_function_changes_no_other_row() {
    let before = run_fine(&File::code(SOURCE, SKETCH)).0;
    let after = run_fine(&File::code(&SOURCE.replace('1', "3"), SKETCH)).0;
    assert_ne!(before[0].content_hash, after[0].content_hash);
    assert_eq!(before[1], after[1]);
}

#[test]
fn a_rename_moves_the_id() {
    let before = ids(SOURCE, SKETCH);
    let after = ids(SOURCE, &SKETCH.replace("function a", "function c"));
    assert_ne!(before[0], after[0]);
    assert_eq!(before[1], after[1]);
}

#[test]
fn the_path_is_in_the_id() {
    let mut file = File::code(SOURCE, SKETCH);
    let before = run_fine(&file).0;
    file.path = "src/b.rs".into();
    for row in &mut file.outline {
        row.path.clone_from(&file.path);
    }
    assert_ne!(before[0].chunk_id, run_fine(&file).0[0].chunk_id);
}

#[test]
fn equals_are_told_apart_by_their_order_alone() {
    let twice = "fn a() {\n  1\n}\n\nfn a() {\n  2\n}\n";
    let sketch = "function a 1-3 body 1\nfunction a 5-7 body 5";
    let both = ids(twice, sketch);
    assert_ne!(both[0], both[1]);
    assert_eq!(both[0], ids(SOURCE, SKETCH)[0], "the first of equals is numbered as if it were alone");
}

#[test]
fn ids_are_the_golden_ones() {
    let (chunks, symbols) = run_fine(&File::code(SOURCE, SKETCH));
    let found = [&chunks[0].chunk_id, &symbols[0].symbol_id, &chunks[0].content_hash];
    assert_eq!(
        found,
        ["c_b5750190af0019a3", "s_62515ae41bd2305d", "9d750213731a360cc77688a7ce550828"],
        "ids are stored and quoted by users: raise the domain's version before changing them"
    );
}

#[test]
fn the_names_around_a_chunk_take_two_kilobytes_at_most_and_the_innermost_stay() {
    let long = |letter: &str| letter.repeat(900);
    let source = format!("{}\n", "some words;\n".repeat(400));
    let sketch = format!(
        "class {} 1-400 body 1\n  class {} 2-399 body 2\n    class {} 3-398 body 3\n      function f 4-397 body 4",
        long("x"),
        long("y"),
        long("z")
    );
    let chunks = run_fine(&File::code(&source, &sketch)).0;
    let crumbs: Vec<&str> = chunks.iter().map(|chunk| chunk.breadcrumb.as_str()).collect();
    assert!(
        crumbs.contains(&format!("{} > {}", long("y"), long("z")).as_str()),
        "{:?}",
        chunks.iter().map(|c| &c.name)
    );
    assert!(crumbs.iter().all(|crumb| crumb.len() < 2100));
}
