//! Which language a file is written in, and so its mode: by its name, or by what its bytes tell.
//!
//! In this order, the first that answers:
//!
//! 1. a glob of `languages.map`, in the order written;
//! 2. the whole name (`Makefile`);
//! 3. the extension, the longest known one first (`.d.ts` before `.ts`), as written and then in lower case; one that
//!    belongs to several languages (`.h`, `.m`, `.pl` …) means what the bytes tell, as in 5, where they name one of them;
//! 4. a whole name with more behind it (`Dockerfile.dev`);
//! 5. for a name that nobody knows, the bytes: the first line (`#!/usr/bin/env python3`), a mode line of Emacs or Vim, a
//!    mark at the start (`<?php`, `<?xml`);
//! 6. a prose name (`README`, `LICENSE-MIT`): language `text`;
//! 7. nothing: no language, mode `records`. A file that nobody can name is data until someone maps it; as code
//!    or prose it would be cut and ranked by rules that do not fit it.
//!
//! Neighbours are not asked: one edit elsewhere would then change a file's language. A header without a sign of C++ is
//! `c`; a project of C++ headers says `"*.h": cpp` in `languages.map`.

mod content;
mod detect;
mod modeline;
mod shebang;
mod table;
mod told;

pub use content::{CONTESTED, Contested};
pub use detect::{
    BadMap, DETECTION_VERSION, Detected, LanguageMap, LanguageRule, detect, detect_bytes, extension, known_extension,
};
pub use table::{Language, known_languages, language};
pub use told::{Told, ToldBy, told};

#[cfg(test)]
mod tests;
