//! A failure as a test case: its input, and what is known of it, in a directory of its own.

use std::io;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;

use crate::base::json;
use crate::source::is_secret_name;

use super::super::context::Context;
use super::super::ground::Ground;
use super::context;
use super::error::CaseError;
use super::find::Found;

/// Format of `failure.json`.
const FORMAT: u32 = 1;
/// Characters of a path in a case's name: its end, which tells most.
const NAME_CHARS: usize = 60;

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SavedCase {
    /// The case's directory in the one that was named.
    pub name: String,
    /// Its files that were written now; those that were there before with the same content are not among them.
    pub written: Vec<String>,
    /// Bytes of the input.
    pub bytes: u64,
}

/// `failure.json`: nothing of the machine, no time.
#[derive(Serialize)]
struct Case<'a> {
    format: u32,
    path: Option<&'a str>,
    content_hash: Option<&'a str>,
    language: Option<&'a str>,
    node: Option<&'a str>,
    /// `kind@FORMAT`.
    made_by: Option<String>,
    definition: Option<&'a str>,
    status: Option<&'a str>,
    error_type: &'a str,
    message: &'a str,
    class: &'a str,
    lines: &'a [i32],
}

/// Writes the case beneath `dir`. What is there with another content stays, and is an error.
pub fn save(
    context: &Context,
    ground: &Ground,
    found: &Found,
    definition: Option<&str>,
    dir: &Path,
) -> Result<SavedCase, CaseError> {
    let seen = &found.seen;
    let file = seen.path.clone().unwrap_or_default();
    let path = context::path(found).ok_or_else(|| CaseError::None { file: file.clone() })?;
    if is_secret_name(path.as_bytes()) {
        return Err(CaseError::Secret { file });
    }
    let bytes = context::in_tree(context, ground, found).or_else(|| context::in_ledger(found));
    let bytes = bytes.ok_or_else(|| CaseError::Gone { file: file.clone() })?;
    let case = Case {
        format: FORMAT,
        path: seen.path.as_deref(),
        content_hash: seen.content_hash.as_deref(),
        language: seen.language.as_deref(),
        node: seen.node.as_deref(),
        made_by: seen.kind.as_ref().zip(seen.format).map(|(kind, format)| format!("{kind}@{format}")),
        definition,
        status: seen.status.as_deref(),
        error_type: &seen.error_type,
        message: &seen.message,
        class: &seen.class,
        lines: &seen.lines,
    };
    let name = name(&file, seen.content_hash.as_deref().unwrap_or_default());
    let place = dir.join(&name);
    let write = |path: &Path| {
        let path = path.display().to_string();
        move |source| CaseError::Write { path, source }
    };
    let words = json::canonical(&case).map_err(|e| write(&place)(io::Error::other(e)))?;
    let files = [(format!("input{}", extension(&file)), &bytes), ("failure.json".to_owned(), &words)];
    let mut missing = Vec::new();
    for (file, content) in &files {
        let path = place.join(file);
        match context.vfs.read(&path) {
            Ok(there) if there == **content => {}
            Ok(_) => return Err(CaseError::Exists { path: path.display().to_string() }),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound) => missing.push((file, content)),
            Err(e) => return Err(write(&path)(e)),
        }
    }
    context.vfs.create_dir_all(&place).map_err(write(&place))?;
    let mut written = Vec::new();
    for (file, content) in missing {
        let path = place.join(file);
        context.vfs.write_new(&path, content, 0o644).map_err(write(&path))?;
        written.push(file.clone());
    }
    Ok(SavedCase { name, written, bytes: bytes.len() as u64 })
}

/// A name from the end of the path and the content's hash, of characters that every file system takes.
fn name(path: &str, hash: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '-' };
    let text: Vec<char> = path.chars().map(safe).collect();
    let end: String = text.iter().skip(text.len().saturating_sub(NAME_CHARS)).collect();
    let hash: String = hash.chars().take(12).collect();
    format!("{}-{hash}", end.trim_start_matches(['.', '-']))
}

/// `.rs`, where the name has one that every file system takes.
fn extension(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_plain =
        |ending: &&str| !ending.is_empty() && ending.len() <= 12 && ending.bytes().all(|b| b.is_ascii_alphanumeric());
    let ending = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, ending)| ending);
    ending.filter(is_plain).map_or_else(String::new, |ending| format!(".{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_of_plain_characters_and_told_apart_by_content() {
        assert_eq!(name("src/a b.rs", "0123456789abcdef"), "src-a-b.rs-0123456789ab");
        assert_eq!(name("../\u{1b}[2J/é", "ff"), "2J---ff");
        assert_eq!(name(&"x/".repeat(100), "ff").len(), 60 + 3);
        let endings = ["a.rs", "a", ".env", "a.tar.gz", "a.\u{1b}", "d.d/a", "a."].map(extension);
        assert_eq!(endings, [".rs", "", "", ".gz", "", "", ""]);
    }
}
