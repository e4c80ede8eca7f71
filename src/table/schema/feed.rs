//! `feed`: what came and went in `chunks` between two moments.
//!
//! Format history: 1, the first.

crate::table! {
    /// One row per chunk that came, changed or went. Whoever takes away the rows of each `delete` and puts those of each `upsert`,
    /// by repository, node and id, has the table `chunks` of the second moment.
    FeedRow as FEED = "feed" format 1 sort ["repo", "node", "path", "op"] lookup false {
        /// `delete` or `upsert`.
        op: String,
        /// The repository.
        repo: String,
        /// The node that cuts the chunks.
        node: String,
        /// `c_` and 16 hexadecimal characters; survives line shifts and edits of a named chunk's body.
        chunk_id: String,
        /// Path inside the repository.
        path: String,
        /// 0 for the file itself; embedded regions count from 1.
        region: Option<u32>,
        /// Language of the chunk.
        language: Option<String>,
        /// `code`, `prose` or `records`, as the file; `extracted-prose` for comments that are rows of their own.
        mode: Option<String>,
        /// Definition kind as in `outline`, or `section`, `group` (small neighbours), `text` (loose lines), `part` (of something split), `head` (of a container whose members are rows of their own), `doc` (documentation of what `qualified_name` says, as a row of its own), `comment` (other comments as such), `rest` (blank lines, and what stands around regions alone).
        kind: Option<String>,
        /// Name, empty for unnamed chunks.
        name: Option<String>,
        /// Name with its enclosing names; for `doc` that of what is documented.
        qualified_name: Option<String>,
        /// Head of the definition on one line; for a group the names of its definitions.
        signature: Option<String>,
        /// Documentation, without comment markers; for `doc` and `comment` what their text says.
        doc: Option<String>,
        /// chunk_id of the enclosing container's head; for a part, of its definition's first chunk; for `doc`, of the chunk that holds what is documented, which may come later.
        parent_id: Option<String>,
        /// Enclosing names or headings, outermost first, joined by ` > `, the innermost 32 within 2 048 bytes; path parts not included.
        breadcrumb: Option<String>,
        /// First line, 1-based.
        start_line: Option<u32>,
        /// Last line, inclusive.
        end_line: Option<u32>,
        /// First byte in the original file.
        start_byte: Option<u32>,
        /// Byte after the last.
        end_byte: Option<u32>,
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
        text: Option<String>,
        /// The chunk's bytes, where `text` is not exactly them.
        text_bytes: Option<Vec<u8>>,
        /// Estimated language-model tokens; see `docs/tables.md` for the formula.
        tokens: Option<u32>,
        /// BLAKE3 of the chunk's bytes, 32 hexadecimal characters.
        content_hash: Option<String>,
    }
}

impl FeedRow {
    /// The chunk is as this row.
    pub fn upsert(repo: &str, node: &str, chunk: super::ChunkRow) -> Self {
        Self {
            op: "upsert".to_owned(),
            repo: repo.to_owned(),
            node: node.to_owned(),
            chunk_id: chunk.chunk_id,
            path: chunk.path,
            region: Some(chunk.region),
            language: chunk.language,
            mode: Some(chunk.mode),
            kind: Some(chunk.kind),
            name: Some(chunk.name),
            qualified_name: Some(chunk.qualified_name),
            signature: Some(chunk.signature),
            doc: Some(chunk.doc),
            parent_id: chunk.parent_id,
            breadcrumb: Some(chunk.breadcrumb),
            start_line: Some(chunk.start_line),
            end_line: Some(chunk.end_line),
            start_byte: Some(chunk.start_byte),
            end_byte: Some(chunk.end_byte),
            heading_path: chunk.heading_path,
            source_type: chunk.source_type,
            page_start: chunk.page_start,
            page_end: chunk.page_end,
            paragraph_start: chunk.paragraph_start,
            paragraph_end: chunk.paragraph_end,
            text: Some(chunk.text),
            text_bytes: chunk.text_bytes,
            tokens: Some(chunk.tokens),
            content_hash: Some(chunk.content_hash),
        }
    }

    /// There is no such chunk any more.
    pub fn delete(repo: &str, node: &str, chunk: super::ChunkRow) -> Self {
        Self {
            op: "delete".to_owned(),
            repo: repo.to_owned(),
            node: node.to_owned(),
            chunk_id: chunk.chunk_id,
            path: chunk.path,
            ..Self::default()
        }
    }
}
