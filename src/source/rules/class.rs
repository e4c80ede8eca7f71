//! Character classes: `[abc]`, `[!a-z]`, `[[:alpha:]]`.

/// A set of bytes. A slash is in no class: no wildcard but `**` crosses a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Class([u64; 4]);

impl Class {
    fn empty() -> Self {
        Self([0; 4])
    }

    fn insert(&mut self, byte: u8) {
        if let Some(word) = self.0.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }

    pub(super) fn contains(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte >> 6)).is_some_and(|word| word >> (byte & 63) & 1 == 1)
    }

    fn finish(mut self, negated: bool) -> Self {
        if negated {
            self.0.iter_mut().for_each(|word| *word = !*word);
        }
        self.0[usize::from(b'/' >> 6)] &= !(1 << (b'/' & 63));
        self
    }
}

/// The class whose opening bracket stands just before `rest`, and what follows it. `None`: no valid class.
///
/// A transcription of git's `wildmatch.c`: the first member may be `]`, a backslash quotes, a range's end may be
/// quoted, an unknown `[:name:]` spoils the whole rule.
pub(super) fn parse(rest: &[u8]) -> Option<(Class, &[u8])> {
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    let mut at = usize::from(negated);
    let mut class = Class::empty();
    // The last single member, from which a range may start.
    let mut previous: Option<u8> = None;
    let mut first = true;
    loop {
        let byte = *rest.get(at)?;
        if byte == b']' && !first {
            return Some((class.finish(negated), rest.get(at + 1..)?));
        }
        first = false;
        let range_end = rest.get(at + 1).filter(|end| **end != b']');
        match (byte, previous, range_end) {
            (b'\\', _, _) => {
                at += 1;
                let quoted = *rest.get(at)?;
                class.insert(quoted);
                previous = Some(quoted);
            }
            (b'-', Some(start), Some(end)) => {
                at += 1;
                let end = if *end == b'\\' {
                    at += 1;
                    *rest.get(at)?
                } else {
                    *end
                };
                (start..=end).for_each(|member| class.insert(member));
                previous = None;
            }
            (b'[', _, Some(b':')) => match named(rest.get(at + 2..)?)? {
                Named::Class(member, length) => {
                    (0..=u8::MAX).filter(member).for_each(|byte| class.insert(byte));
                    at += 1 + length;
                    previous = None;
                }
                Named::NotOne => {
                    class.insert(b'[');
                    previous = Some(b'[');
                }
            },
            _ => {
                class.insert(byte);
                previous = Some(byte);
            }
        }
        at += 1;
    }
}

type Member = fn(&u8) -> bool;

enum Named {
    /// A POSIX class, and the length of its name with the `:]`.
    Class(Member, usize),
    /// No `:]` ends it, so that the `[` was an ordinary member.
    NotOne,
}

/// What stands at `name:]…`. `None`: no class has that name.
fn named(text: &[u8]) -> Option<Named> {
    let end = text.iter().position(|b| *b == b']')?;
    let Some(name) = text.get(..end).and_then(|name| name.strip_suffix(b":")) else { return Some(Named::NotOne) };
    let member: Member = match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"blank" => |b| matches!(b, b' ' | b'\t'),
        b"cntrl" => u8::is_ascii_control,
        b"digit" => u8::is_ascii_digit,
        b"graph" => u8::is_ascii_graphic,
        b"lower" => u8::is_ascii_lowercase,
        b"print" => |b| (0x20..0x7f).contains(b),
        b"punct" => u8::is_ascii_punctuation,
        b"space" => |b| matches!(b, b' ' | b'\t'..=b'\r'),
        b"upper" => u8::is_ascii_uppercase,
        b"xdigit" => u8::is_ascii_hexdigit,
        _ => return None,
    };
    Some(Named::Class(member, end + 1))
}
