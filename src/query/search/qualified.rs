//! Qualified names in a query: `Mutex::lock`, `Foo.bar`, `Foo#bar`.

use super::intent::{Intent, without_type_arguments};
use crate::nodes::index::tokenize::words;
use crate::query::parse::Query;

/// What may stand between a name and what is around it, in some language.
const JOINERS: [&str; 6] = ["::", ".", "->", "#", "\\", ":"];

/// The last two names of a qualified one, as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Qualified<'a> {
    pub scope: &'a str,
    pub name: &'a str,
}

/// The qualified names among the wanted pieces of `query`.
pub fn qualified(query: &Query) -> Vec<(String, String)> {
    let pieces = Intent::of(query).names;
    let texts: Vec<String> = pieces.iter().map(|piece| without_type_arguments(piece)).collect();
    let found = texts.iter().filter_map(|text| last_two(text.split('(').next().unwrap_or_default()));
    found.map(|Qualified { scope, name }| (scope.to_owned(), name.to_owned())).collect()
}

fn last_two(text: &str) -> Option<Qualified<'_>> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    words(text, |start, end| spans.push((start, end)));
    let [.., (start, end), (from, to)] = spans.as_slice() else { return None };
    let between = text.get(*end..*from)?;
    JOINERS.contains(&between).then_some(Qualified { scope: text.get(*start..*end)?, name: text.get(*from..*to)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::parse::parse;

    #[test]
    fn the_last_two_names_of_a_qualified_one_count_in_any_writing() {
        for (query, expected) in [
            ("Mutex::lock", Some(("Mutex", "lock"))),
            ("std::sync::Mutex::lock", Some(("Mutex", "lock"))),
            ("Mutex<T>::lock()", Some(("Mutex", "lock"))),
            ("Vec::<u8>::new", Some(("Vec", "new"))),
            ("Server.Serve", Some(("Server", "Serve"))),
            ("Foo#bar", Some(("Foo", "bar"))),
            ("foo->bar(x)", Some(("foo", "bar"))),
            ("Guzzle\\Client", Some(("Guzzle", "Client"))),
            ("how does Mutex::lock wait", Some(("Mutex", "lock"))),
            ("-Mutex::lock wait", None),
            ("lock", None),
            ("foo-bar", None),
            ("src/tcp.c", None),
            ("lock mutex", None),
            ("a.b.", Some(("a", "b"))),
        ] {
            let found = qualified(&parse(query).unwrap());
            let expected: Vec<_> = expected.iter().map(|(s, n)| ((*s).to_owned(), (*n).to_owned())).collect();
            assert_eq!(found, expected, "{query}");
        }
    }
}
