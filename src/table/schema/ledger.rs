//! `failures` and `history`: what became of files and actions, run by run. They stand in `ledger/`, outside every
//! hash: no artifact, no key and no manifest depends on a row of theirs.
//!
//! Format history: 1, the first.

crate::table! {
    /// One row per file that a run processed anew and could not read whole, and per repository that a run could not build.
    /// Of one repository, path and node the newest 4 rows are kept.
    FailureRow as FAILURES = "failures" format 1 sort ["repo", "path", "path_bytes", "node", "run"] lookup false {
        /// Number of the run, as in `ledger/runs/`.
        run: u64,
        /// When it was noted: milliseconds since 1970, UTC.
        at: i64,
        /// The repository.
        repo: String,
        /// The node; null where the repository failed before one ran, or in a step between nodes.
        node: Option<String>,
        /// The node's kind.
        kind: Option<String>,
        /// The kind's FORMAT.
        format: Option<u32>,
        /// Path inside the repository; null where no single file is to blame.
        path: Option<String>,
        /// The path's bytes, where they are no UTF-8.
        path_bytes: Option<Vec<u8>>,
        /// BLAKE3 of the bytes that were processed, 64 hexadecimal characters.
        content_hash: Option<String>,
        /// Language of the file.
        language: Option<String>,
        /// First line (1-based) that is wrong, where a line is known.
        line: Option<u32>,
        /// Character in that line (1-based): the first that is no blank.
        column: Option<u32>,
        /// All lines that are wrong.
        lines: Vec<i32>,
        /// One stable word: `syntax`, `limit` (a limit ended the reading), `no-tree`, a reason as in `files.skip_reason`, or the code of the error that ended the repository's build.
        error_type: String,
        /// The error in words.
        message: String,
        /// Up to five lines before `text`. Lines above 400 characters are cut and end in `…`.
        before: Vec<String>,
        /// The line itself.
        text: Option<String>,
        /// Up to five lines after it.
        after: Vec<String>,
        /// The first KiB of the file; control characters and bytes that are no UTF-8 are written `\n`, `\r`, `\t`, `\xNN`, and a backslash `\\`. Null for a file that looks like a secret, and where a run had no room left for excerpts.
        first: Option<String>,
        /// Where in the program it happened, without paths of the machine, where that is known.
        backtrace: Option<String>,
        /// `input` (the bytes themselves: the same until they, the code or a limit change), `environment` (the machine) or `bug`.
        class: String,
    }
}

crate::table! {
    /// One row per file and node that processed it anew on its shard, merges aside. Of one repository, path and node the newest 16
    /// rows are kept.
    HistoryRow as HISTORY = "history" format 1 sort ["repo", "path", "path_bytes", "node", "run"] lookup false {
        /// Number of the run, as in `ledger/runs/`.
        run: u64,
        /// The repository.
        repo: String,
        /// The node.
        node: String,
        /// The node's kind.
        kind: String,
        /// The kind's FORMAT.
        format: u32,
        /// Path inside the repository.
        path: Option<String>,
        /// The path's bytes, where they are no UTF-8.
        path_bytes: Option<Vec<u8>>,
        /// BLAKE3 of the bytes that were processed. Null where the file was not read.
        content_hash: Option<String>,
        /// Language of the file.
        language: Option<String>,
        /// First 12 characters of the node's definition digest for that language: grammar, queries, word lists. Null where the kind has none.
        definition: Option<String>,
        /// Key of the action.
        action: String,
        /// What the action made of the first of its tables that is sorted by path, else of its first. Null where it failed, and where only a merge keeps its tables.
        artifact: Option<String>,
        /// Rows of this file in that table; of the whole table where it is not sorted by path.
        rows: u64,
        /// When the action began: milliseconds since 1970, UTC. All files of an action have its times.
        started_at: i64,
        /// When it ended.
        finished_at: i64,
        /// `ok`, or the `parse_status` of a node that writes `files`; `failed` where the action gave nothing.
        status: String,
    }
}
