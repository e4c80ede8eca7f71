//! `files`: one row per file of a repository, whatever became of it.
//!
//! Format history: 1, the first.

crate::table! {
    /// One row per file, whatever became of it: parsed, plain, skipped or failed.
    FileRow as FILES = "files" format 1 sort ["path"] lookup false {
        /// Path inside the repository, `/`-separated. Bytes that are no UTF-8 are shown as `\xNN`.
        path: String,
        /// The path's bytes, where they are no UTF-8.
        path_bytes: Option<Vec<u8>>,
        /// BLAKE3 of the file's bytes, 64 hexadecimal characters. Null where the file was not read.
        content_hash: Option<String>,
        /// Size in bytes.
        bytes: u64,
        /// Number of lines; a last line without a line end counts.
        lines: u32,
        /// Language by name, extension, or content.
        language: Option<String>,
        /// `code`, `prose`, `extracted-prose` or `records`.
        mode: String,
        /// `utf-8`, `utf-8-bom`, `utf-16le`, `utf-16be`, another encoding's WHATWG name in lower case, `binary`, or empty for a file that was not read.
        encoding: String,
        /// `lf`, `crlf`, `cr`, `mixed` or `none`.
        eol: String,
        /// `source`, `test`, `generated`, `vendored`, `minified` or `documentation`.
        role: String,
        /// `ok`, `partial` (the tree has errors), `error` (no tree) or `unsupported` (no grammar, or not read).
        parse_status: String,
        /// Lines (1-based) with a syntax error or a missing token.
        error_lines: Vec<i32>,
        /// Why there is no tree, where `parse_status` is `error`; or that a limit ended the reading of a tree, where it is `partial`.
        error_message: Option<String>,
        /// Why the file has no chunks or was not parsed: `binary`, `too-large`, `secret`, `unreadable`, `parse-size`, `long-line`, `not-utf-8` …
        skip_reason: Option<String>,
        /// The extractor and its format: `tree-sitter@1`, `plain@1`, `none`.
        extractor: String,
        /// Grammar crate and version; empty where no grammar was used.
        grammar: String,
    }
}
