//! Random patterns with texts that match them.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::super::{BadPattern, Budget, Case, Pattern};

/// With a budget of its own.
pub fn regex(pattern: &str, case: Case) -> Result<Pattern, BadPattern> {
    Pattern::regex(pattern, case, &mut Budget::default())
}

/// A pattern's tree, made to be written and to be matched.
#[derive(Clone, Debug)]
pub enum Tree {
    /// A letter, written as it is.
    Char(char),
    /// A class as written, with some members.
    Class(&'static str, &'static [&'static str]),
    /// `^`, `\b` and the like: match nothing, if they match at all.
    Look(&'static str),
    Concat(Vec<Tree>),
    Either(Vec<Tree>),
    /// At least, at most (`None`: any number).
    Repeat(Box<Tree>, u32, Option<u32>),
    /// `(?i:…)`
    AnyCase(Box<Tree>),
}

/// Letters that fold in every way, few enough to meet in random texts.
pub const LETTERS: [char; 14] = ['a', 'b', 'c', 'k', 's', 'K', 'S', 'ſ', '\u{212a}', 'é', 'É', 'ß', '_', ' '];

const CLASSES: &[(&str, &[&str])] = &[
    (".", &["a", "K", "é", "\r"]),
    ("[ab]", &["a", "b"]),
    ("[^a]", &["b", "ſ", " "]),
    (r"\w", &["a", "é", "_"]),
    (r"\s", &[" ", "\t", "\r"]),
    ("[a-c]", &["a", "c"]),
    ("[ks]", &["k", "s"]),
    (r"(?-u:[a\xff])", &["a"]),
    (r"\pL", &["S", "ß"]),
];

const LOOKS: &[&str] = &["^", "$", r"\b", r"\B", r"\A", r"\z", r"(?-u:\b)", "(?m:$)", "(?m:^)", "(?Rm:$)"];

pub fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        12 => prop::sample::select(&LETTERS[..]).prop_map(Tree::Char),
        3 => prop::sample::select(CLASSES).prop_map(|(text, members)| Tree::Class(text, members)),
        1 => prop::sample::select(LOOKS).prop_map(Tree::Look),
    ];
    leaf.prop_recursive(5, 24, 5, |inner| {
        prop_oneof![
            5 => prop::collection::vec(inner.clone(), 0..6).prop_map(Tree::Concat),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(Tree::Either),
            2 => (inner.clone(), 0u32..4, prop::option::of(0u32..3))
                .prop_map(|(tree, min, more)| Tree::Repeat(Box::new(tree), min, more.map(|n| min + n))),
            1 => inner.prop_map(|tree| Tree::AnyCase(Box::new(tree))),
        ]
    })
}

/// A word of letters behind and before what nothing quick begins with, such as `\w+\b.*zz`.
fn inside() -> impl Strategy<Value = Tree> {
    let slow = || {
        let class = prop::sample::select(&[".", r"\w", r"\s", "[^a]"][..]);
        let class = class.prop_map(|name| CLASSES.iter().find(|(text, _)| *text == name).unwrap());
        (class, 0u32..2)
            .prop_map(|((text, members), min)| Tree::Repeat(Box::new(Tree::Class(text, members)), min, None))
    };
    let word = prop::collection::vec(prop::sample::select(&LETTERS[..]).prop_map(Tree::Char), 1..4);
    let word = (word, 0u32..3).prop_map(|(word, min)| match min {
        0 => Tree::Concat(word),
        min => Tree::Repeat(Box::new(Tree::Concat(word)), min, None),
    });
    let look = || prop::sample::select(LOOKS).prop_map(Tree::Look);
    (slow(), look(), tree(), word, prop::option::of(look()), slow(), prop::option::of(tree())).prop_map(
        |(before, look, tree, word, border, behind, rest)| {
            let mut parts = vec![before, look, tree, word];
            parts.extend(border);
            parts.push(behind);
            parts.extend(rest);
            Tree::Concat(parts)
        },
    )
}

impl Tree {
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Char(c) => out.push(*c),
            Self::Class(text, _) | Self::Look(text) => out.push_str(text),
            Self::Concat(parts) => parts.iter().for_each(|part| part.write(out)),
            Self::Either(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    out.push_str(if at == 0 { "(?:" } else { "|" });
                    part.write(out);
                }
                out.push(')');
            }
            Self::Repeat(tree, min, max) => {
                out.push_str("(?:");
                tree.write(out);
                match max {
                    None => write!(out, "){{{min},}}").unwrap(),
                    Some(max) => write!(out, "){{{min},{max}}}").unwrap(),
                }
            }
            Self::AnyCase(tree) => {
                out.push_str("(?i:");
                tree.write(out);
                out.push(')');
            }
        }
    }

    /// Appends a text that matches where the looks allow it; `choose` gives the next choice below its argument.
    pub fn sample(&self, choose: &mut impl FnMut(usize) -> usize, any_case: bool, out: &mut String) {
        match self {
            Self::Char(c) if any_case => {
                let forms: Vec<char> = LETTERS.into_iter().filter(|other| same_folded(*c, *other)).collect();
                out.push(forms[choose(forms.len())]);
            }
            Self::Char(c) => out.push(*c),
            Self::Class(_, members) => out.push_str(members[choose(members.len())]),
            Self::Look(_) => {}
            Self::Concat(parts) => parts.iter().for_each(|part| part.sample(choose, any_case, out)),
            Self::Either(parts) => parts[choose(parts.len())].sample(choose, any_case, out),
            Self::Repeat(tree, min, max) => {
                let more = max.map_or(3, |max| max - min) as usize + 1;
                for _ in 0..*min as usize + choose(more) {
                    tree.sample(choose, any_case, out);
                }
            }
            Self::AnyCase(tree) => tree.sample(choose, true, out),
        }
    }
}

/// The classes of simple folding among [`LETTERS`].
fn same_folded(a: char, b: char) -> bool {
    let class = |c| match c {
        'K' | '\u{212a}' => 'k',
        'S' | 'ſ' => 's',
        'É' => 'é',
        other => other,
    };
    class(a) == class(b)
}

/// A pattern as written, and a text that it matches where its looks allow it.
pub fn matched() -> impl Strategy<Value = (String, String, bool)> {
    let tree = prop_oneof![2 => tree(), 1 => inside()];
    (tree, prop::collection::vec(any::<u8>(), 1..24), any::<bool>()).prop_map(|(tree, choices, any_case)| {
        let mut pattern = String::new();
        tree.write(&mut pattern);
        if pattern.is_empty() {
            pattern.push_str("(?:)");
        }
        let mut next = choices.iter().cycle();
        let mut choose = |below: usize| usize::from(*next.next().unwrap()) % below.max(1);
        let mut text = String::new();
        tree.sample(&mut choose, any_case, &mut text);
        (pattern, text, any_case)
    })
}

const BROKEN: &[&[u8]] = &[b"\xff", b"\xc3", b"\xe2\x84", b"\xa9"];

/// Files of few letters, line ends of all sorts, and bytes that are no text.
pub fn file() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(&LETTERS[..]).prop_map(|c| c.to_string().into_bytes()),
        3 => Just(b"\n".to_vec()),
        1 => Just(b"\r\n".to_vec()),
        1 => Just(b"\0".to_vec()),
        1 => prop::sample::select(BROKEN).prop_map(<[u8]>::to_vec),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}
