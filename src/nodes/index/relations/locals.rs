//! Names that a function declares in its head, for languages whose outlines do not say which they are: they hide what
//! the file and its imports define.
//!
//! Not a parser: it may take a name for a local one that is none, and a reference then says less than it could.

use memchr::memmem::Finder;

use super::around::is_word;
use super::rules::Locals;

/// A function around a reference, by its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub start: usize,
    pub body: usize,
}

/// Is `name`, which is referred to at `at`, a parameter of one of the `functions` around it?
pub fn declares(how: Locals, bytes: &[u8], functions: &[Function], at: usize, name: &[u8]) -> bool {
    if how != Locals::Head || name.is_empty() {
        return false;
    }
    let finder = Finder::new(name);
    functions.iter().any(|function| in_head(bytes, function, at, &finder))
}

fn in_head(bytes: &[u8], function: &Function, at: usize, finder: &Finder<'_>) -> bool {
    let length = finder.needle().len();
    let head = bytes.get(function.start..function.body.min(at)).unwrap_or_default();
    let Some(open) = memchr::memchr(b'(', head) else { return false };
    words(finder, head, open, length).any(|found| {
        let before = head.get(..found).unwrap_or_default().trim_ascii_end();
        is_parameter(before, head.get(found + length..).unwrap_or_default().trim_ascii_start())
    })
}

/// In the head of a function, is a word between these a name and no type and no value?
fn is_parameter(before: &[u8], after: &[u8]) -> bool {
    let starts = |signs: &[&str]| signs.iter().any(|sign| after.starts_with(sign.as_bytes()));
    let ends = |signs: &[&str]| signs.iter().any(|sign| before.ends_with(sign.as_bytes()));
    !starts(&[".", "::", "(", "<"]) && !ends(&[":", "->", "|", "[", "<", "=", "&", "::", "."])
}

/// Where `text` has the word from `from` on.
fn words<'a>(finder: &'a Finder<'a>, text: &'a [u8], from: usize, length: usize) -> impl Iterator<Item = usize> + 'a {
    let found = finder.find_iter(text.get(from..).unwrap_or_default()).map(move |at| from + at);
    found.filter(move |at| {
        let alone = |byte: Option<&u8>| !byte.is_some_and(|b| is_word(*b) || *b == b'$');
        alone(at.checked_sub(1).and_then(|before| text.get(before))) && alone(text.get(at + length))
    })
}
