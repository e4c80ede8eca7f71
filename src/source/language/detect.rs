//! From a path and first bytes to a language.

use crate::base::hash::KeyHasher;
use crate::base::{Digest, Mode};
use crate::source::rules::{BadRule, Rule};

use super::table::{self, Language, language};
use super::told::{Told, ToldBy, told};

/// Goes up when detection answers otherwise for some file; what a stat cache remembers of first lines is then
/// forgotten.
pub const DETECTION_VERSION: u32 = 4;

/// No known extension has more dots within.
const MOST_DOTS: usize = 2;

/// What answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "by", content = "at")]
pub enum LanguageRule {
    /// The entry of `languages.map` at this place, from 0.
    Map(usize),
    Name,
    /// The extension that is known, in the letter case of the table, without its dot.
    Extension(&'static str),
    Shebang,
    /// A line for Emacs or Vim.
    Modeline,
    /// Signs in the text.
    Content,
    /// `README`, `LICENSE` and their like.
    ProseName,
    Unknown,
}

/// A file's language.
#[derive(Clone, Copy, Debug)]
pub struct Detected {
    pub language: Option<&'static Language>,
    pub mode: Mode,
    pub rule: LanguageRule,
}

/// `languages.map`: globs in gitignore syntax and the languages they stand for; the first match decides.
#[derive(Debug, Default)]
pub struct LanguageMap(Vec<(Rule, &'static Language)>);

/// An entry of `languages.map` that means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMap {
    #[error("the glob can match nothing")]
    Glob(#[source] BadRule),
    #[error("a glob of languages.map cannot be negated")]
    Negated,
    #[error("no such language")]
    Language,
}

impl LanguageMap {
    /// The place of the first bad entry, and what is wrong with it.
    pub fn new(entries: &[(String, String)]) -> Result<Self, (usize, BadMap)> {
        let entry = |(at, (glob, name)): (usize, &(String, String))| {
            let rule = Rule::parse(glob.as_bytes()).map_err(|e| (at, BadMap::Glob(e)))?;
            if rule.is_negated() {
                return Err((at, BadMap::Negated));
            }
            Ok((rule, language(name).ok_or((at, BadMap::Language))?))
        };
        entries.iter().enumerate().map(entry).collect::<Result<_, _>>().map(Self)
    }

    /// An ingredient for whoever caches what detection said.
    pub fn digest(entries: &[(String, String)]) -> Digest {
        let mut hasher = KeyHasher::new("sawmill.languages-map.v1");
        hasher.int(u64::from(DETECTION_VERSION)).add(entries);
        hasher.finish()
    }

    fn find(&self, path: &[u8]) -> Option<(usize, &'static Language)> {
        let mut at = self.0.iter().enumerate();
        at.find(|(_, (rule, _))| rule.covers(path)).map(|(at, (_, language))| (at, *language))
    }
}

/// The language of the file at `path` (relative to its repository). `bytes_tell` is what
/// [`told`] said of the file; where the name is known for one language, it says nothing.
pub fn detect(path: &[u8], bytes_tell: Option<Told>, map: &LanguageMap) -> Detected {
    let name = file_name(path);
    let found = |language: &'static Language, rule| Detected { language: Some(language), mode: language.mode, rule };
    if let Some((at, language)) = map.find(path) {
        return found(language, LanguageRule::Map(at));
    }
    if let Some(language) = table::by_name(name) {
        return found(language, LanguageRule::Name);
    }
    let by_bytes = |told: Told| {
        let rule = match told.by {
            ToldBy::Shebang => LanguageRule::Shebang,
            ToldBy::Modeline => LanguageRule::Modeline,
            ToldBy::Content => LanguageRule::Content,
        };
        found(told.language, rule)
    };
    if let Some((extension, language)) = by_extension(name) {
        if let Some(told) = bytes_tell {
            return by_bytes(told);
        }
        return found(language, LanguageRule::Extension(extension));
    }
    if let Some(language) = by_stem(name) {
        return found(language, LanguageRule::Name);
    }
    if let Some(told) = bytes_tell {
        return by_bytes(told);
    }
    let unknown = Detected { language: None, mode: Mode::Records, rule: LanguageRule::Unknown };
    if extension(name).is_some() {
        // `COPYING.LESSER`, `README.linux`; but `install.exe` is none.
        let loud = name.first().is_some_and(u8::is_ascii_uppercase) && name.get(1).is_some_and(u8::is_ascii_uppercase);
        return if loud && is_prose_name(name) { prose(unknown) } else { unknown };
    }
    if is_prose_name(name) { prose(unknown) } else { unknown }
}

/// [`detect`] with the bytes at hand.
pub fn detect_bytes(path: &[u8], bytes: &[u8], map: &LanguageMap) -> Detected {
    detect(path, told(path, bytes), map)
}

pub(super) fn file_name(path: &[u8]) -> &[u8] {
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}

fn prose(unknown: Detected) -> Detected {
    language("text").map_or(unknown, |text| Detected {
        language: Some(text),
        mode: text.mode,
        rule: LanguageRule::ProseName,
    })
}

pub(super) fn by_extension(name: &[u8]) -> Option<(&'static str, &'static Language)> {
    // The longest of the last few extensions first.
    let dots = || name.iter().enumerate().rev().filter(|(at, b)| **b == b'.' && *at > 0).map(|(at, _)| at);
    let longest_first = (1..=MOST_DOTS).rev().filter_map(|count| dots().nth(count - 1));
    let mut extensions = longest_first.filter_map(|dot| name.get(dot + 1..));
    extensions.find_map(|extension| {
        table::by_extension(extension).or_else(|| table::by_extension(&extension.to_ascii_lowercase()))
    })
}

/// The extension of `name` that languages have, as [`LanguageRule::Extension`] has it.
pub fn known_extension(name: &[u8]) -> Option<&'static str> {
    by_extension(name).map(|(extension, _)| extension)
}

/// `Dockerfile.dev`, `Makefile.linux`: a whole name with more behind it.
pub(super) fn by_stem(name: &[u8]) -> Option<&'static Language> {
    const STEMS: [&[u8]; 3] = [b"Containerfile", b"Dockerfile", b"Makefile"];
    let dot = memchr::memchr(b'.', name)?;
    name.get(..dot).filter(|stem| STEMS.contains(stem)).and_then(table::by_name)
}

/// What follows the last dot that is neither first nor last.
pub fn extension(name: &[u8]) -> Option<&[u8]> {
    let inner = name.get(..name.len().checked_sub(1)?)?;
    let dot = inner.iter().rposition(|b| *b == b'.').filter(|at| *at > 0)?;
    name.get(dot + 1..)
}

/// `README`, `LICENSE-MIT`, `COPYING.LESSER`, `Changes`.
fn is_prose_name(name: &[u8]) -> bool {
    const STEMS: [&[u8]; 17] = [
        b"AUTHORS",
        b"BUGS",
        b"CHANGELOG",
        b"CHANGES",
        b"CONTRIBUTING",
        b"CONTRIBUTORS",
        b"COPYING",
        b"COPYRIGHT",
        b"HACKING",
        b"HISTORY",
        b"INSTALL",
        b"LICENCE",
        b"LICENSE",
        b"NEWS",
        b"NOTICE",
        b"README",
        b"TODO",
    ];
    let stem = name.split(|b| matches!(b, b'.' | b'-' | b'_')).next().unwrap_or(name).to_ascii_uppercase();
    STEMS.binary_search(&stem.as_slice()).is_ok()
}
