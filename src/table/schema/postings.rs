//! `postings` and `chunk_stats`: what ranked search reads.
//!
//! Format history of `postings`: 1, the first; 2, `doc_freq` and `tfs` have dictionaries; 3, in
//! place of them numbers lie by byte planes.
//! Format history of `chunk_stats`: 1, the first; 2, without `chunk_id`, which the row in `chunks` has.

crate::table! {
    /// For each term and field the chunks that hold it. One piece a segment.
    PostingRow as POSTINGS = "postings" format 3 sort ["term", "field"] lookup true {
        /// Normalized term.
        term: String,
        /// 0 name, 1 signature, 2 doc, 3 body, 4 path.
        field: u16,
        /// Number of chunks.
        doc_freq: u32,
        /// Chunk ordinals within the segment, ascending.
        chunks: Vec<u32>,
        /// Occurrences in each chunk, at most 65535, parallel to `chunks`.
        tfs: Vec<u16>,
    }
}

crate::table! {
    /// Where each chunk ordinal's row is, and the lengths that scoring needs.
    ChunkStatsRow as CHUNK_STATS = "chunk_stats" format 2 sort ["ordinal"] lookup false {
        /// Chunk ordinal within the segment, from 0.
        ordinal: u32,
        /// Which shard of the segment, from 0.
        shard: u32,
        /// Row within that shard's `chunks` artifact.
        row: u32,
        /// Terms in the name field.
        len_name: u32,
        /// Terms in the signature field.
        len_signature: u32,
        /// Terms in the doc field.
        len_doc: u32,
        /// Terms in the body field.
        len_body: u32,
        /// Terms in the path field.
        len_path: u32,
    }
}
