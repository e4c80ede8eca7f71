//! Terms that no text has, which tell what a chunk holds.

use super::split::terms;

/// The term by which a chunk tells that it holds the definition of `name` without being called so. No text has such a
/// term: `=` is in no word. It stands beside the name's own term, on the same page.
pub fn definition_mark(name: &str) -> Option<String> {
    let mut found = Vec::new();
    terms(name, &mut found);
    found.into_iter().next().map(|whole| format!("{whole}{DEFINED}"))
}

/// Ends the term of a definition.
pub const DEFINED: char = '=';
