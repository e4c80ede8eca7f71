//! `chunks` and `symbols`: pieces of files that tile them byte for byte, and the definitions among them.
//!
//! Format history of `chunks`: 1, the first; 2, text in pages of 256 KiB and compressed harder; 3, text in pages
//! of 64 KiB.
//! Format history of `symbols`: 1, the first.

crate::table! {
    /// Pieces of files. The rows of a file, in order of `start_byte`, put together, are the file, byte for byte.
    ChunkRow as CHUNKS = "chunks" format 3 sort ["path", "start_byte"] lookup false {
        /// `c_` and 16 hexadecimal characters; survives line shifts and edits of a named chunk's body.
        chunk_id: String,
        /// Path inside the repository.
        path: String,
        /// 0 for the file itself; embedded regions count from 1.
        region: u32,
        /// Language of the chunk.
        language: Option<String>,
        /// `code`, `prose` or `records`, as the file; `extracted-prose` for comments that are rows of their own.
        mode: String,
        /// Definition kind as in `outline`, or `section`, `group` (small neighbours), `text` (loose lines), `part` (of something split), `head` (of a container whose members are rows of their own), `doc` (documentation of what `qualified_name` says, as a row of its own), `comment` (other comments as such), `rest` (blank lines, and what stands around regions alone).
        kind: String,
        /// Name, empty for unnamed chunks.
        name: String,
        /// Name with its enclosing names; for `doc` that of what is documented.
        qualified_name: String,
        /// Head of the definition on one line; for a group the names of its definitions.
        signature: String,
        /// Documentation, without comment markers; for `doc` and `comment` what their text says.
        doc: String,
        /// chunk_id of the enclosing container's head; for a part, of its definition's first chunk; for `doc`, of the chunk that holds what is documented, which may come later.
        parent_id: Option<String>,
        /// Enclosing names or headings, outermost first, joined by ` > `, the innermost 32 within 2 048 bytes; path parts not included.
        breadcrumb: String,
        /// First line, 1-based.
        start_line: u32,
        /// Last line, inclusive.
        end_line: u32,
        /// First byte in the original file.
        start_byte: u32,
        /// Byte after the last.
        end_byte: u32,
        /// Headings above the chunk, outermost first (prose).
        heading_path: Vec<String>,
        /// Kind of document that the text was taken from, where it was not a text file.
        source_type: Option<String>,
        /// First page (documents with pages).
        page_start: Option<u32>,
        /// Last page.
        page_end: Option<u32>,
        /// First paragraph (documents with paragraphs).
        paragraph_start: Option<u32>,
        /// Last paragraph.
        paragraph_end: Option<u32>,
        /// The chunk's text, decoded by the file's encoding; U+FFFD where that fails. In a cell of a notebook, what its JSON strings hold: the source as a person sees it, while bytes and lines are those of the JSON.
        text: String,
        /// The chunk's bytes, where `text` is not exactly them.
        text_bytes: Option<Vec<u8>>,
        /// Estimated language-model tokens; see `docs/tables.md` for the formula.
        tokens: u32,
        /// BLAKE3 of the chunk's bytes, 32 hexadecimal characters.
        content_hash: String,
    }
}

crate::table! {
    /// Named definitions, each in the chunk that holds its head.
    SymbolRow as SYMBOLS = "symbols" format 1 sort ["path", "start_line", "qualified_name", "symbol_id"] lookup false {
        /// `s_` and 16 hexadecimal characters.
        symbol_id: String,
        /// The chunk that holds the definition's head.
        chunk_id: String,
        /// Path inside the repository.
        path: String,
        /// Name.
        name: String,
        /// Name with its enclosing names.
        qualified_name: String,
        /// Definition kind as in `outline`.
        kind: String,
        /// As far as the language says.
        visibility: Option<String>,
        /// First line, 1-based.
        start_line: u32,
        /// Last line, inclusive.
        end_line: u32,
    }
}
