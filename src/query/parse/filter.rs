//! Filters and how their values match.

use globset::{GlobBuilder, GlobMatcher};

use super::error::{Mistake, ParseError};
use super::expr::Sign;
use super::lex::{Token, What};
use super::read::unescaped;
use crate::base::Mode;
use crate::base::suggest::nearest;
use crate::query::grams::Case;

/// What a filter looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FilterKind {
    Repo,
    Path,
    Lang,
    Ext,
    Mode,
    Kind,
    Sym,
    Role,
    Tag,
}

impl FilterKind {
    pub const ALL: [Self; 9] =
        [Self::Repo, Self::Path, Self::Lang, Self::Ext, Self::Mode, Self::Kind, Self::Sym, Self::Role, Self::Tag];

    pub fn name(self) -> &'static str {
        match self {
            Self::Repo => "repo",
            Self::Path => "path",
            Self::Lang => "lang",
            Self::Ext => "ext",
            Self::Mode => "mode",
            Self::Kind => "kind",
            Self::Sym => "sym",
            Self::Role => "role",
            Self::Tag => "tag",
        }
    }

    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// Is it decided by the repository or mode alone, before any row is read? These filters choose what is
    /// searched, so they take part in the statistics; the others only choose among hits.
    pub fn selects(self) -> bool {
        matches!(self, Self::Repo | Self::Mode | Self::Tag)
    }
}

/// One filter with one value.
#[derive(Clone, Debug)]
pub struct Filter {
    pub kind: FilterKind,
    pub excludes: bool,
    pub value: String,
    how: How,
}

impl PartialEq for Filter {
    fn eq(&self, other: &Self) -> bool {
        (self.kind, self.excludes, &self.value) == (other.kind, other.excludes, &other.value)
    }
}

#[derive(Clone, Debug)]
enum How {
    Glob(Box<GlobMatcher>),
    /// The text as a whole.
    Whole(String),
    /// Anywhere in the text.
    Within(String),
}

impl Filter {
    /// `value` may be a glob (`*`, `?`, `[a-z]`, `{a,b}`, and `**` across directories in paths). Without glob
    /// characters a path matches anywhere in the text, everything else as a whole. A value in small letters
    /// ignores case. A path glob without `/` is for the file's name. Of a symbol, the last parts of a qualified name
    /// match too, whatever joins them: `Mutex.lock` matches `sync::Mutex::lock`.
    pub fn new(kind: FilterKind, value: &str, excludes: bool) -> Result<Self, globset::Error> {
        let any_case = !value.chars().any(char::is_uppercase);
        let value_text = value.to_owned();
        let joined = (kind == FilterKind::Sym).then(|| with_dots(value));
        let value = joined.as_deref().unwrap_or(value);
        let wanted = if kind == FilterKind::Ext { value.trim_start_matches('.') } else { value };
        let how = if wanted.contains(['*', '?', '[', '{']) {
            let whole = if kind == FilterKind::Path && !wanted.contains('/') {
                format!("**/{wanted}")
            } else {
                wanted.trim_start_matches('/').to_owned()
            };
            let glob = GlobBuilder::new(&whole)
                .literal_separator(kind == FilterKind::Path)
                .case_insensitive(any_case)
                .build()?;
            How::Glob(Box::new(glob.compile_matcher()))
        } else if kind == FilterKind::Path {
            How::Within(wanted.to_owned())
        } else {
            How::Whole(wanted.to_owned())
        };
        Ok(Self { kind, excludes, value: value_text, how })
    }

    /// Does `text` match the value? (`excludes` is not looked at.)
    pub fn matches(&self, text: &str) -> bool {
        if self.kind == FilterKind::Sym {
            let text = with_dots(text);
            let starts = text.match_indices('.').map(|(at, dot)| at + dot.len());
            return [0].into_iter().chain(starts).any(|at| text.get(at..).is_some_and(|end| self.is_match(end)));
        }
        self.is_match(text)
    }

    fn is_match(&self, text: &str) -> bool {
        let any_case = !self.value.chars().any(char::is_uppercase);
        match &self.how {
            How::Glob(glob) => glob.is_match(text),
            How::Whole(wanted) if any_case => text.to_lowercase() == *wanted,
            How::Whole(wanted) => text == wanted,
            How::Within(wanted) if any_case => text.to_lowercase().contains(wanted.as_str()),
            How::Within(wanted) => text.contains(wanted.as_str()),
        }
    }
}

/// A qualified name, its parts joined by `.`.
fn with_dots(name: &str) -> String {
    let mut out = name.replace("::", ".").replace("->", ".").replace('#', ".");
    if out.contains('\\') {
        // Of a glob, a backslash may also stand before what is meant as it is.
        let mut chars = out.chars().peekable();
        let mut dotted = String::with_capacity(out.len());
        while let Some(c) = chars.next() {
            let joins = c == '\\' && chars.peek().is_some_and(|next| next.is_alphanumeric() || *next == '_');
            dotted.push(if joins { '.' } else { c });
        }
        out = dotted;
    }
    out
}

/// Do the filters of one kind let `texts` (any of which may match) through? Either of the including ones must
/// match, and none of the excluding ones.
pub fn admits<'a>(filters: impl Iterator<Item = &'a Filter>, texts: &[&str]) -> bool {
    let (mut included, mut asked) = (false, false);
    for filter in filters {
        let matched = texts.iter().any(|t| filter.matches(t));
        if filter.excludes {
            if matched {
                return false;
            }
        } else {
            asked = true;
            included |= matched;
        }
    }
    included || !asked
}

/// What `case:` says in `tokens`, which are those of `query`.
pub fn read_case(query: &str, tokens: &[Token]) -> Result<Case, ParseError> {
    let mut said = None;
    for token in tokens {
        let What::Filter { sign, name, value, .. } = &token.what else { continue };
        if query.get(name.clone()) != Some("case") {
            continue;
        }
        let error = |mistake, span| Err(ParseError { mistake, query: query.to_owned(), span });
        let bad = |message: &str| Mistake::BadValue { filter: "case", message: message.to_owned() };
        if *sign != Sign::Any {
            return error(bad("it takes no sign"), token.span.clone());
        }
        let value_text = query.get(value.clone()).unwrap_or("");
        match Case::ALL.into_iter().find(|case| case.name() == value_text) {
            None => return error(bad("it is none of yes, no, smart"), value.clone()),
            Some(case) if said.is_some_and(|before| before != case) => {
                return error(Mistake::TwoCases, token.span.clone());
            }
            case => said = case,
        }
    }
    Ok(said.unwrap_or_default())
}

/// The filter of a token; `None` for `case:`, which is read before.
pub fn read_filter(query: &str, token: &Token, sign: Sign) -> Result<Option<Filter>, ParseError> {
    let What::Filter { name, value, quoted, .. } = &token.what else { return Ok(None) };
    let error = |mistake, span| ParseError { mistake, query: query.to_owned(), span };
    let name_text = query.get(name.clone()).unwrap_or("");
    if name_text == "case" {
        if sign == Sign::Any {
            return Ok(None);
        }
        let message = "it takes no sign".to_owned();
        return Err(error(Mistake::BadValue { filter: "case", message }, token.span.clone()));
    }
    let Some(kind) = FilterKind::of(name_text) else {
        let known = FilterKind::ALL.map(FilterKind::name);
        let help = match nearest(name_text, known.into_iter().chain(["case"])) {
            Some(near) => format!("did you mean `{near}:`?"),
            None => {
                format!("filters are {}; to search for the text itself, put it in quotation marks", known.join(", "))
            }
        };
        return Err(error(Mistake::UnknownFilter { name: name_text.to_owned(), help }, name.clone()));
    };
    let bad = |message: String| error(Mistake::BadValue { filter: kind.name(), message }, value.clone());
    let written = query.get(value.clone()).unwrap_or("");
    let text = if *quoted { unescaped(written) } else { written.to_owned() };
    if text.is_empty() {
        return Err(bad("it is empty".into()));
    }
    let filter = Filter::new(kind, &text, sign == Sign::Excluded).map_err(|e| bad(e.kind().to_string()))?;
    if kind == FilterKind::Mode && !Mode::ALL.iter().any(|m| filter.matches(m.name())) {
        return Err(bad(format!("no mode matches it ({})", Mode::ALL.map(Mode::name).join(", "))));
    }
    Ok(Some(filter))
}
