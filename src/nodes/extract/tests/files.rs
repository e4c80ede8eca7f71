//! The columns of `files`.

use std::sync::Arc;

use crate::base::{Digest, Limits, Mode, RelPath, SkipReason};
use crate::nodes::{Content, FileSlot, NodeError};
use serde_json::json;

use super::room;

#[test]
fn a_withheld_file_has_a_row_with_its_reason_and_no_hash() {
    let slot = FileSlot {
        path: RelPath::new("id_rsa").unwrap(),
        size: 9,
        content: Content::Withheld(SkipReason::Secret),
        language: None,
        mode: Mode::Code,
        role: Arc::from("source"),
    };
    let (files, outline) = room::rows(&[slot]);
    let row = &files[0];
    assert_eq!((row.content_hash.as_deref(), row.skip_reason.as_deref()), (None, Some("secret")));
    assert_eq!((row.parse_status.as_str(), row.extractor.as_str(), row.bytes), ("unsupported", "none", 9));
    assert!(outline.is_empty());
}

#[test]
fn bytes_that_were_not_handed_over_are_an_error_of_the_engine() {
    let mut slot = room::slot("a.rs", Some("rust"), b"");
    slot.content = Content::Hash(Digest::of(b""));
    let refused = room::run(&room::params(json!({})), &Limits::default(), &[slot]);
    assert!(matches!(refused, Err(NodeError::Input { what }) if what.contains("a.rs")));
}

/// Path, language, bytes; encoding, line ends, status, extractor, reason.
type Case<'a> = (&'a str, Option<&'a str>, &'a [u8], [&'a str; 5]);

#[test]
fn every_sort_of_content_is_told_apart() {
    let wide: Vec<u8> = "fn a() {}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [Case<'_>; 7] = [
        ("a.rs", Some("rust"), b"fn a() {}\n", ["utf-8", "lf", "ok", "tree-sitter@1", ""]),
        ("b.rs", Some("rust"), b"\xEF\xBB\xBFfn a() {}\r\n", ["utf-8-bom", "crlf", "ok", "tree-sitter@1", ""]),
        ("c.bin", None, b"\0\x01\x02", ["binary", "none", "unsupported", "plain@1", "binary"]),
        ("d.txt", None, b"plain", ["utf-8", "none", "unsupported", "plain@1", ""]),
        ("e.c", Some("c"), b"char *s = \"\xe9t\xe9\";\n", ["windows-1252", "lf", "ok", "tree-sitter@1", ""]),
        ("f.rs", Some("rust"), &wide, ["utf-16le", "lf", "unsupported", "plain@1", "not-utf-8"]),
        ("g.rs", Some("rust"), b"fn a( {\n", ["utf-8", "lf", "partial", "tree-sitter@1", ""]),
    ];
    let slots: Vec<_> = cases.iter().map(|(path, language, bytes, _)| room::slot(path, *language, bytes)).collect();
    let (files, outline) = room::rows(&slots);
    for (row, (path, _, bytes, expected)) in files.iter().zip(cases) {
        let skip = row.skip_reason.as_deref().unwrap_or_default();
        let told = [&row.encoding, &row.eol, &row.parse_status, &row.extractor, skip];
        assert_eq!(told, expected, "{path}");
        assert_eq!(row.content_hash.as_deref(), Some(Digest::of(bytes).hex().as_str()), "{path}");
    }
    // A mark at the start of a file is counted in its offsets.
    let marked = outline.iter().find(|r| r.path == "b.rs").unwrap();
    assert_eq!((marked.start_byte, marked.end_byte), (3, 12));
}

#[test]
fn lines_with_errors_are_listed_once_and_in_order() {
    let (file, outline) =
        room::one("c", "int a(void) { return 1; }\nint b(void) {\n  return );\n}\nint c(void) { return 2; }\n");
    assert_eq!(file.parse_status, "partial");
    assert_eq!(file.error_lines, [3]);
    let names: Vec<&str> = outline.iter().map(|r| r.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}
