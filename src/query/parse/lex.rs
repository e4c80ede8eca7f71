//! A query cut into tokens.

use std::ops::Range;

use super::error::{Mistake, ParseError};
use super::expr::Sign;
use super::filter::{FilterKind, without_line};

/// Deepest nesting of parentheses. What reads, prints and drops an expression may recurse.
const DEPTH: usize = 64;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub what: What,
    /// With the sign and the delimiters.
    pub span: Range<usize>,
}

/// What a token is. Ranges are bytes of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    And,
    Or,
    Not,
    Open(Sign),
    Close,
    Word(Sign, Range<usize>),
    /// What stands between the quotation marks, escapes and all.
    Literal(Sign, Range<usize>),
    /// What stands between the slashes, escapes and all.
    Regex(Sign, Range<usize>),
    /// Name and value; a value in quotation marks is without them and has escapes.
    Filter {
        sign: Sign,
        name: Range<usize>,
        value: Range<usize>,
        quoted: bool,
    },
}

const OPERATORS: [(&str, What); 3] = [("AND", What::And), ("OR", What::Or), ("NOT", What::Not)];

/// The tokens of `query`, in order.
pub fn tokens(query: &str) -> Result<Vec<Token>, ParseError> {
    let mut lexer = Lexer { query, at: 0, depth: 0 };
    let mut out = Vec::new();
    while let Some(token) = lexer.token()? {
        out.push(token);
    }
    Ok(out)
}

struct Lexer<'a> {
    query: &'a str,
    at: usize,
    /// Groups that are open.
    depth: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.query.get(self.at..).unwrap_or("")
    }

    fn error(&self, mistake: Mistake, span: Range<usize>) -> ParseError {
        ParseError { mistake, query: self.query.to_owned(), span }
    }

    fn token(&mut self) -> Result<Option<Token>, ParseError> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        let start = self.at;
        if self.rest().is_empty() {
            return Ok(None);
        }
        let what = match self.operator() {
            Some(operator) => operator,
            None => self.term()?,
        };
        Ok(Some(Token { what, span: start..self.at }))
    }

    /// `AND`, `OR`, `NOT` up to white space, a parenthesis or the end.
    fn operator(&mut self) -> Option<What> {
        let rest = self.rest();
        for (name, what) in OPERATORS {
            let Some(behind) = rest.strip_prefix(name) else { continue };
            if behind.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')')) {
                self.at += name.len();
                return Some(what);
            }
        }
        None
    }

    fn term(&mut self) -> Result<What, ParseError> {
        let sign = match self.rest().as_bytes().first() {
            Some(b'+') => Sign::Required,
            Some(b'-') => Sign::Excluded,
            _ => Sign::Any,
        };
        self.at += usize::from(sign != Sign::Any);
        match self.rest().as_bytes().first() {
            Some(b'(') => {
                self.depth += 1;
                if self.depth > DEPTH {
                    return Err(self.error(Mistake::TooDeep { limit: DEPTH }, self.at..self.at + 1));
                }
                self.at += 1;
                Ok(What::Open(sign))
            }
            Some(b')') if sign == Sign::Any => self.close(),
            Some(b'"') => self.literal().map(|inside| What::Literal(sign, inside)),
            Some(b'/') if !self.is_absolute_path() => self.regex().map(|inside| What::Regex(sign, inside)),
            _ => match filter_name(self.rest()) {
                Some(name) => self.filter(sign, name),
                None => self.bare().map(|word| What::Word(sign, word)),
            },
        }
    }

    fn close(&mut self) -> Result<What, ParseError> {
        let span = self.at..self.at + 1;
        self.depth = self.depth.checked_sub(1).ok_or_else(|| self.error(Mistake::Unopened, span))?;
        self.at += 1;
        Ok(What::Close)
    }

    /// The end of what was opened at `self.at` by the byte there: the first unescaped `mark` behind it.
    fn closing(&self, mark: char) -> Option<usize> {
        let mut escaped = false;
        for (at, c) in self.rest().char_indices().skip(1) {
            if escaped {
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == mark {
                return Some(self.at + at);
            }
        }
        None
    }

    fn delimited(&mut self, mark: char, unclosed: Mistake, glued: Mistake) -> Result<Range<usize>, ParseError> {
        let open = self.at;
        let Some(end) = self.closing(mark) else { return Err(self.error(unclosed, open..open + 1)) };
        self.at = end + 1;
        match self.rest().chars().next() {
            Some(c) if !c.is_whitespace() && c != ')' => Err(self.error(glued, self.at..self.at + c.len_utf8())),
            _ => Ok(open + 1..end),
        }
    }

    fn literal(&mut self) -> Result<Range<usize>, ParseError> {
        let what = "quotation";
        let unclosed = Mistake::Unclosed { what, help: "close it with `\"`; write `\\\"` for a quotation mark inside" };
        let help = "put white space behind it; write `\\\"` for a quotation mark inside";
        self.delimited('"', unclosed, Mistake::Glued { what, help })
    }

    /// Does a path as `/usr/lib/x.c:12` begin here? As an expression it would go on behind its end, so nothing else is
    /// meant; but `/word/i` may be one with a flag, as other languages write it.
    fn is_absolute_path(&self) -> bool {
        let token = self.rest().split(char::is_whitespace).next().unwrap_or_default();
        let token = if self.depth > 0 { token.trim_end_matches(')') } else { token };
        let path = without_line(token).strip_prefix('/').unwrap_or_default();
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@' | '~' | ',');
        let is_flags = |part: &str| part.chars().all(|c| matches!(c, 'g' | 'i' | 'm' | 's' | 'u' | 'x' | 'y'));
        let parts: Vec<&str> = path.strip_suffix('/').unwrap_or(path).split('/').collect();
        parts.len() > 1
            && parts.iter().all(|part| !part.is_empty() && part.chars().all(fits))
            && (parts.len() > 2 || !parts.last().is_some_and(|last| is_flags(last)))
    }

    fn regex(&mut self) -> Result<Range<usize>, ParseError> {
        let what = "regular expression";
        let unclosed = Mistake::Unclosed {
            what,
            help: "close it with `/`; for a path write `path:src/cli` or put it in quotation marks, `\"/src/cli\"`",
        };
        let help = "write `\\/` for a slash inside; for a path write `path:src/cli` or put it in quotation marks";
        self.delimited('/', unclosed, Mistake::Glued { what, help })
    }

    fn filter(&mut self, sign: Sign, name: usize) -> Result<What, ParseError> {
        let name = self.at..self.at + name;
        self.at = name.end + 1;
        if self.rest().starts_with('"') {
            let value = self.literal()?;
            return Ok(What::Filter { sign, name, value, quoted: true });
        }
        let value = self.bare()?;
        Ok(What::Filter { sign, name, value, quoted: false })
    }

    /// Up to white space or a `)` that closes a group; parentheses of its own are part of it, as in `main()`.
    fn bare(&mut self) -> Result<Range<usize>, ParseError> {
        let start = self.at;
        let mut open = Vec::new();
        let mut end = self.query.len();
        for (at, c) in self.rest().char_indices() {
            match c {
                c if c.is_whitespace() => {
                    end = start + at;
                    break;
                }
                '"' => return Err(self.error(Mistake::QuoteInside, start + at..start + at + 1)),
                '(' => open.push(start + at),
                ')' if open.pop().is_none() => {
                    end = start + at;
                    break;
                }
                _ => {}
            }
        }
        // Outside groups `f(x` is a word; inside, nobody can tell which `)` is whose.
        if let (Some(at), true) = (open.last(), self.depth > 0) {
            let help = "close it in the word, or put the text in quotation marks: `\"f(a, b)\"`";
            let mistake = Mistake::Unclosed { what: "parenthesis of the word", help };
            return Err(self.error(mistake, *at..at + 1));
        }
        self.at = end;
        Ok(start..end)
    }
}

/// The length of `name` in `name:value`. A double colon is a path of the code (`fs::read`), and `://` an address. Of a name
/// that is no filter's, nothing behind the colon makes it text (`error: cannot open`), and so does a number, as behind a
/// file or a host (`makefile:12`): anything else is most likely a filter that is misspelt.
fn filter_name(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(u8::is_ascii_lowercase).count();
    let (name, behind) = text.split_at_checked(length)?;
    let value = behind.strip_prefix(':')?;
    if name.is_empty() || value.starts_with(':') || value.starts_with("//") {
        return None;
    }
    let bare = value.split(|c: char| c.is_whitespace() || c == ')').next().unwrap_or_default();
    let is_place = bare.bytes().all(|b| b.is_ascii_digit() || matches!(b, b':' | b'-'));
    (is_filter(name) || !is_place).then_some(length)
}

fn is_filter(name: &str) -> bool {
    name == "case" || FilterKind::of(name).is_some()
}
