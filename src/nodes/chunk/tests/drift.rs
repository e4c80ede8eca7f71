//! An edit moves the cuts near it and no others.

use std::collections::BTreeSet;

use super::harness::{File, run};
use crate::table::schema::ChunkRow;

/// A long function with the structure that code has: blocks, blank lines, repeated closers.
fn long_function(lines: usize) -> Vec<String> {
    let mut out = vec!["fn long() {".to_owned()];
    for at in 0..lines {
        out.push(match at % 11 {
            0 => format!("    if condition_{at}(value) {{"),
            1 | 2 => format!("        call_{at}(a, b, c);"),
            3 => "    }".to_owned(),
            7 => String::new(),
            _ => format!("    let value_{at} = compute({at}) + offset;"),
        });
    }
    out.push("}".to_owned());
    out
}

fn chunks(lines: &[String], named: bool) -> Vec<ChunkRow> {
    let source = format!("{}\n", lines.join("\n"));
    let sketch = if named { format!("function long 1-{} body 1", lines.len()) } else { String::new() };
    run(&File::code(&source, &sketch)).0
}

fn changed(before: &[ChunkRow], after: &[ChunkRow]) -> usize {
    let known: BTreeSet<&str> = before.iter().map(|c| c.content_hash.as_str()).collect();
    after.iter().filter(|c| !known.contains(c.content_hash.as_str())).count()
}

#[test]
fn a_line_inserted_into_2000_changes_at_most_three_parts() {
    for named in [true, false] {
        let lines = long_function(2_000);
        let before = chunks(&lines, named);
        assert!(before.len() > 25 && before.len() < 150, "{}", before.len());
        let mut total = 0;
        let places: Vec<usize> = (1..2_000).step_by(61).collect();
        for at in &places {
            let mut edited = lines.clone();
            edited.insert(*at, format!("    let inserted_{at} = {at};"));
            let count = changed(&before, &chunks(&edited, named));
            assert!((1..=3).contains(&count), "line {at}: {count} parts changed");
            total += count;
        }
        assert!(total * 10 <= places.len() * 14, "on average {total}/{} parts change", places.len());
    }
}

#[test]
fn ids_of_untouched_parts_stay() {
    let lines = long_function(2_000);
    let before: BTreeSet<String> = chunks(&lines, true).into_iter().map(|c| c.chunk_id).collect();
    let mut edited = lines.clone();
    edited.insert(5, "    let early = 1;".into());
    let after: BTreeSet<String> = chunks(&edited, true).into_iter().map(|c| c.chunk_id).collect();
    assert!(before.symmetric_difference(&after).count() <= 4);
}

#[test]
fn a_long_run_of_constants_drifts_as_little() {
    let lines: Vec<String> = (0..1_500).map(|at| format!("#define NAME_{at} {}", at * 7)).collect();
    let all = |lines: &[String]| {
        let sketch: Vec<String> = (1..=lines.len()).map(|at| format!("constant N{at} {at}")).collect();
        run(&File::code(&format!("{}\n", lines.join("\n")), &sketch.join("\n"))).0
    };
    let before = all(&lines);
    assert!(before.iter().all(|c| c.kind == "group"));
    for at in [0, 3, 700, 1_499] {
        let mut edited = lines.clone();
        edited.insert(at, "#define EARLY 1".into());
        let count = changed(&before, &all(&edited));
        assert!((1..=3).contains(&count), "line {at}: {count}");
    }
}

#[test]
fn one_long_line_drifts_as_little() {
    let words: Vec<String> = (0..4_000).map(|at| format!("word{at}")).collect();
    let before = run(&File::plain(words.join(" "), "utf-8")).0;
    assert!(before.len() > 10);
    let mut edited = words.clone();
    edited.insert(20, "new".into());
    let after = run(&File::plain(edited.join(" "), "utf-8")).0;
    assert!((1..=3).contains(&changed(&before, &after)));
}
