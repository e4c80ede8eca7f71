//! What the bytes of a file tell of its language, where its name leaves that open.

use super::content::{Contested, marked};
use super::detect::{by_extension, by_stem, file_name};
use super::modeline::modeline_language;
use super::shebang::shebang_language;
use super::table::{self, Language};

/// A language that the bytes tell.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    pub language: &'static Language,
    pub by: ToldBy,
}

/// What in the bytes told it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ToldBy {
    /// The program that the first line names.
    Shebang,
    /// A line for Emacs or Vim.
    Modeline,
    /// The text itself.
    Content,
}

impl ToldBy {
    pub const ALL: [Self; 3] = [Self::Shebang, Self::Modeline, Self::Content];
}

/// What `bytes`, the content of the file at `path`, tell: where its name is not known, or where its extension belongs to
/// several languages; then only one of these. What is told depends on the file's own name and bytes alone.
pub fn told(path: &[u8], bytes: &[u8]) -> Option<Told> {
    let name = file_name(path);
    if table::by_name(name).is_some() {
        return None;
    }
    let contested = match by_extension(name) {
        Some((extension, usual)) => Some((Contested::of(extension)?, usual)),
        None if by_stem(name).is_some() => return None,
        None => None,
    };
    let may_be = |language: &&'static Language| {
        contested.is_none_or(|(one, usual)| one.others.contains(&language.name) || usual.name == language.name)
    };
    let by = |by: ToldBy| move |language: &'static Language| Told { language, by };
    let shebang = shebang_language(bytes).filter(may_be).map(by(ToldBy::Shebang));
    let modeline = || modeline_language(bytes).filter(may_be).map(by(ToldBy::Modeline));
    let content = || contested.map_or_else(|| marked(bytes), |(one, _)| one.language(bytes)).map(by(ToldBy::Content));
    shebang.or_else(modeline).or_else(content)
}
