//! What someone may have meant by a name that is not there.

use unicode_normalization::UnicodeNormalization;

use crate::base::suggest::nearest;

use super::model::{Likeness, Near};

/// The one of `names` that is most like `wanted`; `path` makes a name into a path.
pub(super) fn near(wanted: &str, names: &[String], path: impl Fn(&str) -> String) -> Option<Near> {
    let same = |fold: fn(&str) -> String| {
        let wanted = fold(wanted);
        names.iter().find(|name| fold(name) == wanted)
    };
    let found = |name: &str, likeness| Near { path: path(name), likeness };
    same(|name| name.nfc().collect())
        .map(|name| found(name, Likeness::UnicodeForm))
        .or_else(|| {
            let name = same(|name| name.to_lowercase().nfc().collect())?;
            Some(found(name, Likeness::LetterCase))
        })
        .or_else(|| {
            let name = nearest(wanted, names.iter().map(String::as_str))?;
            Some(found(name, Likeness::Spelling))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_form_is_told_before_another_case_and_another_spelling() {
        let names: Vec<String> = ["caf\u{e9}", "Makefile", "main.rs"].map(str::to_owned).into();
        let near = |wanted: &str| near(wanted, &names, |name| format!("d/{name}")).map(|n| (n.path, n.likeness));
        assert_eq!(near("cafe\u{301}"), Some(("d/caf\u{e9}".to_owned(), Likeness::UnicodeForm)));
        assert_eq!(near("MAKEFILE"), Some(("d/Makefile".to_owned(), Likeness::LetterCase)));
        assert_eq!(near("mian.rs"), Some(("d/main.rs".to_owned(), Likeness::Spelling)));
        assert_eq!(near("elsewhere.py"), None);
    }
}
