//! The row of one file, but for what its text tells.

use crate::base::{Digest, Limits, SkipReason};
use crate::nodes::extract::decode::{self, Encoding};
use crate::nodes::extract::schema::{LINES, NONE, PLAIN, TREE_SITTER};
use crate::nodes::{Denied, FileSlot};
use crate::table::schema::files::FileRow;

use super::kind::Syntax;
use super::read::Answer;

/// The row of a file that was not read.
pub(super) fn withheld(slot: &FileSlot, reason: SkipReason) -> FileRow {
    FileRow { skip_reason: Some(reason.name().to_owned()), extractor: NONE.to_owned(), ..base(slot) }
}

fn base(slot: &FileSlot) -> FileRow {
    FileRow {
        path: slot.path.text().to_owned(),
        path_bytes: slot.path.raw().map(<[u8]>::to_vec),
        bytes: slot.size,
        language: slot.language.as_deref().map(str::to_owned),
        mode: slot.mode.name().to_owned(),
        eol: "none".to_owned(),
        role: slot.role.as_ref().to_owned(),
        parse_status: "unsupported".to_owned(),
        extractor: PLAIN.to_owned(),
        ..FileRow::default()
    }
}

/// The row of a file with its bytes, and how its text is to be read; it may be not at all.
pub(super) fn row(
    slot: &FileSlot,
    hash: Digest,
    bytes: &[u8],
    syntax: &dyn Fn(&str) -> Option<Syntax>,
    limits: &Limits,
) -> (FileRow, Option<Syntax>) {
    let encoding = decode::encoding(bytes);
    let lines = decode::lines(bytes);
    let mut row = FileRow {
        content_hash: Some(hash.hex()),
        bytes: bytes.len() as u64,
        lines: lines.count,
        encoding: encoding.name(),
        eol: lines.eol.to_owned(),
        ..base(slot)
    };
    if encoding == Encoding::Binary {
        row.skip_reason = Some("binary".to_owned());
        "none".clone_into(&mut row.eol);
        return (row, None);
    }
    let Some(own) = slot.language.as_deref().and_then(syntax) else { return (row, None) };
    if !encoding.is_parseable() {
        row.skip_reason = Some("not-utf-8".to_owned());
        return (row, None);
    }
    if bytes.len() as u64 > limits.parse_bytes {
        row.skip_reason = Some("parse-size".to_owned());
        return (row, None);
    }
    if lines.longest > limits.line_bytes && !takes_long_lines(own) {
        row.skip_reason = Some("long-line".to_owned());
        return (row, None);
    }
    let (extractor, grammar) = match own {
        Syntax::Tree(rules) => (TREE_SITTER, rules.spec.grammar_version),
        Syntax::Lines(_) => (LINES, ""),
    };
    extractor.clone_into(&mut row.extractor);
    grammar.clone_into(&mut row.grammar);
    (row, Some(own))
}

/// What the text told, apart from its outline.
pub(super) fn told(row: &mut FileRow, answer: &Result<Answer<'_>, String>) {
    match answer {
        Ok(answer) => {
            answer.grammar.clone_into(&mut row.grammar);
            let whole = answer.error_lines.is_empty() && answer.cut.is_none();
            if whole { "ok" } else { "partial" }.clone_into(&mut row.parse_status);
            row.error_lines.clone_from(&answer.error_lines);
            row.error_message.clone_from(&answer.cut);
        }
        Err(message) => failed(row, message),
    }
}

/// Nobody reads the text.
pub(super) fn denied(row: &mut FileRow, denied: Denied) {
    failed(row, &denied.message);
    row.skip_reason = Some(denied.reason);
}

fn failed(row: &mut FileRow, message: &str) {
    "error".clone_into(&mut row.parse_status);
    row.error_message = Some(message.to_owned());
}

fn takes_long_lines(syntax: Syntax) -> bool {
    matches!(syntax, Syntax::Tree(rules) if rules.spec.long_lines)
}
