//! Every value stands where its place says.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;

use crate::config::mistake::{Mistake, SourceText};
use crate::config::tree::{self, Node, Value};

fn read(text: &str) -> (Arc<SourceText>, Option<Node>, Vec<Mistake>) {
    let file = Arc::new(SourceText { shown: "f".into(), path: PathBuf::from("f"), text: text.to_owned() });
    let mut mistakes = Vec::new();
    let node = tree::read(&file, &mut mistakes);
    (file, node, mistakes)
}

/// Each leaf as `path=source text`, each key as `path@source text`.
fn places(file: &SourceText, node: &Node, path: &str, out: &mut Vec<String>) {
    match &node.value {
        Value::Map(entries) => {
            for (key, value) in entries {
                let inner = format!("{path}.{}", key.text);
                out.push(format!("{inner}@{}", file.slice(key.span)));
                places(file, value, &inner, out);
            }
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                places(file, item, &format!("{path}[{at}]"), out);
            }
        }
        _ => out.push(format!("{path}={}", file.slice(node.span))),
    }
}

#[test]
fn keys_and_values_of_every_style_are_found_by_their_path() {
    let text = r#"# a comment
"quoted key": 'it''s'
plain: some words   # not this
block:
    - one
    -   two: 2
        three: "é\n日本"
    - - nested
      - [flow, {k: v, alone, "x":1}, a: b]
# between
literal: |
  first
  second
folded: >-
  text
many: words
  go on
anchor: &a [1, &b 2]
alias: *a
empty:
last: ~
"#;
    let (file, node, mistakes) = read(text);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let mut out = Vec::new();
    places(&file, &node.unwrap(), "", &mut out);
    let leaves: Vec<&str> = out.iter().map(String::as_str).filter(|l| l.contains('=')).collect();
    let expected = [
        ".quoted key='it''s'",
        ".plain=some words",
        ".block[0]=one",
        ".block[1].two=2",
        ".block[1].three=\"é\\n日本\"",
        ".block[2][0]=nested",
        ".block[2][1][0]=flow",
        ".block[2][1][1].k=v",
        ".block[2][1][1].alone=alone",
        ".block[2][1][1].x=1",
        ".block[2][1][2].a=b",
        ".literal=|\n  first\n  second",
        ".folded=>-\n  text",
        ".many=words\n  go on",
        ".anchor[0]=1",
        ".anchor[1]=2",
        ".alias[0]=1",
        ".alias[1]=2",
        ".empty=empty",
        ".last=~",
    ];
    assert_eq!(leaves, expected);
    assert!(out.contains(&".quoted key@\"quoted key\"".to_owned()));
    assert!(out.contains(&".block[1].three@three".to_owned()));
}

#[test]
fn places_stay_exact_far_down_a_long_file() {
    let mut text = String::from("repos:\n");
    for n in 0..10_600 {
        write!(text, "  # {n}\n  - name: r{n}\n    root: ../r{n}\n").unwrap();
    }
    let (file, node, mistakes) = read(&text);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let mut out = Vec::new();
    places(&file, &node.unwrap(), "", &mut out);
    for n in [0, 5_000, 10_599] {
        assert!(out.contains(&format!(".repos[{n}].name=r{n}")), "{n}");
    }
}

#[test]
fn places_stay_exact_far_along_a_long_line() {
    let (file, node, mistakes) = read(&format!("a: [{}, last]", vec!["x"; 20_000].join(", ")));
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let mut out = Vec::new();
    places(&file, &node.unwrap(), "", &mut out);
    assert_eq!(out.last().unwrap(), ".a[20000]=last");
}

#[test]
fn more_lines_than_the_grammar_can_count_are_refused() {
    let (file, node, mistakes) = read(&"- x\n".repeat(32_001));
    assert!(node.is_none());
    assert_eq!(mistakes[0].code.name, "sawmill::config::too_large");
    assert_eq!(file.line_column(mistakes[0].span().unwrap().start), (32_001, 1));
    assert!(read(&"- x\n".repeat(32_000)).1.is_some());
}

#[test]
fn thirty_two_levels_are_read_and_one_more_is_not() {
    let nested = |depth: usize| format!("{}x{}", "[".repeat(depth), "]".repeat(depth));
    assert!(read(&nested(32)).1.is_some());
    assert_eq!(read(&nested(33)).2[0].code.name, "sawmill::config::too_deep");
    let block = |depth: usize| (0..depth).flat_map(|d| ["  ".repeat(d), "a:\n".to_owned()]).collect::<String>();
    assert!(read(&block(32)).1.is_some());
    assert_eq!(read(&block(33)).2[0].code.name, "sawmill::config::too_deep");
}

#[test]
fn text_that_looks_like_an_indicator_is_text() {
    for text in [
        "a: it's fine\nb: don't [count",
        "a: 'quotes [ [ [ # { { *x !y'",
        "a: |\n  [ [ [ *a !b\n  \t---\nb: 1",
        "- |\n [[[\n- >\n {{{\n- x",
        "a: words\n  [go on\n  'here\nb: 1",
        "a: [words\n  'go on, b\n  \"too]",
        "a: x#y *z !w &v\nb: http://x/#y",
        "a: [ # comment [[[ {\n 1 ]",
        "'a [': 1\n\"b {\": 2",
    ] {
        let (_, node, mistakes) = read(text);
        assert!(node.is_some() && mistakes.is_empty(), "{text}: {mistakes:?}");
    }
}

#[test]
fn a_hundred_aliases_are_read_and_one_more_is_not() {
    let aliases = |n: usize| format!("a: &a x\nb: [{}]", vec!["*a"; n].join(", "));
    assert!(read(&aliases(100)).1.is_some());
    let (file, _, mistakes) = read(&aliases(101));
    assert_eq!(mistakes[0].code.name, "sawmill::config::too_many_aliases");
    assert_eq!(file.slice(mistakes[0].span().unwrap()), "*a");
}

#[derive(Clone, Debug)]
enum Tree {
    Leaf(String),
    List(Vec<Tree>),
    Map(Vec<Tree>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = "[a-z]{1,6}( [a-z]{1,4})?|\"[a-zé \\[#:]{0,5}\"|'[a-z{!*]{0,5}'|[1-9][0-9]{0,3}".prop_map(Tree::Leaf);
    leaf.prop_recursive(4, 40, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Tree::List),
            proptest::collection::vec(inner, 1..4).prop_map(Tree::Map),
        ]
    })
}

/// Writes the tree as YAML, every second level in brackets where `flow` says so, and notes each leaf.
fn write_tree(tree: &Tree, indent: usize, flow: bool, path: &str, text: &mut String, leaves: &mut Vec<String>) {
    let pad = " ".repeat(indent);
    match tree {
        Tree::Leaf(leaf) => {
            write!(text, " {leaf}").unwrap();
            leaves.push(format!("{path}={leaf}"));
        }
        Tree::List(items) if flow => {
            text.push_str(" [");
            for (at, item) in items.iter().enumerate() {
                write_tree(item, 0, true, &format!("{path}[{at}]"), text, leaves);
                text.push_str(" ,");
            }
            text.push(']');
        }
        Tree::Map(items) if flow => {
            text.push_str(" {");
            for (at, item) in items.iter().enumerate() {
                write!(text, "k{at}:").unwrap();
                write_tree(item, 0, true, &format!("{path}.k{at}"), text, leaves);
                text.push_str(" , ");
            }
            text.push('}');
        }
        Tree::List(items) => {
            for (at, item) in items.iter().enumerate() {
                write!(text, "\n{pad}-").unwrap();
                write_tree(item, indent + 2, indent > 2, &format!("{path}[{at}]"), text, leaves);
            }
        }
        Tree::Map(items) => {
            for (at, item) in items.iter().enumerate() {
                write!(text, "\n{pad}k{at}:").unwrap();
                write_tree(item, indent + 2, indent > 4, &format!("{path}.k{at}"), text, leaves);
            }
        }
    }
}

proptest! {
    #[test]
    fn any_tree_is_read_with_every_leaf_at_its_place(tree in tree(), flow: bool) {
        let (mut text, mut leaves, mut found) = (String::new(), Vec::new(), Vec::new());
        write_tree(&tree, 0, flow, "", &mut text, &mut leaves);
        let (file, node, mistakes) = read(&text);
        prop_assert!(mistakes.is_empty(), "{text}\n{mistakes:?}");
        places(&file, &node.unwrap(), "", &mut found);
        found.retain(|line| line.contains('=') );
        prop_assert_eq!(found, leaves, "{}", text);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "[-a-c:\\[\\]{},&*!|>'\"#%\\\\?\t\n .0é]{0,60}") {
        let (file, node, mistakes) = read(&text);
        prop_assert!(node.is_some() || !mistakes.is_empty());
        for label in mistakes.iter().flat_map(|m| &m.labels) {
            prop_assert!(file.text.get(label.span.start..label.span.end).is_some(), "{:?}", label);
        }
    }
}
