//! `events`: what differs between two moments.
//!
//! Format history: 1, the first.

crate::table! {
    /// One row per difference between two moments. On files (path, hash, status), chunks (id, path, hash) and relations
    /// without their lines, the first moment and these rows give the second.
    EventRow as EVENTS = "events" format 1 sort ["repo", "mode", "rank", "path", "line", "key", "node"] lookup false {
        /// The repository.
        repo: String,
        /// `code`, `prose`, `extracted-prose` or `records`: of the file or chunk as it is, or was.
        mode: String,
        /// Place of `event` in the order of events.
        rank: u32,
        /// `file.added`, `file.removed`, `file.modified`, `file.renamed`, `chunk.added`, `chunk.removed`, `chunk.modified`, `chunk.moved`, `relation.added`, `relation.removed` or `health.changed`. Readers pass over words that they do not know.
        event: String,
        /// The node whose rows differ.
        node: String,
        /// The file as it is; where it or its part is gone, as it was.
        path: String,
        /// First line of the chunk as it is, or was; 0 for what is no chunk.
        line: u32,
        /// What tells rows of one place apart: the chunk's id; type, target and chunk of a relation; else empty.
        key: String,
        /// The file as it was.
        before_path: Option<String>,
        /// The file as it is.
        after_path: Option<String>,
        /// The chunk's id as it was; of a relation that was, the chunk that held it.
        before_id: Option<String>,
        /// The chunk's id as it is; of a relation that is, the chunk that holds it.
        after_id: Option<String>,
        /// BLAKE3 of the content that was: 64 hexadecimal characters for a file, 32 for a chunk.
        before_hash: Option<String>,
        /// BLAKE3 of the content that is.
        after_hash: Option<String>,
        /// First line that was, 1-based.
        before_start_line: Option<u32>,
        /// Last line that was, inclusive.
        before_end_line: Option<u32>,
        /// First line that is.
        after_start_line: Option<u32>,
        /// Last line that is.
        after_end_line: Option<u32>,
        /// Kind of the chunk as in `chunks`, type of the relation as in `relations`.
        kind: Option<String>,
        /// Qualified name that was.
        before_name: Option<String>,
        /// Qualified name that is.
        after_name: Option<String>,
        /// Signature that was.
        before_signature: Option<String>,
        /// Signature that is.
        after_signature: Option<String>,
        /// Visibility of the definition as in `symbols`, as it is, or was.
        visibility: Option<String>,
        /// What of a modified or moved chunk differs: `name`, `signature`, `doc`, `body`, `place` (its file), `id` (only which of several equals it is).
        parts: Vec<String>,
        /// Of a renamed file: how much of the larger of both is in the other, in percent, rounded down.
        similarity: Option<u32>,
        /// `target_name` of the relation.
        target_name: Option<String>,
        /// `target_path` of the relation.
        target_path: Option<String>,
        /// `target_symbol` of the relation.
        target_symbol: Option<String>,
        /// Status of the file (`parse_status`) that was; of the relation (`status`) that was.
        before_status: Option<String>,
        /// Status that is.
        after_status: Option<String>,
        /// How many lines had a syntax error.
        before_errors: Option<u32>,
        /// How many have.
        after_errors: Option<u32>,
        /// How many equal rows came or went; 1 for what is no relation.
        count: u32,
    }
}
