//! The one form of checksummed JSON: `{"body":…,"checksum":"…"}` and a newline.
//!
//! The checksum covers the body's bytes as they stand and the file's name inside the store, so that a file that
//! was swapped for another one is found too. The frame around the body is compared byte by byte: no byte of the
//! file is outside the check. Body and frame are canonical JSON.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::error::StoreError;
use super::layout::FORMAT;
use crate::base::hash::{Digest, KeyHasher};
use crate::base::json;

const OPEN: &[u8] = b"{\"body\":";
const MIDDLE: &[u8] = b",\"checksum\":\"";
const CLOSE: &[u8] = b"\"}\n";

/// Why bytes are not believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unbelieved {
    Damaged(&'static str),
    Newer(u64),
}

/// Looks for the first `format` of an object, and no further: of thousands of records each would be read twice.
struct FormatOf<'a>(&'a mut u64);

impl<'de> Visitor<'de> for FormatOf<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == "format" {
                *self.0 = map.next_value()?;
                break;
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

fn checksum(name: &str, body: &[u8]) -> Digest {
    KeyHasher::new("sawmill.file.v1").bytes(name.as_bytes()).bytes(body).finish()
}

/// `body` in canonical form without its newline.
pub(super) fn canonical<T: Serialize>(body: &T) -> Result<Vec<u8>, StoreError> {
    json::canonical(body).map_err(|e| StoreError::refused(format!("it is no JSON: {e}")))
}

/// The file `name` that holds `body`.
pub(super) fn seal<T: Serialize>(name: &str, body: &T) -> Result<Vec<u8>, StoreError> {
    let mut body = canonical(body)?;
    body.pop();
    let sum = checksum(name, &body).hex();
    Ok([OPEN, &body, MIDDLE, sum.as_bytes(), CLOSE].concat())
}

/// What the file `name` holds, if it is whole and no newer than this program.
pub(super) fn unseal<T: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<T, Unbelieved> {
    let whole = Unbelieved::Damaged("it is cut short, or was changed by hand");
    let inside = bytes.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)).ok_or(whole.clone())?;
    let (rest, sum) = inside.split_at_checked(inside.len().saturating_sub(64)).ok_or(whole.clone())?;
    let body = rest.strip_suffix(MIDDLE).ok_or(whole)?;
    if sum != checksum(name, body).hex().as_bytes() {
        return Err(Unbelieved::Damaged("its checksum does not fit its content"));
    }
    parse(body)
}

/// A record whose bytes are believed already.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Unbelieved> {
    let strange = Unbelieved::Damaged("it is no record of this kind");
    let mut format = 0;
    // It stops within the object, which is an error for this reader; whether the rest is sound the next one tells.
    let _within = serde_json::Deserializer::from_slice(body).deserialize_map(FormatOf(&mut format));
    if format > u64::from(FORMAT) {
        return Err(Unbelieved::Newer(format));
    }
    serde_json::from_slice(body).map_err(|_| strange)
}

/// What a file says about its format when its frame is not ours: a newer program may have changed the frame itself,
/// and keeps a `format` outside it for programs like this one.
pub(super) fn foreign_format(bytes: &[u8]) -> Option<u64> {
    #[derive(Deserialize)]
    struct Claim {
        format: u64,
    }
    let ours = bytes.starts_with(OPEN) && bytes.ends_with(CLOSE);
    if ours { None } else { serde_json::from_slice::<Claim>(bytes).ok().map(|claim| claim.format) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_record_comes_back() {
        let bytes = seal("state/x", &serde_json::json!({"format": 1, "b": 2.5, "a": "é"})).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.starts_with("{\"body\":{\"a\":\"é\",\"b\":2.5,\"format\":1},\"checksum\":\""), "{text}");
        let back: serde_json::Value = unseal("state/x", &bytes).unwrap();
        assert_eq!(back["a"], "é");
        assert_eq!(json::canonical(&serde_json::from_slice::<serde_json::Value>(&bytes).unwrap()).unwrap(), bytes);
    }

    #[test]
    fn every_flipped_bit_every_cut_and_a_swapped_file_is_found() {
        let bytes = seal("state/x", &serde_json::json!({"format": 1, "n": [1, 2, 3]})).unwrap();
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bad = bytes.clone();
                bad[at] ^= 1 << bit;
                assert!(unseal::<serde_json::Value>("state/x", &bad).is_err(), "byte {at} bit {bit}");
            }
            assert!(unseal::<serde_json::Value>("state/x", &bytes[..at]).is_err(), "cut at {at}");
        }
        assert!(unseal::<serde_json::Value>("state/y", &bytes).is_err());
    }

    #[test]
    fn a_newer_format_is_told_from_damage() {
        let bytes = seal("state/x", &serde_json::json!({"format": 2, "else": null})).unwrap();
        assert_eq!(unseal::<serde_json::Value>("state/x", &bytes), Err(Unbelieved::Newer(2)));
        let inside = seal("state/x", &serde_json::json!({"a": {"format": 9}, "format": 1})).unwrap();
        assert!(
            unseal::<serde_json::Value>("state/x", &inside).is_ok(),
            "that of something inside is not the record's"
        );
        let cut: Result<serde_json::Value, _> = parse(b"{\"format\":1,\"else\":");
        assert!(matches!(cut, Err(Unbelieved::Damaged(_))), "what stands behind the format is read too");
        assert_eq!(foreign_format(&bytes), None);
        assert_eq!(foreign_format(b"{\"format\":7,\"new\":true}"), Some(7));
        assert_eq!(foreign_format(b"not json"), None);
    }
}
