//! Words that sentences need and that tell nothing of what is looked for.

/// Sorted.
const FILLERS: &[&str] = &[
    "a", "about", "all", "also", "an", "and", "any", "are", "as", "at", "be", "because", "been", "before", "being",
    "both", "but", "by", "can", "could", "did", "do", "does", "each", "either", "for", "from", "given", "had", "has",
    "have", "how", "if", "in", "into", "is", "it", "its", "just", "like", "may", "might", "more", "most", "must", "my",
    "no", "not", "of", "on", "one", "only", "or", "other", "our", "over", "own", "same", "should", "so", "some",
    "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "under",
    "used", "using", "via", "was", "we", "were", "what", "when", "where", "whether", "which", "while", "who", "whose",
    "why", "will", "with", "within", "without", "would", "you", "your",
];

/// Is this one of them?
pub fn is_filler(word: &str) -> bool {
    FILLERS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted_and_is_asked_in_any_case() {
        assert!(super::FILLERS.is_sorted());
        assert!(super::is_filler("The") && !super::is_filler("file"));
    }
}
