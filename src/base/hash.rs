//! Hashing with a written encoding.
//!
//! BLAKE3, 32 bytes, lower-case hex; people see twelve characters. A value is written into a [`KeyHasher`]
//! by [`ContentHash`] under these rules, which golden vectors hold:
//!
//! | value | bytes |
//! |---|---|
//! | key type | a domain string (`sawmill.action.v1`), length-prefixed, first |
//! | bytes, text | length as 64-bit little endian, then the bytes |
//! | integers, bool | 64-bit little endian |
//! | digest | its 32 bytes |
//! | `Option` | ordinal 0, or 1 and the value |
//! | enum | its ordinal as an integer, then its fields |
//! | sequence | length, then the items; a map or set is written in sorted order |
//!
//! Never `std::hash::Hash` (no written encoding), never joined text (ambiguous).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A BLAKE3 hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The BLAKE3 of `bytes` alone: the name of a file's content or of an artifact.
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    pub fn hex(&self) -> String {
        self.prefix_hex(64)
    }

    /// The twelve characters that people see.
    pub fn short(&self) -> String {
        self.prefix_hex(12)
    }

    /// The first `chars` characters of the hex form.
    pub fn prefix_hex(&self, chars: usize) -> String {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut out = String::with_capacity(chars);
        for byte in self.0 {
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
            if out.len() >= chars {
                break;
            }
        }
        out.truncate(chars);
        out
    }

    /// The first eight bytes as a little-endian number: a uniform value for content-defined cuts.
    pub fn low_u64(&self) -> u64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        u64::from_le_bytes(first)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.hex())
    }
}

/// The text is not 64 lower-case hexadecimal characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a hash: 64 lower-case hexadecimal characters are needed")]
pub struct NotADigest;

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let text = text.as_bytes();
        let mut out = [0; 32];
        if text.len() != 64 {
            return Err(NotADigest);
        }
        let nibble = |c: u8| match c {
            b'0'..=b'9' => Ok(c - b'0'),
            b'a'..=b'f' => Ok(c - b'a' + 10),
            _ => Err(NotADigest),
        };
        for (byte, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(out))
    }
}

impl schemars::JsonSchema for Digest {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Digest".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A BLAKE3 hash.", "type": "string", "pattern": "^[0-9a-f]{64}$",
        })
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.hex())
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Collects the ingredients of one key.
#[derive(Clone, Debug)]
pub struct KeyHasher(blake3::Hasher);

impl KeyHasher {
    /// `domain` names the key type and its version, so that keys of two types never meet.
    pub fn new(domain: &str) -> Self {
        let mut hasher = Self(blake3::Hasher::new());
        hasher.bytes(domain.as_bytes());
        hasher
    }

    pub fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.int(bytes.len() as u64);
        self.0.update(bytes);
        self
    }

    pub fn int(&mut self, value: u64) -> &mut Self {
        self.0.update(&value.to_le_bytes());
        self
    }

    pub fn digest(&mut self, digest: &Digest) -> &mut Self {
        self.0.update(&digest.0);
        self
    }

    pub fn add<T: ContentHash + ?Sized>(&mut self, value: &T) -> &mut Self {
        value.write(self);
        self
    }

    pub fn finish(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

/// A value that can be an ingredient of a key, by the rules of this module.
pub trait ContentHash {
    fn write(&self, hasher: &mut KeyHasher);

    /// The hash of this value alone, in `domain`.
    fn content_hash(&self, domain: &str) -> Digest {
        KeyHasher::new(domain).add(self).finish()
    }
}

macro_rules! as_int {
    ($($t:ty),*) => {$(
        impl ContentHash for $t {
            fn write(&self, hasher: &mut KeyHasher) {
                hasher.int(u64::from(*self));
            }
        }
    )*};
}
as_int!(u8, u16, u32, u64, bool);

impl ContentHash for usize {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.int(*self as u64);
    }
}

impl ContentHash for Digest {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.digest(self);
    }
}

impl ContentHash for str {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.bytes(self.as_bytes());
    }
}

impl ContentHash for String {
    fn write(&self, hasher: &mut KeyHasher) {
        self.as_str().write(hasher);
    }
}

impl<T: ContentHash> ContentHash for [T] {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.int(self.len() as u64);
        for item in self {
            item.write(hasher);
        }
    }
}

impl<T: ContentHash> ContentHash for Vec<T> {
    fn write(&self, hasher: &mut KeyHasher) {
        self.as_slice().write(hasher);
    }
}

impl<T: ContentHash> ContentHash for Option<T> {
    fn write(&self, hasher: &mut KeyHasher) {
        match self {
            None => hasher.int(0),
            Some(value) => hasher.int(1).add(value),
        };
    }
}

impl<T: ContentHash + ?Sized> ContentHash for &T {
    fn write(&self, hasher: &mut KeyHasher) {
        (**self).write(hasher);
    }
}

impl<T: ContentHash + ?Sized> ContentHash for Arc<T> {
    fn write(&self, hasher: &mut KeyHasher) {
        (**self).write(hasher);
    }
}

impl<A: ContentHash, B: ContentHash> ContentHash for (A, B) {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.add(&self.0).add(&self.1);
    }
}

impl<K: ContentHash, V: ContentHash> ContentHash for BTreeMap<K, V> {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.int(self.len() as u64);
        for (key, value) in self {
            hasher.add(key).add(value);
        }
    }
}

impl<T: ContentHash> ContentHash for BTreeSet<T> {
    fn write(&self, hasher: &mut KeyHasher) {
        hasher.int(self.len() as u64);
        for item in self {
            item.write(hasher);
        }
    }
}

/// JSON by structure: type ordinal, then value; object keys sorted; a number by its shortest text.
impl ContentHash for serde_json::Value {
    fn write(&self, hasher: &mut KeyHasher) {
        use serde_json::Value;
        match self {
            Value::Null => hasher.int(0),
            Value::Bool(b) => hasher.int(1).add(b),
            Value::Number(n) => hasher.int(2).add(&n.to_string()),
            Value::String(s) => hasher.int(3).add(s),
            Value::Array(items) => hasher.int(4).add(items),
            Value::Object(map) => {
                let sorted: BTreeMap<&String, &Value> = map.iter().collect();
                hasher.int(5).add(&sorted)
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_round_trips_and_refuses_what_is_no_hash() {
        let digest = Digest::of(b"sawmill");
        assert_eq!(digest.hex().parse(), Ok(digest));
        assert_eq!(digest.short(), digest.hex()[..12]);
        for bad in ["", "ab", &"A".repeat(64), &"g".repeat(64), &"0".repeat(65)] {
            assert_eq!(bad.parse::<Digest>(), Err(NotADigest));
        }
    }

    #[test]
    fn the_encoding_is_the_written_one() {
        // Golden vectors: these bytes are a promise to every store on disk.
        let mut by_hand = Vec::new();
        by_hand.extend(4u64.to_le_bytes());
        by_hand.extend(b"test");
        by_hand.extend(2u64.to_le_bytes());
        by_hand.extend(b"ab");
        by_hand.extend(7u64.to_le_bytes());
        by_hand.extend(1u64.to_le_bytes());
        by_hand.extend(1u64.to_le_bytes());
        by_hand.extend(0u64.to_le_bytes());
        let key = KeyHasher::new("test").add("ab").add(&7u32).add(&Some(true)).add(&None::<u8>).finish();
        assert_eq!(key, Digest::of(&by_hand));
    }

    #[test]
    fn neighbouring_texts_never_run_together() {
        let a = KeyHasher::new("t").add("ab").add("c").finish();
        let b = KeyHasher::new("t").add("a").add("bc").finish();
        assert_ne!(a, b);
    }
}
