//! Which language a file is written in, and so its mode: by its name, or by its first line.
//!
//! In this order, the first that answers:
//!
//! 1. a glob of `languages.map`, in the order written;
//! 2. the whole name (`Makefile`);
//! 3. the extension, the longest known one first (`.d.ts` before `.ts`), as written and then in lower case;
//! 4. a whole name with more behind it (`Dockerfile.dev`);
//! 5. for a name without extension, the first line (`#!/usr/bin/env python3`);
//! 6. for a name without extension, a prose name (`README`, `LICENSE-MIT`): language `text`;
//! 7. nothing: no language, mode `records`. A file that nobody can name is data until someone maps it; as code
//!    or prose it would be cut and ranked by rules that do not fit it.
//!
//! `.h` is `c`. Telling C++ headers apart takes content or neighbours, and one edit elsewhere would then change
//! a file's language; a project of C++ headers says `"*.h": cpp` in `languages.map`.

mod detect;
mod shebang;
mod table;

pub use detect::{BadMap, DETECTION_VERSION, Detected, LanguageMap, LanguageRule, detect, detect_bytes, extension};
pub use shebang::shebang_language;
pub use table::{Language, known_languages, language};

#[cfg(test)]
mod tests;
