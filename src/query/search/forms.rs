//! Other forms of a word, for fields whose terms are not stemmed.

use crate::nodes::index::tokenize::Stems;

/// Endings that English words have and Snowball's stemmer takes away.
const ENDINGS: [&str; 17] =
    ["", "s", "es", "e", "ed", "d", "ing", "er", "ers", "ion", "ions", "ation", "ations", "ment", "able", "ly", "al"];

/// Shortest stem that is given other endings: of shorter ones too much is made.
const STEM_BYTES: usize = 3;

/// Words with the stem of `term`, other than it: stems with endings, as far as the stemmer agrees. Rare ones among them
/// are no words; they are in no text.
pub fn forms(term: &str, stems: &Stems) -> Vec<String> {
    let stem = stems.of(term).unwrap_or_else(|| term.to_owned());
    if stem.len() < STEM_BYTES || !stem.bytes().all(|b| b.is_ascii_lowercase()) {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut add = |form: String| {
        let same = stems.of(&form).map_or(form == stem, |found| found == stem);
        if same && form != term && !out.contains(&form) {
            out.push(form);
        }
    };
    for ending in ENDINGS {
        add(format!("{stem}{ending}"));
    }
    if let Some(base) = stem.strip_suffix('i') {
        for ending in ["y", "ied", "ies", "ying"] {
            add(format!("{base}{ending}"));
        }
    }
    if let Some(last) = stem.chars().last().filter(|c| !"aeiouwxy".contains(*c)) {
        for ending in ["ed", "ing", "er"] {
            add(format!("{stem}{last}{ending}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_have_the_stem_of_their_word_and_are_not_the_word() {
        let stems = Stems::default();
        for (word, some) in [
            ("parses", &["parse", "parsed", "parsing"][..]),
            ("configuration", &["configure", "configured", "configurations"]),
            ("running", &["run", "runs"]),
            ("copies", &["copy", "copied", "copying"]),
        ] {
            let found = forms(word, &stems);
            assert!(some.iter().all(|form| found.iter().any(|f| f == form)), "{word}: {found:?}");
            assert!(found.iter().all(|form| form != word), "{word}");
        }
    }

    #[test]
    fn names_of_code_and_short_words_have_no_other_forms() {
        let stems = Stems::default();
        for word in ["x86_64", "parse_config", "as", "größe"] {
            assert_eq!(forms(word, &stems), [""; 0], "{word}");
        }
    }
}
