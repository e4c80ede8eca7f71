//! `trigrams` and `indexed_files`: what exact search rules files out with.
//!
//! Format history of each: 1, the first.

crate::table! {
    /// For each trigram the files that hold it. One piece a segment.
    ///
    /// A trigram is three bytes in a row of one line, with the ASCII letters `A`–`Z` as `a`–`z` and all other bytes as they are;
    /// none holds a line feed. `gram` is their number: `(first << 16) | (second << 8) | third`. In DuckDB the grams as text, and
    /// the files of one gram in one segment:
    ///
    /// ```sql
    /// SELECT chr((gram >> 16)::INT) || chr((gram >> 8 & 255)::INT) || chr((gram & 255)::INT) AS text, len(steps) AS files
    ///   FROM read_parquet('.sawmill/latest/repo=api/*/table=trigrams/*.parquet');
    /// SELECT f.path FROM read_parquet('…/table=indexed_files/part-00000.parquet') f JOIN (
    ///   SELECT sum(step) OVER (ORDER BY nth) AS file
    ///     FROM (SELECT unnest(steps) AS step, generate_subscripts(steps, 1) AS nth
    ///             FROM read_parquet('…/table=trigrams/part-00000.parquet')
    ///            WHERE gram = (ord('k') << 16) + (ord('m') << 8) + ord('a'))) USING (file);
    /// ```
    ///
    /// A file that a gram is not listed with holds no line in which the gram stands. With `trigrams: false` there are no
    /// rows, and they say nothing.
    TrigramRow as TRIGRAMS = "trigrams" format 1 sort ["gram"] lookup true {
        /// The trigram, below 2^24.
        gram: u32,
        /// The number of the first file that holds it, and for each other one how much its number is above that of the one before.
        steps: Vec<u32>,
    }
}

crate::table! {
    /// The files of a segment by number, those that have rows in `chunks`, and which rows. A file's bytes are these rows', put
    /// together.
    IndexedFileRow as INDEXED_FILES = "indexed_files" format 1 sort ["file"] lookup false {
        /// Number of the file within the segment, from 0, by shard and path.
        file: u32,
        /// Which shard of the segment, from 0.
        shard: u32,
        /// Its first row within that shard's `chunks` artifact.
        row: u32,
        /// Number of its rows.
        rows: u32,
        /// Size in bytes.
        bytes: u32,
        /// Path inside the repository.
        path: String,
    }
}
