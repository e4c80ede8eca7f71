//! Names that a function declares for itself: they hide what the file and its imports define.
//!
//! Not a parser: it may take a name for a local one that is none, and a reference then says less than it could. What
//! it must not do is to miss the common ways to declare one.

use memchr::memmem::Finder;

use super::around::is_word;
use super::rules::Locals;

/// Most bytes before a reference that are looked through.
const BACK: usize = 16 << 10;
/// Longest list of parameters or names.
const LIST: usize = 400;

/// A function around a reference, by its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub start: usize,
    pub body: usize,
}

/// Is `name`, which is referred to at `at`, a name that one of the `functions` around it, the innermost first, declares
/// for itself?
pub fn declares(how: Locals, bytes: &[u8], functions: &[Function], at: usize, name: &[u8]) -> bool {
    // Of Rust, types and variants begin with a capital, values do not.
    let is_type = how == Locals::Rust && name.first().is_some_and(u8::is_ascii_uppercase);
    if how == Locals::None || name.is_empty() || is_type {
        return false;
    }
    let finder = Finder::new(name);
    if functions.iter().any(|function| in_head(how, bytes, function, at, &finder)) {
        return true;
    }
    if how == Locals::Head {
        return false;
    }
    let Some(text) = bytes.get(..at) else { return false };
    let from = functions.last().map_or(0, |outer| outer.body).max(at.saturating_sub(BACK)).min(at);
    let mut found = words(&finder, text, from, name.len());
    if functions.is_empty() {
        // Outside of functions names are the file's, but for those of functions without names.
        let parameter = |found: usize| parameter_of(text, from, found, found + name.len());
        return how == Locals::Script && found.any(parameter);
    }
    found.any(|found| declared(how, text, from, found, found + name.len()))
}

/// A parameter.
fn in_head(how: Locals, bytes: &[u8], function: &Function, at: usize, finder: &Finder<'_>) -> bool {
    let length = finder.needle().len();
    let head = bytes.get(function.start..function.body.min(at)).unwrap_or_default();
    let named = |found: usize| {
        let before = head.get(..found).unwrap_or_default().trim_ascii_end();
        is_parameter(how, before, head.get(found + length..).unwrap_or_default().trim_ascii_start())
    };
    if let Some(open) = memchr::memchr(b'(', head)
        && words(finder, head, open, length).any(named)
    {
        return true;
    }
    let arrow =
        |found: usize| head.get(found + length..).is_some_and(|after| after.trim_ascii_start().starts_with(b"=>"));
    how == Locals::Script && words(finder, head, 0, length).any(arrow)
}

/// In the head of a function, is a word between these a name and no type and no value?
fn is_parameter(how: Locals, before: &[u8], after: &[u8]) -> bool {
    let starts = |signs: &[&str]| signs.iter().any(|sign| after.starts_with(sign.as_bytes()));
    let ends = |signs: &[&str]| signs.iter().any(|sign| before.ends_with(sign.as_bytes()));
    match how {
        Locals::None => false,
        Locals::Go => ends(&["(", ","]) && !starts(&[".", "(", ")", "{"]),
        Locals::C => starts(&[",", ")", "[", "="]),
        Locals::Head | Locals::Python | Locals::Script | Locals::Rust => {
            !starts(&[".", "::", "(", "<"]) && !ends(&[":", "->", "|", "[", "<", "=", "&", "::", "."])
        }
    }
}

fn parameter_of(text: &[u8], from: usize, start: usize, end: usize) -> bool {
    let before = text.get(from..start).unwrap_or_default().trim_ascii_end();
    let after = text.get(end..).unwrap_or_default().trim_ascii_start();
    after.starts_with(b"=>") || parameter(before, after)
}

/// Where `text` has the word from `from` on.
fn words<'a>(finder: &'a Finder<'a>, text: &'a [u8], from: usize, length: usize) -> impl Iterator<Item = usize> + 'a {
    let found = finder.find_iter(text.get(from..).unwrap_or_default()).map(move |at| from + at);
    found.filter(move |at| {
        let alone = |byte: Option<&u8>| !byte.is_some_and(|b| is_word(*b) || *b == b'$');
        alone(at.checked_sub(1).and_then(|before| text.get(before))) && alone(text.get(at + length))
    })
}

/// Does the word at `start..end` stand where a name is declared?
fn declared(how: Locals, text: &[u8], from: usize, start: usize, end: usize) -> bool {
    let before = text.get(from..start).unwrap_or_default().trim_ascii_end();
    let after = text.get(end..).unwrap_or_default().trim_ascii_start();
    let follows = |keyword: &str| ends_with_word(before, keyword);
    let assigned = after.starts_with(b"=") && !after.starts_with(b"==") && !after.starts_with(b"=>");
    let member = before.ends_with(b".") || before.ends_with(b"->");
    match how {
        Locals::None | Locals::Head => false,
        Locals::Python => {
            // An argument by name is no declaration.
            let argument = before.ends_with(b"(") || before.ends_with(b",");
            (assigned && !member && !argument)
                || follows("for")
                || follows("as")
                || (before.ends_with(b",") || after.starts_with(b",")) && unpacked(before, after)
                || follows("lambda")
        }
        Locals::Script => {
            ["let", "const", "var", "catch"].into_iter().any(follows)
                || (!member && after.starts_with(b"=>"))
                || parameter(before, after)
                || destructured(before, after)
        }
        Locals::Rust => {
            follows("let")
                || (follows("mut") && !before.ends_with(b"&mut"))
                || follows("for")
                || (before.ends_with(b"|") || before.ends_with(b",") || before.ends_with(b"("))
                    && closure(before, after)
        }
        Locals::Go => {
            after.starts_with(b":=")
                || follows("var")
                || follows("const")
                || (after.starts_with(b",") && names_then(after, b":="))
                || (before.ends_with(b",") && after.starts_with(b":="))
                || go_parameter(before, after)
        }
        Locals::C => {
            let star = before.ends_with(b"*") || before.ends_with(b"&");
            if star && pointer_to_function(before, after) {
                return true;
            }
            let typed = before.last().is_some_and(|b| is_word(*b)) || star;
            let declares = [b"=".as_slice(), b";", b",", b")"].into_iter().any(|sign| after.starts_with(sign));
            let statement = ["return", "else", "case", "goto", "sizeof", "do", "new", "delete", "throw", "co_return"];
            typed && declares && !after.starts_with(b"==") && !statement.into_iter().any(follows) && !multiplied(before)
        }
    }
}

fn ends_with_word(text: &[u8], word: &str) -> bool {
    text.strip_suffix(word.as_bytes()).is_some_and(|rest| !rest.last().is_some_and(|b| is_word(*b)))
}

/// `a, b = …` and `for a, b in …`: the rest of the line goes on with names to `=` or `in`, and began with names.
fn unpacked(before: &[u8], after: &[u8]) -> bool {
    let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_start();
    let line = line.strip_prefix(b"for ").unwrap_or(line);
    let plain = |b: &u8| is_word(*b) || b", ()*".contains(b);
    let end = after.iter().position(|b| !plain(b)).unwrap_or(after.len());
    let rest = after.get(end..).unwrap_or_default();
    let is_assigned = rest.starts_with(b"=") && !rest.starts_with(b"==");
    let in_loop = after.get(..end).is_some_and(|names| contains_word(names, b"in"));
    line.iter().all(plain) && (is_assigned || in_loop)
}

fn contains_word(text: &[u8], word: &[u8]) -> bool {
    text.split(|b| !is_word(*b)).any(|w| w == word)
}

/// `names, more := …`
fn names_then(after: &[u8], sign: &[u8]) -> bool {
    let end = after.iter().position(|b| !(is_word(*b) || b", \t".contains(b))).unwrap_or(after.len());
    after.get(end..).is_some_and(|rest| rest.starts_with(sign))
}

/// What follows the bracket that closes the list in which `after` begins.
fn behind_list(after: &[u8], open: u8, close: u8) -> Option<&[u8]> {
    let mut depth = 0_u32;
    for (at, byte) in after.iter().enumerate().take(LIST) {
        if *byte == open {
            depth += 1;
        } else if *byte == close {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return after.get(at + 1..).map(<[u8]>::trim_ascii_start),
            }
        }
    }
    None
}

/// What stands before the bracket that opens the list in which `before` ends.
fn before_list(before: &[u8], open: u8, close: u8) -> Option<&[u8]> {
    let mut depth = 0_u32;
    for (at, byte) in before.iter().enumerate().rev().take(LIST) {
        if *byte == close {
            depth += 1;
        } else if *byte == open {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return before.get(..at).map(<[u8]>::trim_ascii_end),
            }
        }
    }
    None
}

/// A parameter of a function without a name of its own: `(a, b) =>`, `function (a, b) {`, a method of an object.
fn parameter(before: &[u8], after: &[u8]) -> bool {
    if !before.ends_with(b"(") && !before.ends_with(b",") && !before.ends_with(b"...") && !before.ends_with(b"{") {
        return false;
    }
    let Some(behind) = behind_list(after, b'(', b')') else { return false };
    if behind.starts_with(b"=>") {
        return true;
    }
    // A type between: `(a): B => …`.
    let typed = behind.starts_with(b":")
        && behind.iter().take(LIST).collect::<Vec<_>>().windows(2).any(|w| *w[0] == b'=' && *w[1] == b'>');
    if typed {
        return true;
    }
    if !behind.starts_with(b"{") {
        return false;
    }
    let head = before_list(before, b'(', b')').unwrap_or_default();
    !["if", "while", "for", "switch", "with"].into_iter().any(|word| ends_with_word(head, word))
}

/// `const { a, b } = …`, `let [a, b] = …`
fn destructured(before: &[u8], after: &[u8]) -> bool {
    let within = |open: u8, close: u8| {
        let head = before_list(before, open, close);
        let declared = head.is_some_and(|h| ["let", "const", "var"].into_iter().any(|word| ends_with_word(h, word)));
        declared
            && !after.starts_with(b":")
            && behind_list(after, open, close).is_some_and(|rest| rest.starts_with(b"="))
    };
    within(b'{', b'}') || within(b'[', b']')
}

/// `|a, b| …`
fn closure(before: &[u8], after: &[u8]) -> bool {
    let plain = |b: &u8| is_word(*b) || b",: &()_<>'".contains(b);
    let end = after.iter().take(LIST).position(|b| !plain(b)).unwrap_or(after.len());
    let start = before.iter().rev().take(LIST).position(|b| !plain(b)).unwrap_or(before.len());
    let opens = before.len().checked_sub(start + 1).and_then(|at| before.get(at)) == Some(&b'|');
    opens && after.get(end) == Some(&b'|')
}

/// `func(a, b T) …` without a name.
fn go_parameter(before: &[u8], after: &[u8]) -> bool {
    if !before.ends_with(b"(") && !before.ends_with(b",") {
        return false;
    }
    let head = before_list(before, b'(', b')').unwrap_or_default();
    // A type follows, or another name.
    ends_with_word(head, "func") && !after.starts_with(b")") && !after.starts_with(b".")
}

/// `(*name)(…)`, as a declaration: a type stands before.
fn pointer_to_function(before: &[u8], after: &[u8]) -> bool {
    let outer = before.trim_ascii_end().strip_suffix(b"*").map(<[u8]>::trim_ascii_end);
    let Some(kind) = outer.and_then(|o| o.strip_suffix(b"(")) else { return false };
    let kind = kind.trim_ascii_end();
    after.starts_with(b")") && kind.last().is_some_and(|b| is_word(*b) || *b == b'*') && !ends_with_word(kind, "return")
}

/// `a * b` inside an expression: an operator or bracket stands before the left side.
fn multiplied(before: &[u8]) -> bool {
    let Some(left) = before.strip_suffix(b"*") else { return false };
    let left = left.trim_ascii_end();
    let word = left.iter().rev().take_while(|b| is_word(**b)).count();
    let outer = left.get(..left.len() - word).unwrap_or_default().trim_ascii_end();
    word == 0 || outer.last().is_some_and(|b| b"=+-/%<>!&|?[".contains(b)) || ends_with_word(outer, "return")
}
