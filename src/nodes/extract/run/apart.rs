//! Reading in a worker: what is asked, what is answered, and what of an answer is believed.
//!
//! A request is a head with its length before it (4 bytes, little-endian) and the file's bytes; head and answer are in
//! [postcard's form](https://postcard.jamesmunns.com). A worker may have been turned by the file that it reads: an answer
//! is checked before a row of it is taken. What is believed may still be false, as far as the outline of that file goes:
//! names, kinds and places inside of it, and which lines are in error.

use serde::{Deserialize, Serialize};

use crate::base::{Cancel, Limits};
use crate::nodes::extract::params::Languages;
use crate::nodes::extract::walk::Told;

use super::kind::{Syntax, syntax_of};
use super::parse::Parse;
use super::read::{self, Answer};

/// Bytes that every answer may have, and those that it may have more for each byte of the file. With the ceiling of a
/// shard this keeps its texts within what a column can hold.
const BASE_BYTES: usize = 1 << 20;
const BYTES_PER_BYTE: usize = 64;
/// Longest kind, language, visibility or grammar.
const WORD: usize = 100;
/// Longest name, of which rows below it carry many. Readers cut names at 512 bytes or 300 characters.
const NAME: usize = 2 << 10;
/// Longest qualified name, signature or message.
const TEXT: usize = 16 << 10;
/// Most rows inside each other: more than the deepest tree has, in regions inside each other.
const DEPTH: usize = 50_000;
const ROLES: [&str; 5] = ["definition", "section", "region", "reference", "comment"];

/// What a worker is told beside the file's bytes.
#[derive(Debug, Serialize, Deserialize)]
struct Head<'a> {
    language: &'a str,
    /// None: all.
    #[serde(borrow)]
    languages: Option<Vec<&'a str>>,
    read_bytes: u64,
    parse_bytes: u64,
    line_bytes: u64,
    tree_depth: u32,
    tree_nodes: u32,
    outline_base: u32,
    outline_per_byte: u32,
    outline_most: u32,
    /// Length of the file's path.
    path: u32,
}

/// What a worker is asked about a file.
pub(super) fn request(
    language: &str,
    path: usize,
    languages: &Languages,
    limits: &Limits,
    bytes: &[u8],
) -> Result<Vec<u8>, String> {
    let languages = match languages {
        Languages::Auto => None,
        Languages::Only(names) => Some(names.iter().map(String::as_str).collect()),
    };
    let head = Head {
        language,
        languages,
        read_bytes: limits.read_bytes,
        parse_bytes: limits.parse_bytes,
        line_bytes: limits.line_bytes,
        tree_depth: limits.tree_depth,
        tree_nodes: limits.tree_nodes,
        outline_base: limits.outline_base,
        outline_per_byte: limits.outline_per_byte,
        outline_most: limits.outline_most,
        path: u32::try_from(path).map_err(|e| e.to_string())?,
    };
    let head = postcard::to_allocvec(&head).map_err(|e| e.to_string())?;
    let length = u32::try_from(head.len()).map_err(|e| e.to_string())?;
    let mut request = Vec::with_capacity(4 + head.len() + bytes.len());
    request.extend_from_slice(&length.to_le_bytes());
    request.extend_from_slice(&head);
    request.extend_from_slice(bytes);
    Ok(request)
}

/// What a worker answers.
pub(super) fn answer(request: &[u8]) -> Result<Vec<u8>, String> {
    let none = || "this is no request".to_owned();
    let (length, rest) = request.split_first_chunk::<4>().ok_or_else(none)?;
    let (head, bytes) = rest.split_at_checked(u32::from_le_bytes(*length) as usize).ok_or_else(none)?;
    let head: Head<'_> = postcard::from_bytes(head).map_err(|_| none())?;
    let limits = Limits {
        read_bytes: head.read_bytes,
        parse_bytes: head.parse_bytes,
        line_bytes: head.line_bytes,
        tree_depth: head.tree_depth,
        tree_nodes: head.tree_nodes,
        outline_base: head.outline_base,
        outline_per_byte: head.outline_per_byte,
        outline_most: head.outline_most,
    };
    let known = |name: &str| head.languages.as_ref().is_none_or(|only| only.contains(&name));
    let syntax = |name: &str| known(name).then(|| syntax_of(name)).flatten();
    let own = syntax(head.language).ok_or_else(|| format!("`{}` is not read here", head.language))?;
    let cancel = Cancel::new();
    let mut parse = Parse::new(&cancel);
    read::read(bytes, head.path as usize, own, &syntax, &limits, &mut parse, |told| postcard::to_allocvec(&told))
        .map_err(|error| error.to_string())
}

/// The answer in `bytes`, if it is one about a file of `length` bytes in `lines` lines that is read by `own`.
pub(super) fn believed(
    bytes: &[u8],
    own: Syntax,
    length: usize,
    lines: u32,
) -> Result<Result<Answer<'_>, String>, String> {
    let most = most(length);
    if bytes.len() > most {
        return Err(format!("its rows take {} bytes; {most} are allowed for this file", bytes.len()));
    }
    let (told, rest) = postcard::take_from_bytes::<Result<Answer<'_>, String>>(bytes)
        .map_err(|error| format!("it cannot be read: {error}"))?;
    if !rest.is_empty() {
        return Err(format!("{} bytes too many", rest.len()));
    }
    match &told {
        Ok(answer) => check(answer, own, length, lines)?,
        Err(message) if message.len() > TEXT => return Err("it fails at too great a length".to_owned()),
        Err(_) => {}
    }
    Ok(told)
}

fn check(answer: &Answer<'_>, own: Syntax, length: usize, lines: u32) -> Result<(), String> {
    let is_tree = matches!(own, Syntax::Tree(_));
    if !is_word(answer.grammar) || answer.grammar.is_empty() == is_tree {
        return Err("it names no grammar of this language".to_owned());
    }
    if answer.cut.as_ref().is_some_and(|cut| cut.len() > TEXT) {
        return Err("it was cut short at too great a length".to_owned());
    }
    // A token that is missing at the end stands on the line after the last.
    let last = i32::try_from(lines).unwrap_or(i32::MAX).saturating_add(1);
    let mut before = 0;
    for line in &answer.error_lines {
        if *line <= before || *line > last {
            return Err(format!("line {line} in error, after {before}, of {lines}"));
        }
        before = *line;
    }
    outline(&answer.outline, length)
}

/// Rows stand in order, each below one that is open: the row before it, or one around that. So whoever follows parents
/// upwards has as many steps to go as the file has rows inside each other, and gets there.
fn outline(rows: &[Told<'_>], length: usize) -> Result<(), String> {
    let mut start = 0;
    let mut open: Vec<u32> = Vec::new();
    let mut docs = 0;
    for (at, row) in rows.iter().enumerate() {
        while open.last().copied() != row.parent && open.pop().is_some() {}
        let is_below = open.last().copied() == row.parent && open.len() < DEPTH;
        docs += row.doc.map_or(0, |(from, to)| to.saturating_sub(from) as usize);
        if row.start < start || !is_below || docs > most(length) || !is_row(row, at, length) {
            return Err(format!("row {at} of the outline does not fit the file"));
        }
        start = row.start;
        if !matches!(row.role, "reference" | "comment") {
            open.push(at as u32);
        }
    }
    Ok(())
}

/// Bytes that what is told of a file of `length` bytes may have.
fn most(length: usize) -> usize {
    BASE_BYTES.saturating_add(length.saturating_mul(BYTES_PER_BYTE))
}

fn is_row(row: &Told<'_>, at: usize, length: usize) -> bool {
    let words = [Some(row.kind), row.language, row.visibility];
    row.start <= row.end
        && row.end as usize <= length
        && row.doc.is_none_or(|(start, end)| start <= end && end as usize <= length)
        && row.body.is_none_or(|body| row.start <= body && body <= row.end)
        && row.region as usize <= at + 1
        && ROLES.contains(&row.role)
        // What refers to something stands in a chunk.
        && (row.role != "reference" || (row.start as usize) < length)
        && !row.kind.is_empty()
        && row.name.len() <= NAME
        && row.qualified_name.len() <= TEXT
        && row.signature.len() <= TEXT
        && words.into_iter().flatten().all(is_word)
}

/// A short word that can stand anywhere.
fn is_word(word: &str) -> bool {
    word.len() <= WORD && word.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}
