//! The one canonical form of JSON: UTF-8, sorted keys, no insignificant space, a final newline.

use serde::Serialize;

/// `value` in canonical form, with its final newline.
///
/// Keys are sorted because `serde_json::Value` keeps objects in a B-tree (the crate's `preserve_order`
/// feature is off; a test holds that).
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec(&serde_json::to_value(value)?)?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_space_is_gone() {
        let text = r#"{ "b": 1, "a": { "z": [1, 2], "y": "é" } }"#;
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        let canonical = String::from_utf8(canonical(&value).unwrap()).unwrap();
        assert_eq!(canonical, "{\"a\":{\"y\":\"é\",\"z\":[1,2]},\"b\":1}\n");
    }
}
