//! Lines in which an editor's user says what a file is: `-*- mode: C++ -*-` of Emacs, `vim: set ft=ruby:` of Vim.
//!
//! Emacs reads the first line, and the second behind a `#!` line; Vim the first five and the last five lines. So does
//! this, and nothing else of such a line is looked at.

use super::table::{Language, language};

/// Vim's default of `modelines`.
const LINES: usize = 5;
/// Longer lines hold no mode.
const LINE: usize = 512;
/// Bytes at the start and at the end that are looked at, however long the lines are.
const WINDOW: usize = 4 << 10;

/// Words of the two editors that are not the names of languages here. Sorted.
#[rustfmt::skip]
const ALIASES: &[(&str, &str)] = &[
    ("asm", "assembly"),
    ("bzl", "starlark"),
    ("c++", "cpp"),
    ("cfg", "ini"),
    ("common-lisp", "lisp"),
    ("conf", "ini"),
    ("cperl", "perl"),
    ("cs", "csharp"),
    ("dosbatch", "batch"),
    ("dosini", "ini"),
    ("emacs-lisp", "elisp"),
    ("expect", "tcl"),
    ("gitconfig", "ini"),
    ("gnumakefile", "make"),
    ("javascriptreact", "javascript"),
    ("js", "javascript"),
    ("js2", "javascript"),
    ("jsx", "javascript"),
    ("ksh", "bash"),
    ("makefile", "make"),
    ("makefile-gmake", "make"),
    ("nasm", "assembly"),
    ("nroff", "man"),
    ("nxml", "xml"),
    ("objc", "objective-c"),
    ("objcpp", "objective-cpp"),
    ("octave", "matlab"),
    ("plaintex", "latex"),
    ("ps1", "powershell"),
    ("python3", "python"),
    ("rest", "rst"),
    ("sh", "bash"),
    ("shell-script", "bash"),
    ("terraform", "hcl"),
    ("tex", "latex"),
    ("tuareg", "ocaml"),
    ("typescriptreact", "tsx"),
    ("udevrules", "ini"),
];

/// The language that a mode line of `bytes` names.
pub(super) fn modeline_language(bytes: &[u8]) -> Option<&'static Language> {
    let head = bytes.get(..WINDOW).unwrap_or(bytes);
    let top: Vec<&[u8]> = head.split(|b| *b == b'\n').take(LINES).collect();
    let emacs_lines = if bytes.starts_with(b"#!") { 2 } else { 1 };
    let by_emacs = top.iter().take(emacs_lines).find_map(|line| emacs(line));
    by_emacs.or_else(|| top.iter().copied().chain(last_lines(bytes)).find_map(vim))
}

/// The last lines, the last first. A line end at the end of the file begins no line.
fn last_lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let tail = bytes.get(bytes.len().saturating_sub(WINDOW)..).unwrap_or(bytes);
    tail.strip_suffix(b"\n").unwrap_or(tail).rsplit(|b| *b == b'\n').take(LINES)
}

fn known(word: &[u8]) -> Option<&'static Language> {
    let word = std::str::from_utf8(word).ok()?.trim().to_ascii_lowercase();
    let word = word.strip_suffix("-mode").unwrap_or(&word);
    let alias = ALIASES.binary_search_by(|(alias, _)| (*alias).cmp(word)).ok();
    language(alias.and_then(|at| ALIASES.get(at)).map_or(word, |(_, name)| name))
}

/// `-*- C++ -*-`, `-*- mode: c++; tab-width: 4 -*-`.
fn emacs(line: &[u8]) -> Option<&'static Language> {
    let line = line.get(..LINE).unwrap_or(line);
    let start = memchr::memmem::find(line, b"-*-")? + 3;
    let rest = line.get(start..)?;
    let inside = rest.get(..memchr::memmem::find(rest, b"-*-")?)?;
    if !inside.contains(&b':') {
        return known(inside.trim_ascii());
    }
    inside.split(|b| *b == b';').find_map(|part| {
        let colon = memchr::memchr(b':', part)?;
        let (name, value) = part.split_at(colon);
        name.trim_ascii()
            .eq_ignore_ascii_case(b"mode")
            .then(|| known(value.get(1..).unwrap_or_default().trim_ascii()))?
    })
}

/// `vim: set ft=ruby ts=2:`, `vi: filetype=c`, `ex: syntax=perl`: blank or nothing stands before it.
fn vim(line: &[u8]) -> Option<&'static Language> {
    let line = line.get(..LINE).unwrap_or(line);
    let marks: [&[u8]; 4] = [b"vim:", b"vi:", b"ex:", b"Vim:"];
    let options = marks.iter().find_map(|mark| {
        let at = memchr::memmem::find_iter(line, mark)
            .find(|at| at.checked_sub(1).is_none_or(|before| blank(line, before)))?;
        line.get(at + mark.len()..)
    })?;
    let parts = options.split(|b| matches!(b, b':' | b' ' | b'\t'));
    parts.into_iter().find_map(|part| {
        let equals = memchr::memchr(b'=', part)?;
        let (name, value) = part.split_at(equals);
        let sets = matches!(name, b"ft" | b"filetype" | b"syn" | b"syntax");
        // `ft=c.doxygen`: the first decides.
        let value = value.get(1..).unwrap_or_default().split(|b| *b == b'.').next().unwrap_or_default();
        if sets { known(value) } else { None }
    })
}

fn blank(line: &[u8], at: usize) -> bool {
    line.get(at).is_some_and(|b| matches!(b, b' ' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Option<&'static str> {
        modeline_language(text.as_bytes()).map(|language| language.name)
    }

    #[test]
    fn the_words_of_editors_are_sorted_and_stand_for_languages() {
        assert!(ALIASES.is_sorted_by(|a, b| a.0 < b.0));
        for (word, name) in ALIASES {
            assert!(language(name).is_some(), "{word} stands for no language");
            assert!(language(word).is_none(), "{word} is a language itself");
        }
    }

    #[test]
    fn emacs_and_vim_are_understood_as_they_understand_themselves() {
        for (text, name) in [
            ("// -*- C++ -*-\n", Some("cpp")),
            ("/* -*- mode: c++; tab-width: 4 -*- */", Some("cpp")),
            ("# -*- coding: utf-8; mode: python; -*-\n", Some("python")),
            ("#!/bin/sh\n# -*- mode: tcl-mode -*-\n", Some("tcl")),
            ("\n# -*- mode: ruby -*-\n", None),
            ("# -*- coding: utf-8 -*-\n", None),
            ("# -*- nothing-known -*-\n", None),
            ("# -*- mode: ruby", None),
            ("# vim: ft=ruby\n", Some("ruby")),
            ("a\nb\n# vim: set ts=2 filetype=python sw=2:\n", Some("python")),
            ("/* vi:set syntax=c.doxygen: */", Some("c")),
            ("x\n\n\n\n\n\n\n\n\n\n# ex: ft=perl\n", Some("perl")),
            ("1\n2\n3\n4\n5\n# vim: ft=perl\n1\n2\n3\n4\n5\n", None),
            ("about vim:ft=ruby", Some("ruby")),
            ("nvim:ft=ruby", None),
            ("vim: ts=4", None),
            ("", None),
        ] {
            assert_eq!(told(text), name, "{text}");
        }
    }
}
