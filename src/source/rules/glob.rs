//! Wildcards, matched by walking all alternatives at once.

use super::class::{self, Class};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Byte(u8),
    /// `?`
    One,
    Class(Box<Class>),
    /// `*`: anything within one part of the path.
    Star,
    /// `**/` at the start of a part: nothing, or whole parts.
    Parts,
    /// `**` at the end, or before a quoted slash: anything.
    Anything,
}

/// A wildcard pattern over bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Glob {
    /// What every match starts with; refuses most paths in one comparison.
    prefix: Box<[u8]>,
    /// What follows the prefix.
    tokens: Box<[Token]>,
}

impl Glob {
    /// `None` when the pattern is no valid one and so can match nothing: an open class, a lone final backslash.
    pub(super) fn parse(pattern: &[u8]) -> Option<Self> {
        let mut tokens = Vec::with_capacity(pattern.len());
        let mut rest = pattern;
        let mut starts_part = true;
        while let Some((byte, after)) = rest.split_first() {
            rest = after;
            let token = match byte {
                b'\\' => {
                    let (quoted, after) = rest.split_first()?;
                    rest = after;
                    Token::Byte(*quoted)
                }
                b'?' => Token::One,
                b'[' => {
                    let (class, after) = class::parse(rest)?;
                    rest = after;
                    Token::Class(Box::new(class))
                }
                b'*' => {
                    let (token, after) = stars(rest, starts_part);
                    rest = after;
                    token
                }
                other => Token::Byte(*other),
            };
            starts_part = matches!(token, Token::Byte(b'/') | Token::Parts);
            // `**/**/` says what `**/` says; so does `***` within a part. Without this a rule could make each
            // step of a match as long as the rule.
            let repeats = matches!(token, Token::Star | Token::Parts) && tokens.last() == Some(&token);
            if !repeats {
                tokens.push(token);
            }
        }
        let literal = tokens.iter().take_while(|t| matches!(t, Token::Byte(_))).count();
        let rest = tokens.split_off(literal);
        let prefix = tokens.iter().filter_map(|t| if let Token::Byte(b) = t { Some(*b) } else { None }).collect();
        Some(Self { prefix, tokens: rest.into() })
    }

    pub(super) fn matches(&self, text: &[u8]) -> bool {
        let Some(text) = text.strip_prefix(&*self.prefix) else { return false };
        if let Some(Token::Byte(last)) = self.tokens.last()
            && text.last() != Some(last)
        {
            return false;
        }
        let mut now = States::of(self.tokens.len());
        let mut next = States::of(self.tokens.len());
        now.enter(&self.tokens, 0);
        for byte in text {
            next.clear();
            if !self.step(*byte, &now, &mut next) {
                return false;
            }
            std::mem::swap(&mut now, &mut next);
        }
        now.has(self.tokens.len())
    }

    /// All states after one more byte; `false` when none is left.
    fn step(&self, byte: u8, now: &States, next: &mut States) -> bool {
        let mut any = false;
        for (at, token) in self.tokens.iter().enumerate().filter(|(at, _)| now.has(*at)) {
            let (stays, leaves) = match token {
                Token::Byte(expected) => (false, *expected == byte),
                Token::One => (false, byte != b'/'),
                Token::Class(class) => (false, class.contains(byte)),
                Token::Star => (byte != b'/', byte != b'/'),
                Token::Parts => (true, byte == b'/'),
                Token::Anything => (true, true),
            };
            if stays {
                next.set(at);
            }
            if leaves {
                next.enter(&self.tokens, at + 1);
            }
            any |= stays || leaves;
        }
        any
    }
}

/// The token of a run of stars whose first one was just read, and what follows it.
fn stars(rest: &[u8], starts_part: bool) -> (Token, &[u8]) {
    let run = rest.iter().take_while(|b| **b == b'*').count();
    let after = rest.get(run..).unwrap_or_default();
    if run == 0 || !starts_part {
        return (Token::Star, after);
    }
    match after {
        [] | [b'\\', b'/', ..] => (Token::Anything, after),
        [b'/', beyond @ ..] => (Token::Parts, beyond),
        _ => (Token::Star, after),
    }
}

/// Which tokens may come next; one more stands for the end. Most patterns fit in one word.
enum States {
    Few(u64),
    Many(Vec<bool>),
}

impl States {
    fn of(tokens: usize) -> Self {
        if tokens < 64 { Self::Few(0) } else { Self::Many(vec![false; tokens + 1]) }
    }

    fn clear(&mut self) {
        match self {
            Self::Few(bits) => *bits = 0,
            Self::Many(states) => states.fill(false),
        }
    }

    fn has(&self, at: usize) -> bool {
        match self {
            Self::Few(bits) => at < 64 && bits >> at & 1 == 1,
            Self::Many(states) => states.get(at).copied().unwrap_or(false),
        }
    }

    fn set(&mut self, at: usize) {
        match self {
            Self::Few(bits) if at < 64 => *bits |= 1 << at,
            Self::Few(_) => {}
            Self::Many(states) => {
                if let Some(state) = states.get_mut(at) {
                    *state = true;
                }
            }
        }
    }

    /// Sets `at`, and what follows it for as long as a token may stand for nothing.
    fn enter(&mut self, tokens: &[Token], mut at: usize) {
        self.set(at);
        while matches!(tokens.get(at), Some(Token::Star | Token::Parts | Token::Anything)) {
            at += 1;
            self.set(at);
        }
    }
}
