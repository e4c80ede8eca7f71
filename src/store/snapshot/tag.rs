//! Tags: what is one, and which ones a pattern means.

use super::error::SnapshotError;

/// Characters of a tag at most.
const MOST: usize = 64;

/// `^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$`.
pub fn is_tag(text: &str) -> bool {
    let inner = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'/' | b'-');
    text.len() <= MOST && text.bytes().all(inner) && text.bytes().next().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// The tags sorted and distinct, if each is one.
pub(super) fn checked(tags: &[String]) -> Result<Vec<String>, SnapshotError> {
    if let Some(bad) = tags.iter().find(|tag| !is_tag(tag)) {
        let short: String = bad.chars().take(MOST).collect();
        return Err(SnapshotError::BadTag { tag: short.escape_debug().to_string() });
    }
    let mut tags = tags.to_vec();
    tags.sort_unstable();
    tags.dedup();
    Ok(tags)
}

/// Does `pattern` mean the whole of `tag`? `*` stands for any characters, `/` among them, and `?` for one.
pub fn tag_fits(pattern: &str, tag: &str) -> bool {
    let (pattern, tag): (Vec<char>, Vec<char>) = (pattern.chars().collect(), tag.chars().collect());
    // `star`: the last `*`, and how much of the tag it stood for. Going back to the last one is enough.
    let (mut at, mut from, mut star) = (0, 0, None);
    while let Some(c) = tag.get(from) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, from));
                at += 1;
            }
            Some(p) if p == c || *p == '?' => (at, from) = (at + 1, from + 1),
            _ => {
                let Some((star_at, taken)) = star else { return false };
                star = Some((star_at, taken + 1));
                (at, from) = (star_at + 1, taken + 1);
            }
        }
    }
    pattern.iter().skip(at).all(|c| *c == '*')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_a_tag_and_what_is_none() {
        for good in ["v1", "release/2026-11", "A_b.c-d", "0", &"x".repeat(64)] {
            assert!(is_tag(good), "{good}");
        }
        for bad in ["", ".v", "/v", "-v", "_v", "a b", "a:b", "é", "v\n", &"x".repeat(65)] {
            assert!(!is_tag(bad), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_pattern_means_what_the_same_regular_expression_means(
            pattern in "[ab/*?]{0,6}", tag in "[ab/]{0,8}",
        ) {
            let expression = pattern.replace('*', ".*").replace('?', ".");
            let model = regex::Regex::new(&format!("^{expression}$")).unwrap();
            prop_assert_eq!(tag_fits(&pattern, &tag), model.is_match(&tag));
        }
    }
}
