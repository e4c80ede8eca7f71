//! "Did you mean …?"

/// The candidate nearest to `given`, when one is near enough to be worth saying.
/// Ties go to the first in the order given.
pub fn nearest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    let allowed = (given.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = strsim::damerau_levenshtein(&given, &candidate.to_lowercase());
        if distance <= allowed && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_is_suggested_and_a_far_one_is_not() {
        let known = ["repos", "pipeline", "include"];
        assert_eq!(nearest("repo", known), Some("repos"));
        assert_eq!(nearest("pipleine", known), Some("pipeline"));
        assert_eq!(nearest("colour", known), None);
    }
}
