//! Reads the text of a file: at home, or in a worker, whose answer is what is made here.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::{Deserialize, Serialize};
use tree_sitter::Range;

use crate::base::Limits;
use crate::nodes::extract::embed::{self, Inside};
use crate::nodes::extract::rules::Rules;
use crate::nodes::extract::spec::Role;
use crate::nodes::extract::walk::{self, Entry, Line, Region, Told, Truncated, Walk};

use super::kind::{Syntax, rules_of};
use super::parse::{NoTree, Parse};

/// What is told of a file on which the code itself fails.
pub const PANICKED: &str = "the extractor panicked on this file: a bug of ours";
/// How often the inside of a macro call inside a macro call … is parsed.
const REPARSE_ROUNDS: usize = 4;
/// Most macro calls of a file whose inside is parsed.
const REPARSED: usize = 10_000;

/// What the text of a file told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::nodes::extract) struct Answer<'a> {
    /// Grammar crate and version; empty where none was used.
    pub grammar: &'a str,
    /// 1-based, each once, in order.
    pub error_lines: Vec<i32>,
    /// Which limit ended the reading.
    pub cut: Option<String>,
    #[serde(borrow)]
    pub outline: Vec<Told<'a>>,
}

/// What a file told.
struct Read<'a> {
    outline: Vec<Line<'a>>,
    error_lines: Vec<i32>,
    truncated: Option<Truncated>,
    too_many: bool,
    /// Its texts would have taken too much.
    too_long: bool,
}

/// Reads `bytes` and hands on what they told, or why they told nothing. A panic costs the file its outline and nothing
/// else. `path`: length of the path that stands in every row.
pub(super) fn read<R>(
    bytes: &[u8],
    path: usize,
    own: Syntax,
    syntax: &dyn Fn(&str) -> Option<Syntax>,
    limits: &Limits,
    parse: &mut Parse<'_>,
    take: impl FnOnce(Result<Answer<'_>, String>) -> R,
) -> R {
    match guarded(|| whole(bytes, path, own, syntax, limits, parse)) {
        Some(Ok((read, grammar))) => {
            let crowded = || format!("more than {} embedded regions: the rest is not read", embed::MOST);
            let wordy = || {
                let most = limits.outline_bytes(bytes.len());
                format!("paths, names and signatures take more than {most} bytes: what comes behind is not listed")
            };
            let cut = read.truncated.map(|limit| shortened(limit, limits));
            take(Ok(Answer {
                grammar,
                cut: cut.or_else(|| read.too_many.then(crowded)).or_else(|| read.too_long.then(wordy)),
                outline: read.outline.iter().map(Told::from).collect(),
                error_lines: read.error_lines,
            }))
        }
        Some(Err(reason)) => take(Err(reason.to_string())),
        None => {
            parse.restart();
            take(Err(PANICKED.to_owned()))
        }
    }
}

fn shortened(limit: Truncated, limits: &Limits) -> String {
    match limit {
        Truncated::Depth => format!("the tree is deeper than {}: what lies below is not listed", limits.tree_depth),
        Truncated::Nodes => format!("the tree has more than {} nodes: the rest is not listed", limits.tree_nodes),
    }
}

/// What `work` gives; none if it panics.
fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// A file and everything that is embedded in it, and the grammar that it was read by.
fn whole<'a>(
    bytes: &'a [u8],
    path: usize,
    own: Syntax,
    syntax: &dyn Fn(&str) -> Option<Syntax>,
    limits: &Limits,
    parse: &mut Parse<'_>,
) -> Result<(Read<'a>, &'static str), NoTree> {
    let (mut inside, grammar) = match own {
        Syntax::Tree(rules) => best(bytes, rules, limits, parse)?,
        Syntax::Lines(reader) => {
            let found = reader.found(bytes, 0);
            (Inside { entries: found.entries, embedded: found.embedded, ..Inside::default() }, "")
        }
    };
    let within = Limits { tree_nodes: limits.tree_nodes.saturating_sub(inside.nodes), ..*limits };
    let regions = embed::read(bytes, std::mem::take(&mut inside.embedded), syntax, &within, parse)?;
    let mut error_lines = inside.error_lines;
    error_lines.extend(regions.error_lines);
    error_lines.sort_unstable();
    error_lines.dedup();
    inside.entries.extend(regions.entries);
    if !error_lines.is_empty() {
        one_reading(&mut inside.entries);
    }
    let mut outline = walk::lines(inside.entries, bytes);
    let fit = fitting(&outline, path, limits.outline_bytes(bytes.len()));
    let too_long = fit < outline.len();
    outline.truncate(fit);
    let truncated = inside.truncated.or(regions.truncated);
    Ok((Read { outline, error_lines, truncated, too_many: regions.too_many, too_long }, grammar))
}

/// How many rows stay within `most` bytes of text. A path, a name that encloses others, is repeated in every row: a small
/// file could have large rows.
fn fitting(outline: &[Line<'_>], path: usize, most: usize) -> usize {
    let mut left = most;
    let mut fits = |line: &Line<'_>| {
        let texts = path + line.name.len() + line.qualified_name.len() + line.signature.len();
        left.checked_sub(texts).map(|rest| left = rest).is_some()
    };
    outline.iter().position(|line| !fits(line)).unwrap_or(outline.len())
}

/// Of a name in a broken tree that is read as a type and as something else, the type goes.
fn one_reading(entries: &mut Vec<Entry>) {
    let is_use = |entry: &Entry| entry.role == Role::Reference && entry.kind == "uses";
    let others: HashSet<u32> =
        entries.iter().filter(|e| e.role == Role::Reference && !is_use(e)).map(|e| e.start).collect();
    entries.retain(|entry| !is_use(entry) || !others.contains(&entry.start));
}

/// The reading as the file's language or as its kin, whichever has fewer lines in error, and its grammar.
fn best(bytes: &[u8], rules: &Rules, limits: &Limits, parse: &mut Parse<'_>) -> Result<(Inside, &'static str), NoTree> {
    let first = tree_inside(bytes, &[], rules, limits, parse)?;
    let kin = rules.spec.kin.filter(|kin| !first.error_lines.is_empty() && has_mark(bytes, kin.marks));
    if let Some(kin) = kin.and_then(|kin| rules_of(kin.spec.name)) {
        let second = tree_inside(bytes, &[], kin, limits, parse)?;
        if second.error_lines.len() < first.error_lines.len() {
            return Ok((second, kin.spec.grammar_version));
        }
    }
    Ok((first, rules.spec.grammar_version))
}

/// Does a line start with one of the marks?
fn has_mark(bytes: &[u8], marks: &[&str]) -> bool {
    marks.iter().any(|mark| {
        memchr::memmem::find_iter(bytes, mark).any(|at| {
            let before = bytes.get(..at).unwrap_or_default();
            matches!(before.iter().rev().find(|b| !matches!(b, b' ' | b'\t')), None | Some(b'\n'))
        })
    })
}

/// What the tree of `bytes`, or of ranges of them, holds.
pub(in crate::nodes::extract) fn tree_inside(
    bytes: &[u8],
    ranges: &[Range],
    rules: &Rules,
    limits: &Limits,
    parse: &mut Parse<'_>,
) -> Result<Inside, NoTree> {
    let tree = parse.tree(rules, bytes, ranges)?;
    let mut walk = Walk::new(rules, bytes, limits);
    walk.read(tree.root_node(), None);
    let opening = walk.opening_string(tree.root_node());
    drop(tree);
    let mut error_lines = std::mem::take(&mut walk.error_lines);
    reparse(&mut walk, rules, bytes, parse)?;
    walk.comments(opening);
    error_lines.sort_unstable();
    error_lines.dedup();
    let nodes = limits.tree_nodes.saturating_sub(walk.nodes_left());
    Ok(Inside { error_lines, nodes, truncated: walk.truncated, embedded: walk.embedded, entries: walk.entries })
}

/// Looks for definitions inside macro calls. An inside that does not parse as items is no such.
fn reparse(walk: &mut Walk<'_>, rules: &Rules, bytes: &[u8], parse: &mut Parse<'_>) -> Result<(), NoTree> {
    let mut left = REPARSED;
    for _ in 0..REPARSE_ROUNDS {
        let regions = std::mem::take(&mut walk.regions);
        for Region { range, frame } in regions.into_iter().filter(|r| may_define(bytes, r)) {
            if left == 0 {
                return Ok(());
            }
            left -= 1;
            match parse.tree(rules, bytes, &[range]) {
                Ok(tree) if !tree.root_node().has_error() => walk.read(tree.root_node(), frame),
                Err(NoTree::Cancelled) => return Err(NoTree::Cancelled),
                Ok(_) | Err(_) => {}
            }
        }
    }
    Ok(())
}

fn may_define(bytes: &[u8], region: &Region) -> bool {
    let inside = bytes.get(region.range.start_byte..region.range.end_byte).unwrap_or_default();
    let words: [&[u8]; 6] = [b"fn ", b"mod ", b"struct ", b"enum ", b"trait ", b"impl"];
    words.iter().any(|word| memchr::memmem::find(inside, word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_gives_nothing_and_goes_no_further() {
        assert_eq!(guarded(|| 1), Some(1));
        assert_eq!(guarded(|| -> u8 { panic!("as a test") }), None);
    }
}
