//! Filters and how their values match.

use globset::{GlobBuilder, GlobMatcher};

use super::error::{Mistake, ParseError};
use super::expr::Sign;
use super::ignored::{Quoted, REPEATED};
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

/// A place in a repository that a written path means to someone who stands somewhere: for whoever knows where
/// repositories lie. Nothing in a query knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meant {
    pub repo: String,
    /// From the repository's root; empty is the root.
    pub path: String,
}

impl Meant {
    /// Is `path` in `repo` the place, or below it?
    pub fn holds(&self, repo: &str, path: &str) -> bool {
        self.repo == repo && is_below(path, &self.path)
    }
}

/// Is `path` this `place`, or below it? The empty one is above all.
fn is_below(path: &str, place: &str) -> bool {
    let behind = path.strip_prefix(place);
    behind.is_some_and(|rest| place.is_empty() || rest.is_empty() || rest.starts_with('/'))
}

/// What makes a value a glob.
const GLOB: [char; 4] = ['*', '?', '[', '{'];

/// `src/a.c:12:3` and `src/a.c:12-30` as `src/a.c`, as compilers and hits write places.
pub fn without_line(path: &str) -> &str {
    let is_line = |text: &str| {
        let (first, last) = text.split_once('-').unwrap_or((text, "0"));
        [first, last].iter().all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut out = path.strip_suffix(':').unwrap_or(path);
    for _ in 0..2 {
        match out.rsplit_once(':') {
            Some((before, line)) if is_line(line) => out = before,
            _ => break,
        }
    }
    if out.len() + 1 == path.len() { path } else { out }
}

/// One filter with one value.
#[derive(Clone, Debug)]
pub struct Filter {
    pub kind: FilterKind,
    pub excludes: bool,
    pub value: String,
    how: How,
    /// Of a path: what a glob asks below the directories before it.
    below: Option<Box<GlobMatcher>>,
    /// Of a path: the place that it means besides.
    meant: Option<Meant>,
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
    /// ignores case. A path glob without `/` is for the file's name. A line behind a path says nothing. Of a symbol, the
    /// last parts of a qualified name match too, whatever joins them: `Mutex.lock` matches `sync::Mutex::lock`.
    pub fn new(kind: FilterKind, value: &str, excludes: bool) -> Result<Self, globset::Error> {
        let any_case = !value.chars().any(char::is_uppercase);
        let value_text = value.to_owned();
        let joined = (kind == FilterKind::Sym).then(|| with_dots(value));
        let value = joined.as_deref().unwrap_or(value);
        let wanted = match kind {
            FilterKind::Ext => value.trim_start_matches('.'),
            FilterKind::Path => without_line(value),
            _ => value,
        };
        let how = if wanted.contains(GLOB) {
            let whole = if kind == FilterKind::Path && !wanted.contains('/') {
                format!("**/{wanted}")
            } else {
                wanted.trim_start_matches('/').to_owned()
            };
            How::Glob(Box::new(glob(&whole, kind == FilterKind::Path, any_case)?))
        } else if kind == FilterKind::Path {
            How::Within(wanted.to_owned())
        } else {
            How::Whole(wanted.to_owned())
        };
        let mut filter = Self { kind, excludes, value: value_text, how, below: None, meant: None };
        if let Some(rest) = filter.written_path().and_then(|path| wanted.get(path.len()..)).filter(|r| r.contains(GLOB))
        {
            filter.below = Some(Box::new(glob(rest.trim_start_matches('/'), true, any_case)?));
        }
        Ok(filter)
    }

    /// The path that the filter is written with: without a line behind it, and of a glob the directories before the first
    /// part that is one.
    pub fn written_path(&self) -> Option<&str> {
        if self.kind != FilterKind::Path {
            return None;
        }
        let path = without_line(&self.value);
        let Some(glob) = path.find(GLOB) else { return Some(path) };
        path.get(..glob)?.rsplit_once('/').map(|(directory, _)| if directory.is_empty() { "/" } else { directory })
    }

    /// Lets what lies at `meant`, the place of [`written_path`](Self::written_path), match as well.
    pub fn mean(&mut self, meant: Meant) {
        self.meant = Some(meant);
    }

    /// Does a file match the value? As [`matches`](Self::matches), and with the repository's name in front of the path,
    /// too, as answers write it where the repository is not on this machine.
    pub fn matches_file(&self, repo: &str, path: &str) -> bool {
        self.matches(path) || self.matches_meant(repo, path) || self.matches_below(repo, path)
    }

    fn matches_meant(&self, repo: &str, path: &str) -> bool {
        let Some(meant) = self.meant.as_ref().filter(|meant| meant.holds(repo, path)) else { return false };
        let below = path.get(meant.path.len()..).unwrap_or_default().trim_start_matches('/');
        self.below.as_ref().is_none_or(|glob| glob.is_match(below))
    }

    fn matches_below(&self, repo: &str, path: &str) -> bool {
        let named = self.value.split_once('/').filter(|(first, _)| first.eq_ignore_ascii_case(repo));
        let (Some((_, rest)), any_case) = (named, !self.value.chars().any(char::is_uppercase)) else { return false };
        match &self.how {
            How::Glob(glob) => glob.is_match(format!("{repo}/{path}")),
            How::Whole(_) | How::Within(_) => {
                let place = without_line(rest).trim_end_matches('/');
                if any_case { is_below(&path.to_lowercase(), place) } else { is_below(path, place) }
            }
        }
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

fn glob(text: &str, of_path: bool, any_case: bool) -> Result<GlobMatcher, globset::Error> {
    let glob = GlobBuilder::new(text).literal_separator(of_path).case_insensitive(any_case).build()?;
    Ok(glob.compile_matcher())
}

/// Do the filters of one kind let something through, of which `matches` says whether one matches? Either of the including ones must
/// match, and none of the excluding ones.
pub fn admits<'a>(filters: impl Iterator<Item = &'a Filter>, matches: impl Fn(&Filter) -> bool) -> bool {
    let (mut included, mut asked) = (false, false);
    for filter in filters {
        let matched = matches(filter);
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
        let meant = match nearest(name_text, known.into_iter().chain(["case"])) {
            Some(near) => format!("did you mean `{near}:`?"),
            None => format!("filters are {}, case", known.join(", ")),
        };
        let help = match query.get(name.start..value.end).filter(|text| !quoted && text.chars().count() <= REPEATED) {
            Some(text) => format!("{meant} `{}` searches for the text itself", Quoted(text)),
            None => format!("{meant} Quotation marks around it search for the text itself"),
        };
        return Err(error(Mistake::UnknownFilter { name: name_text.to_owned(), help }, name.clone()));
    };
    let bad = |message: String| error(Mistake::BadValue { filter: kind.name(), message }, value.clone());
    let written = query.get(value.clone()).unwrap_or("");
    let text = if *quoted { unescaped(written) } else { written.to_owned() };
    if text.is_empty() {
        return Err(bad("it is empty; the value stands right behind the colon".into()));
    }
    let filter = Filter::new(kind, &text, sign == Sign::Excluded).map_err(|e| bad(e.kind().to_string()))?;
    if kind == FilterKind::Mode && !Mode::ALL.iter().any(|m| filter.matches(m.name())) {
        return Err(bad(format!("no mode matches it ({})", Mode::ALL.map(Mode::name).join(", "))));
    }
    Ok(Some(filter))
}
