//! Names of repositories, pipelines, nodes and parameters.

/// The rule as people read it.
pub const NAME_RULE: &str = "1 to 64 of the characters a-z, 0-9, `.`, `_` and `-`, the first one a letter or a digit";

/// Is `name` one that the store, selectors and refs can carry? `^[a-z0-9][a-z0-9._-]{0,63}$`.
pub fn is_name(name: &str) -> bool {
    let letter = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 64
        && name.bytes().next().is_some_and(letter)
        && name.bytes().all(|c| letter(c) || matches!(c, b'.' | b'_' | b'-'))
}

/// The nearest allowed name: lower case, every other character a `-`. `None` when nothing is left.
pub fn nearest_name(given: &str) -> Option<String> {
    let lower = given.trim().to_lowercase();
    let mapped: String = lower.chars().map(|c| if is_name(&format!("a{c}")) { c } else { '-' }).take(64).collect();
    let name = mapped.trim_start_matches(['.', '_', '-']).trim_end_matches('-').to_owned();
    is_name(&name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_lower_case_and_starts_with_a_letter_or_digit() {
        for good in ["a", "0", "api", "my-repo_2.x", &"a".repeat(64)] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "A", "-a", ".a", "_a", "a/b", "a b", "é", "a\n", &"a".repeat(65)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }

    #[test]
    fn the_nearest_name_is_a_name() {
        assert_eq!(nearest_name("My Repo!").as_deref(), Some("my-repo"));
        assert_eq!(nearest_name(".github").as_deref(), Some("github"));
        assert_eq!(nearest_name("日本"), None);
    }
}
