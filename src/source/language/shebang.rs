//! `#!` lines.

use super::table::{Language, by_interpreter};

/// Longer first lines are cut here. Linux itself reads 256 bytes.
const LINE: usize = 256;

/// The language of the program that a file's first line names: `#!/bin/sh`, `#!/usr/bin/env -S python3.12 -u`.
pub(super) fn shebang_language(first_bytes: &[u8]) -> Option<&'static Language> {
    let line = first_bytes.strip_prefix(b"#!")?;
    let line = line.get(..LINE).unwrap_or(line);
    let line = line.split(|b| matches!(b, b'\n' | b'\r' | 0)).next()?;
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let mut program = base_name(words.next()?);
    if program == b"env" {
        // Options and assignments of `env` come before the program. `-S` may be glued to it.
        program = words.map(|word| word.strip_prefix(b"-S").unwrap_or(word)).find_map(|word| {
            let skipped = word.is_empty() || word.starts_with(b"-") || word.contains(&b'=');
            (!skipped).then(|| base_name(word))
        })?;
    }
    by_interpreter(program).or_else(|| by_interpreter(without_version(program)))
}

fn base_name(path: &[u8]) -> &[u8] {
    path.rsplit(|b| *b == b'/').next().unwrap_or(path)
}

/// `python3.12` → `python`, `lua-5.4` → `lua`.
fn without_version(program: &[u8]) -> &[u8] {
    let end = program.iter().rposition(|b| !matches!(b, b'0'..=b'9' | b'.' | b'-')).map_or(0, |at| at + 1);
    program.get(..end).unwrap_or(program)
}
