//! Terms that no text has, which tell what a chunk holds.

use super::split::terms;
use super::words::words;

/// Stands in the terms of definitions, behind the name.
pub const DEFINED: char = '=';

/// The term by which a chunk tells that it holds the definition of `name` without being called so. No text has such a
/// term: `=` is in no word. It stands beside the name's own term, on the same page.
pub fn definition_mark(name: &str) -> Option<String> {
    Some(format!("{}{DEFINED}", whole(name)?))
}

/// The term by which a chunk tells that the definition of `name` in `scope` begins in it, for `Scope::name`.
pub fn scope_mark(name: &str, scope: &str) -> Option<String> {
    Some(format!("{}{DEFINED}{}", whole(name)?, whole(scope)?))
}

/// What stands directly around `name` in `qualified`, in any language's writing: `Mutex` in `sync::Mutex::lock`.
pub fn scope_of<'a>(qualified: &'a str, name: &str) -> Option<&'a str> {
    let around = qualified.strip_suffix(name)?;
    let mut last = None;
    words(around, |start, end| last = around.get(start..end));
    // `xname` is not in `x`.
    last.filter(|scope| !around.ends_with(scope))
}

/// The term of a name as a whole: of its word, where it has but one (`valid?`).
pub fn whole(name: &str) -> Option<String> {
    let (mut count, mut word) = (0, name);
    words(name, |start, end| {
        count += 1;
        word = name.get(start..end).unwrap_or_default();
    });
    let mut found = Vec::new();
    terms(if count == 1 { word } else { name }, &mut found);
    found.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_directly_around_a_name_is_its_scope() {
        for (qualified, name, expected) in [
            ("Mutex::lock", "lock", Some("Mutex")),
            ("sync::Mutex::lock", "lock", Some("Mutex")),
            ("Server.Serve", "Serve", Some("Server")),
            ("Rack::Auth::valid?", "valid?", Some("Auth")),
            ("GuzzleHttp\\Client", "Client", Some("GuzzleHttp")),
            ("Foo#bar", "bar", Some("Foo")),
            ("Vec<T>::push", "push", Some("T")),
            ("lock", "lock", None),
            ("relock", "lock", None),
            ("Mutex::lock", "unlock", None),
            ("", "", None),
            ("::lock", "lock", None),
        ] {
            assert_eq!(scope_of(qualified, name), expected, "{qualified}");
        }
    }

    #[test]
    fn a_mark_has_the_whole_of_both_names_in_small_letters() {
        assert_eq!(scope_mark("blockOn", "Runtime").as_deref(), Some("blockon=runtime"));
        assert_eq!(scope_mark("valid?", "Request").as_deref(), Some("valid=request"));
        assert_eq!(definition_mark("valid?").as_deref(), Some("valid="));
        assert_eq!(scope_mark("__", "Request"), None);
    }
}
