//! Reading regions, one after the other, until nothing is left inside any.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::base::Limits;
use crate::nodes::extract::run::{NoTree, Parse, Syntax, tree_inside};
use crate::nodes::extract::spec::{Role, Text};
use crate::nodes::extract::walk::{Entry, Truncated};

use super::ground::Ground;
use super::model::Embedded;

/// Most regions of a file; what follows stays the container's.
pub(in crate::nodes::extract) const MOST: usize = 4_096;
/// Most regions inside each other: a notebook's document, its page, that page's script.
const DEPTH: u8 = 4;

/// What regions gave.
#[derive(Debug, Default)]
pub(in crate::nodes::extract) struct Regions {
    pub entries: Vec<Entry>,
    /// 1-based lines of the file, of regions that are no examples.
    pub error_lines: Vec<i32>,
    /// There were more than [`MOST`].
    pub too_many: bool,
    pub truncated: Option<Truncated>,
}

/// Reads what `found` says of `bytes`. `syntax` gives a language's way of being read, if it is to be read.
pub(in crate::nodes::extract) fn read(
    bytes: &[u8],
    found: Vec<Embedded>,
    syntax: &dyn Fn(&str) -> Option<Syntax>,
    limits: &Limits,
    parse: &mut Parse<'_>,
) -> Result<Regions, NoTree> {
    let mut out = Regions::default();
    if found.is_empty() {
        return Ok(out);
    }
    let file = Ground::file(bytes);
    let (mut left, mut nodes) = (MOST, limits.tree_nodes);
    let mut work: Vec<(Embedded, Ground<'_>, u8)> = found.into_iter().rev().map(|e| (e, file.clone(), 1)).collect();
    while let Some((region, around, depth)) = work.pop() {
        let Some(syntax) = syntax(region.language) else { continue };
        if left == 0 {
            out.too_many = true;
            break;
        }
        left -= 1;
        out.entries.push(around.settle(opening(&region)));
        let first = around.start(region.start);
        let (ground, region) = grounded(around, region);
        let within = Limits { tree_nodes: nodes, ..*limits };
        let inside = match guarded(&ground, &region, syntax, &within, parse) {
            Err(NoTree::Cancelled) => return Err(NoTree::Cancelled),
            Err(_) => Inside { error_lines: vec![ground.line(region.start)], ..Inside::default() },
            Ok(inside) => inside,
        };
        nodes = nodes.saturating_sub(inside.nodes);
        out.truncated = out.truncated.or(inside.truncated);
        if !region.example {
            let starts = inside.error_lines.iter().map(|line| ground.start_of_line(*line).max(first));
            out.error_lines.extend(starts.map(|at| file.line(at)));
        }
        out.entries.extend(inside.entries.into_iter().map(|entry| ground.settle(entry)));
        if depth < DEPTH {
            work.extend(inside.embedded.into_iter().rev().map(|e| (e, ground.clone(), depth + 1)));
        }
    }
    Ok(out)
}

/// What a region gave; a panic in it is as good as no tree.
fn guarded(
    ground: &Ground<'_>,
    region: &Embedded,
    syntax: Syntax,
    limits: &Limits,
    parse: &mut Parse<'_>,
) -> Result<Inside, NoTree> {
    let made = catch_unwind(AssertUnwindSafe(|| entries(ground, region, syntax, limits, parse)));
    made.unwrap_or_else(|_| {
        parse.restart();
        Err(NoTree::Refused)
    })
}

/// The row that says where a region is.
fn opening(region: &Embedded) -> Entry {
    Entry {
        role: Role::Region,
        kind: region.kind,
        name: Text::Fixed(""),
        qualified: Text::Fixed(""),
        signature: Text::Fixed(""),
        visibility: None,
        doc: None,
        start: region.start,
        end: region.end,
        body: region.end,
        language: Some(region.language),
    }
}

/// A region and its ground: what it stands in, or, where it does not stand there in one piece, itself.
fn grounded(around: Ground<'_>, region: Embedded) -> (Ground<'_>, Embedded) {
    let ground = match (region.escaped, region.ranges.as_slice()) {
        (true, _) => around.strings(region.start, region.end),
        (false, []) => return (around, region),
        (false, ranges) => around.joined(ranges),
    };
    let end = ground.bytes().len() as u32;
    (ground, Embedded { start: 0, end, ranges: Vec::new(), ..region })
}

/// What one region gave, with offsets of its ground.
#[derive(Debug, Default)]
pub(in crate::nodes::extract) struct Inside {
    pub entries: Vec<Entry>,
    pub embedded: Vec<Embedded>,
    /// 1-based.
    pub error_lines: Vec<i32>,
    /// Nodes of trees that were visited.
    pub nodes: u32,
    pub truncated: Option<Truncated>,
}

fn entries(
    ground: &Ground<'_>,
    region: &Embedded,
    syntax: Syntax,
    limits: &Limits,
    parse: &mut Parse<'_>,
) -> Result<Inside, NoTree> {
    let text = ground.bytes().get(..region.end as usize).unwrap_or_default();
    match syntax {
        Syntax::Tree(rules) => {
            let ranges = [ground.range(region.start, region.end)];
            tree_inside(text, &ranges, rules, limits, parse)
        }
        Syntax::Lines(reader) => {
            let found = reader.found(text, region.start as usize);
            Ok(Inside { entries: found.entries, embedded: found.embedded, ..Inside::default() })
        }
    }
}
