//! Encodings, documentation, tokens, lines.

use super::harness::{File, joined, run};

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let encode = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(encode).collect()
}

#[test]
fn utf_16_is_decoded_and_kept() {
    let text = format!("first ਊ line\n{}last 𝄞\n", "another line of the file\n".repeat(400));
    for big in [true, false] {
        let file = File::plain(utf16(&text, big), if big { "utf-16be" } else { "utf-16le" });
        let (chunks, _) = run(&file);
        assert!(chunks.len() > 3);
        let decoded: String = chunks.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(decoded.trim_start_matches('\u{FEFF}'), text);
        assert!(chunks.iter().all(|c| c.text_bytes.is_some()));
        assert_eq!(chunks.last().unwrap().end_line, 402, "U+0A0A is no line feed");
        assert_eq!(joined(&chunks), file.bytes);
    }
}

#[test]
fn a_legacy_encoding_is_decoded_by_its_name() {
    let (chunks, _) = run(&File::plain(b"caf\xe9\n".to_vec(), "windows-1252"));
    assert_eq!(chunks[0].text, "café\n");
    assert_eq!(chunks[0].text_bytes.as_deref(), Some(&b"caf\xe9\n"[..]));
}

#[test]
fn bytes_that_are_no_utf_8_are_shown_as_such_and_kept() {
    let (chunks, _) = run(&File::plain(b"ok\n\xff\n".to_vec(), "utf-8"));
    assert_eq!(chunks[0].text, "ok\n\u{FFFD}\n");
    assert_eq!(joined(&chunks), b"ok\n\xff\n");
}

#[test]
fn binary_and_unread_files_have_no_chunks() {
    assert!(run(&File::plain(b"\0\x01".to_vec(), "binary")).0.is_empty());
    assert!(run(&File::plain(b"text".to_vec(), "")).0.is_empty());
}

#[test]
fn line_ends_of_every_kind_are_kept() {
    for text in ["a\r\nb\r\n", "a\rb\rc", "a\nb", "\r\n\r\n", "\u{FEFF}a\n"] {
        let (chunks, _) = run(&File::plain(text, "utf-8"));
        assert_eq!(joined(&chunks), text.as_bytes());
        assert!(chunks.iter().all(|c| c.text_bytes.is_none()));
    }
}

#[test]
fn documentation_loses_its_markers() {
    let docs = [
        ("/// One.\n    /// Two.", "One.\nTwo."),
        ("/**\n * Block.\n *\n *   indented\n */", "Block.\n\n  indented"),
        ("/* short */", "short"),
        ("# Python\n# comment", "Python\ncomment"),
        ("\"\"\"Doc string.\n\n    More.\n    \"\"\"", "Doc string.\n\nMore."),
        ("r'''Raw.'''", "Raw."),
        ("--- Lua\n-- Lua", "Lua\nLua"),
        ("<!-- note -->", "note"),
        ("//! Module.\n//!\n//!     code", "Module.\n\n    code"),
        ("return 1", "return 1"),
        ("", ""),
    ];
    for (comment, expected) in docs {
        let source = format!("{comment}\nfn f() {{\n}}\n");
        let lines = comment.lines().count().max(1);
        let sketch = format!("function f {}-{} doc 1-{lines} body {}", lines + 1, lines + 2, lines + 1);
        let (chunks, _) = run(&File::code(&source, &sketch));
        assert_eq!(chunks[0].doc, expected, "{comment}");
        assert_eq!(chunks[0].start_line, 1);
    }
}
