//! Reading one configuration file.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::codes;
use super::mistake::{Mistake, SourceText};
use crate::base::limits::CONFIG_BYTES;
use crate::base::path::RelPath;
use crate::base::vfs::Vfs;

/// The file's text under the size limit, its byte order mark dropped. `shown` is the path in messages.
///
/// `Ok(None)`: there is no such file.
pub fn read(vfs: &dyn Vfs, path: &Path, shown: &str) -> Result<Option<Arc<SourceText>>, Mistake> {
    let unreadable = |why: &dyn std::fmt::Display| {
        Mistake::new(&codes::UNREADABLE, format!("`{shown}` cannot be read: {why}"))
            .help("check the file's permissions, and that it is a regular file")
    };
    // A symbolic link to the file itself is fine: the user placed it.
    let real = match vfs.canonicalize(path) {
        Ok(real) => real,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(unreadable(&e)),
    };
    let (Some(dir), Some(name)) = (real.parent(), real.file_name()) else {
        return Err(unreadable(&"it is a directory"));
    };
    let name = RelPath::from_bytes(name.as_encoded_bytes()).map_err(|e| unreadable(&e))?;
    let bytes = match vfs.read_beneath(dir, &name, CONFIG_BYTES) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) if e.kind() == io::ErrorKind::FileTooLarge => {
            return Err(Mistake::new(&codes::TOO_LARGE, format!("`{shown}` is larger than 1 MiB"))
                .help("configuration is small: list repositories with `glob:`, and keep data elsewhere"));
        }
        Err(e) if e.kind() == io::ErrorKind::InvalidInput => return Err(unreadable(&"it is no regular file")),
        Err(e) => return Err(unreadable(&e)),
    };
    from_bytes(bytes, path, shown).map(|text| Some(Arc::new(text)))
}

/// The text of a file that was read.
pub fn from_bytes(bytes: Vec<u8>, path: &Path, shown: &str) -> Result<SourceText, Mistake> {
    let named = |text: String| SourceText { shown: shown.to_owned(), path: path.to_path_buf(), text };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(named(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let text = Arc::new(named(String::from_utf8_lossy(e.as_bytes()).into_owned()));
            // The text before the first bad byte is unchanged by the lossy decoding.
            let span = super::mistake::Span::new(at, at + '\u{fffd}'.len_utf8());
            Err(Mistake::at(&codes::SYNTAX, "the file is not UTF-8", &text, span, "this byte is no UTF-8")
                .help("save the file as UTF-8"))
        }
    }
}
