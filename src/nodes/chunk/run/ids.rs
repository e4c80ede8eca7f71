//! Identities of chunks and symbols.
//!
//! `chunk_id` is `c_` and 16 hexadecimal characters of a hash over path, language of the region (0 for the file itself),
//! kind, qualified name, signature and an ordinal; for a chunk without a name, the BLAKE3 of its bytes stands in place of
//! the name. A head is identified with the kind of the definition that it opens, so that a class keeps its id when it
//! grows too large for one chunk. Documentation that is a row of its own has the name of what it documents.
//!
//! The ordinal counts the chunks of the file, from its start, that are equal in all the rest. So it is 0 nearly always,
//! and an id moves only if the path, kind, name or head of its definition changes. Edits that can move an ordinal:
//! adding, removing or reordering, in the same file, a definition of the same kind, qualified name and signature above
//! (two definitions under opposite `#ifdef`s, overloads with equal heads, repeated headings), or a nameless chunk of
//! equal bytes above. The id of a nameless chunk moves with each of its edits.
//!
//! A region counts by its language and not by its number, so that a new fence moves no id of the fences below it.

use std::collections::HashMap;

use crate::base::{ContentHash, Digest, KeyHasher};

/// Hands out ids within one file.
pub(super) struct Ids {
    /// How often each identity was seen. Looked up by key only.
    seen: HashMap<[u8; 32], u32>,
    prefix: &'static str,
    start: KeyHasher,
}

impl Ids {
    pub(super) fn new(prefix: &'static str, domain: &str, path: &(impl ContentHash + ?Sized)) -> Self {
        let mut start = KeyHasher::new(domain);
        start.add(path);
        Self { seen: HashMap::new(), prefix, start }
    }

    /// The id of something with a name.
    pub(super) fn named(&mut self, region: Option<&str>, kind: &str, qualified_name: &str, signature: &str) -> String {
        let mut hasher = self.start.clone();
        in_region(&mut hasher, region);
        hasher.add(kind).int(0).add(qualified_name).add(signature);
        self.id(hasher)
    }

    /// The id of something without: `content` is the hash of its bytes.
    pub(super) fn nameless(&mut self, region: Option<&str>, kind: &str, content: &Digest) -> String {
        let mut hasher = self.start.clone();
        in_region(&mut hasher, region);
        hasher.add(kind).int(1).add(content);
        self.id(hasher)
    }

    /// Nearly every identity is the only one of its kind, so the id with ordinal 0 doubles as the identity.
    fn id(&mut self, hasher: KeyHasher) -> String {
        let numbered = |ordinal: u32| hasher.clone().int(u64::from(ordinal)).finish();
        let first = numbered(0);
        let ordinal = self.seen.entry(first.0).or_insert(0);
        let id = if *ordinal == 0 { first } else { numbered(*ordinal) };
        *ordinal += 1;
        format!("{}{}", self.prefix, id.prefix_hex(16))
    }
}

fn in_region(hasher: &mut KeyHasher, region: Option<&str>) {
    match region {
        None => hasher.add(&0_u32),
        Some(language) => hasher.add(&1_u32).add(language),
    };
}
