//! What stands before a name: nothing, the value whose members are meant, a path of names, or another value.

use super::rules::Rules;

/// Most names before a name.
const NAMES: usize = 16;
/// Most bytes of a line that are looked through.
const LINE: usize = 400;
/// Most bytes of arguments between `<` and `>` that are passed over.
const ARGUMENTS: usize = 200;

/// See the module. The path's first byte, where it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    Nothing,
    Own(usize),
    Path { start: usize, end: usize },
    Value,
}

pub fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// Where the blanks before `at` begin.
fn blanks(bytes: &[u8], at: usize) -> usize {
    let before = bytes.get(..at).unwrap_or_default();
    before.trim_ascii_end().len()
}

/// The separator that ends at `at`, and whether what stands before it must be a value.
fn separator(rules: &Rules, bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let before = bytes.get(..at)?;
    let ending =
        |separators: &[&str]| separators.iter().map(|s| s.as_bytes()).find(|s| before.ends_with(s)).map(<[u8]>::len);
    if let Some(length) = ending(rules.of_values) {
        return Some((at - length, true));
    }
    let length = ending(rules.of_names)?;
    // `...` and `..` are no separators, `a::::b` is none either.
    let doubled = length == 1 && before.len() > 1 && before.get(at - 2) == before.last();
    (!doubled).then_some((at - length, false))
}

/// The separator before a name that begins at `at`, with blanks between; see [`separator`].
fn joint(rules: &Rules, bytes: &[u8], at: usize) -> Option<(usize, bool)> {
    let end = blanks(bytes, at);
    let found = separator(rules, bytes, end)?;
    // A comment above that ends with a full stop is no value.
    let is_above = bytes.get(end..at).is_some_and(|between| between.contains(&b'\n'));
    (!(is_above && is_remark(bytes.get(..end).unwrap_or_default()))).then_some(found)
}

/// Does the last line of `text` have a comment, as far as its signs tell?
fn is_remark(text: &[u8]) -> bool {
    let from = text.len().saturating_sub(LINE);
    let start = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1).max(from);
    let line = text.get(start..).unwrap_or_default().trim_ascii_start();
    let opens = [b"//".as_slice(), b"#", b"*", b"/*", b"--", b";", b"%"].iter().any(|sign| line.starts_with(sign));
    opens || [b" //".as_slice(), b"\t//", b" #", b"\t#", b" --", b"/*"].iter().any(|sign| contains(line, sign))
}

fn contains(text: &[u8], sign: &[u8]) -> bool {
    memchr::memmem::find(text, sign).is_some()
}

/// Where the arguments that end before `at` with `>` begin.
fn without_arguments(bytes: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_u32;
    for back in 1..=ARGUMENTS.min(at) {
        match bytes.get(at - back)? {
            b'>' => depth += 1,
            b'<' => depth = depth.checked_sub(1)?,
            b';' | b'{' | b'}' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at - back);
        }
    }
    None
}

/// What stands before the name that begins at `at`.
pub fn around(rules: &Rules, bytes: &[u8], at: usize) -> Around {
    if rules.of_names.is_empty() && rules.of_values.is_empty() {
        return Around::Nothing;
    }
    // Nearly all names follow a byte that ends no separator.
    let Some((mut left, is_value)) = joint(rules, bytes, at) else { return Around::Nothing };
    let end = left;
    let (mut start, mut names) = (left, 0);
    loop {
        let mut last = blanks(bytes, left);
        let mut arguments = false;
        if bytes.get(..last).is_some_and(|b| b.ends_with(b">")) && !is_value {
            match without_arguments(bytes, last) {
                Some(before) => last = before,
                None => return Around::Value,
            }
            arguments = true;
            if let Some((before, _)) = separator(rules, bytes, last) {
                last = before;
            }
        }
        let word = bytes.get(..last).unwrap_or_default();
        let first = last - word.iter().rev().take_while(|b| is_word(**b) || **b == b'$' || **b == b'@').count();
        if first == last {
            // `::name`: from the root. Anything else ends with a bracket or a quote.
            let is_root = !is_value && !arguments && bytes.get(left..left + 2) == Some(b"::".as_slice());
            let is_free = !word.trim_ascii_end().ends_with(b")") && !word.trim_ascii_end().ends_with(b"]");
            match (is_root && is_free, names) {
                (true, 0) => return Around::Nothing,
                (true, _) => break,
                (false, _) => return Around::Value,
            }
        }
        names += 1;
        start = start.min(first);
        match joint(rules, bytes, first) {
            Some((next, _)) if names < NAMES => left = next,
            Some(_) => return Around::Value,
            None => break,
        }
    }
    let path = bytes.get(start..blanks(bytes, end)).unwrap_or_default();
    if names == 1 {
        let owns = if is_value { rules.values } else { rules.receivers };
        if owns.iter().any(|own| own.as_bytes() == path) {
            return Around::Own(start);
        }
    }
    let first = path.split(|b| !is_word(*b) && *b != b'$').next().unwrap_or_default();
    let of_value = |own: &&str| own.as_bytes() == first;
    let is_path = !is_value
        && !path.contains(&b'@')
        && !rules.values.iter().any(|own| of_value(own) && !rules.modules.contains(own))
        && !rules.parents.iter().any(of_value);
    if is_path { Around::Path { start, end: start + path.len() } } else { Around::Value }
}
