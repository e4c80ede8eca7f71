//! From a path and a stat to a file's content, language and role: by the stat cache, or by reading.

use std::io;
use std::sync::Arc;

use crate::base::vfs::Vfs;
use crate::base::{Cancel, Digest, Limits, RelPath, SkipReason};
use crate::source::failure::{is_exhausted, is_gone};
use crate::source::language::{Language, LanguageMap, LanguageRule, detect, told};
use crate::source::model::{Clues, FileContent, Notice, SourceFile};
use crate::source::role::{Mark, Role, RoleRule};
use crate::source::stat_cache::StatCache;

use super::error::SourceError;
use super::notices;
use super::secret::is_secret_name;
use super::walk::Found;

/// Everything that settling a file takes.
pub struct Settler<'a> {
    pub vfs: &'a dyn Vfs,
    pub root: &'a std::path::Path,
    pub limits: &'a Limits,
    pub languages: &'a LanguageMap,
    pub cache: &'a StatCache,
    pub cancel: &'a Cancel,
}

/// A settled file and what to remember of it.
pub struct Settled<'a> {
    pub found: Found<'a>,
    pub file: SourceFile,
    /// What told the language.
    pub rule: LanguageRule,
    /// What told the role.
    pub role: RoleRule,
    pub hash: Option<(Digest, Clues)>,
    pub was_read: bool,
}

/// What reading gave.
struct Content {
    told: FileContent,
    size: u64,
    clues: Clues,
    was_read: bool,
    /// The stat speaks of these very bytes.
    may_be_remembered: bool,
}

impl Content {
    fn withheld(found: &Found<'_>, reason: SkipReason) -> Self {
        let told = FileContent::Withheld(reason);
        Self { told, size: found.stat.size, clues: Clues::default(), was_read: false, may_be_remembered: false }
    }
}

impl Settler<'_> {
    /// Settles neighbouring files, sorted by the bytes of their paths.
    pub fn piece<'f>(&self, files: &[Found<'f>]) -> Result<(Vec<Settled<'f>>, Vec<Notice>), SourceError> {
        let mut settled = Vec::with_capacity(files.len());
        let mut told = Vec::new();
        let Some(first) = files.first() else { return Ok((settled, told)) };
        let mut remembered = self.cache.cursor(first.path);
        for found in files {
            self.cancel.check()?;
            // A name that a directory can hold makes a relative path; the check costs nothing.
            let Ok(path) = RelPath::from_bytes(found.path) else { continue };
            let known = remembered.find(found.path).filter(|entry| entry.is_trusted(found.stat));
            let content = if is_secret_name(found.path) {
                Content::withheld(found, SkipReason::Secret)
            } else if found.stat.size > self.limits.read_bytes {
                Content::withheld(found, SkipReason::TooLarge)
            } else if let Some(entry) = known {
                Content {
                    told: FileContent::Hash(entry.hash),
                    size: found.stat.size,
                    clues: entry.clues,
                    was_read: false,
                    may_be_remembered: true,
                }
            } else {
                match self.read(found, &path, &mut told)? {
                    Some(content) => content,
                    None => continue,
                }
            };
            settled.push(self.finish(*found, path, content));
        }
        Ok((settled, told))
    }

    fn finish<'f>(&self, found: Found<'f>, path: RelPath, content: Content) -> Settled<'f> {
        let detected = detect(found.path, content.clues.language, self.languages);
        let (part, role) = Role::told(found.path, content.clues.role);
        let hash = match content.told {
            FileContent::Hash(hash) if content.may_be_remembered => Some((hash, content.clues)),
            _ => None,
        };
        let file = SourceFile {
            path,
            size: content.size,
            content: content.told,
            language: detected.language.map(Language::shared_name),
            mode: detected.mode,
            role: part.shared_name(),
        };
        Settled { found, file, rule: detected.rule, role, hash, was_read: content.was_read }
    }

    /// `None`: the file is gone, or is no regular file any more.
    fn read(
        &self,
        found: &Found<'_>,
        path: &RelPath,
        notices: &mut Vec<Notice>,
    ) -> Result<Option<Content>, SourceError> {
        let error = match self.vfs.read_beneath(self.root, path, self.limits.read_bytes) {
            Ok(bytes) => {
                let size = bytes.len() as u64;
                return Ok(Some(Content {
                    told: FileContent::Hash(Digest::of(&bytes)),
                    size,
                    clues: Clues { language: told(found.path, &bytes), role: Mark::of(found.path, &bytes) },
                    was_read: true,
                    may_be_remembered: size == found.stat.size,
                }));
            }
            Err(error) => error,
        };
        match error.kind() {
            _ if is_gone(&error) => Ok(None),
            io::ErrorKind::FileTooLarge => Ok(Some(Content::withheld(found, SkipReason::TooLarge))),
            _ if is_exhausted(&error) => Err(SourceError::Exhausted { path: path.text().to_owned(), source: error }),
            _ => {
                notices.push(notices::unreadable_file(found.path, &error));
                Ok(Some(Content::withheld(found, SkipReason::Unreadable)))
            }
        }
    }
}

/// The second of two files whose paths have the same text keeps its row and loses its content: rows are found by
/// their path's text. `files` are sorted by path.
pub fn withhold_collisions(files: &mut [SourceFile]) {
    let mut previous: Option<Arc<str>> = None;
    for file in files {
        if previous.as_deref() == Some(file.path.text()) {
            file.content = FileContent::Withheld(SkipReason::PathCollision);
        } else if file.path.text().contains("\\x") {
            // Only an escaped path can meet another one.
            previous = Some(file.path.text().into());
        }
    }
}
