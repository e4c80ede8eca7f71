//! What a file's own text says of its language.
//!
//! Some extensions belong to several languages. For each of these a small list of signs is looked for, line by line from
//! the top; the first sign decides, and without one the extension means what it means most often. Signs are things that
//! are an error, or next to never written, in the other language. Only the file itself is looked at: an edit elsewhere
//! changes no file's language.

use super::table::{Language, language};

/// So much of a file is looked at.
const HEAD: usize = 64 << 10;

/// Reads signs: the name of a language, if there is one.
type Signs = fn(&[u8]) -> Option<&'static str>;

/// An extension of several languages.
pub struct Contested {
    pub extension: &'static str,
    /// Those that it may stand for besides the one that it stands for in the table.
    pub others: &'static [&'static str],
    signs: Signs,
}

/// Every such extension, sorted.
pub static CONTESTED: &[Contested] = &[
    Contested { extension: "d", others: &["make"], signs: d },
    Contested { extension: "h", others: &["cpp", "objective-c", "objective-cpp"], signs: h },
    Contested { extension: "m", others: &["matlab"], signs: m },
    Contested { extension: "pl", others: &["prolog"], signs: pl },
    Contested { extension: "pp", others: &["pascal"], signs: pp },
    Contested { extension: "ts", others: &["xml"], signs: ts },
    Contested { extension: "v", others: &["coq"], signs: v },
];

impl Contested {
    pub(super) fn of(extension: &str) -> Option<&'static Self> {
        CONTESTED.binary_search_by(|one| one.extension.cmp(extension)).ok().and_then(|at| CONTESTED.get(at))
    }

    /// What the text says, where it says that the extension means one of `others`.
    pub(super) fn language(&self, bytes: &[u8]) -> Option<&'static Language> {
        (self.signs)(head(bytes)).filter(|name| self.others.contains(name)).and_then(language)
    }
}

/// The language of a text whose first bytes are a format's mark.
pub(super) fn marked(bytes: &[u8]) -> Option<&'static Language> {
    let start = head(bytes).trim_ascii_start();
    let begins = |mark: &str| start.get(..mark.len()).is_some_and(|text| text.eq_ignore_ascii_case(mark.as_bytes()));
    let name = match () {
        () if begins("<?php") => "php",
        () if begins("<?xml ") => "xml",
        () if begins("<!doctype html") || begins("<html") => "html",
        () if begins("%YAML ") => "yaml",
        () => return None,
    };
    language(name)
}

fn head(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.get(..HEAD).unwrap_or(bytes)
}

/// Lines without the blanks around them.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty())
}

fn starts(line: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| line.starts_with(word.as_bytes()))
}

/// The lines of C and its kin without block comments, and without what only C++ sees of a header for both.
fn c_lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut comment = false;
    // How deep inside `#if`s below the one that asks for C++.
    let mut guarded: Option<u32> = None;
    lines(text).filter(move |line| {
        if comment {
            comment = memchr::memmem::find(line, b"*/").is_none();
            return false;
        }
        if line.starts_with(b"//") {
            return false;
        }
        if let Some(at) = memchr::memmem::find(line, b"/*") {
            let rest = line.get(at..).unwrap_or_default();
            comment = memchr::memmem::find(rest, b"*/").is_none();
            if at == 0 {
                return false;
            }
        }
        let directive = line.strip_prefix(b"#").map(<[u8]>::trim_ascii_start);
        let (opens, closes) =
            (directive.is_some_and(|d| d.starts_with(b"if")), directive.is_some_and(|d| d.starts_with(b"endif")));
        match (&mut guarded, directive) {
            (Some(depth), _) if opens => *depth += 1,
            (Some(0), Some(d)) if closes || d.starts_with(b"el") => guarded = None,
            (Some(depth), _) if closes => *depth -= 1,
            (None, Some(d)) if asks_for_cpp(d) => guarded = Some(0),
            _ => {}
        }
        guarded.is_none()
    })
}

/// `ifdef __cplusplus`, `if defined(__cplusplus)`; not `ifndef`.
fn asks_for_cpp(directive: &[u8]) -> bool {
    starts(directive, &["ifdef", "if ", "if("])
        && memchr::memmem::find(directive, b"__cplusplus").is_some()
        && !directive.contains(&b'!')
}

fn h(text: &[u8]) -> Option<&'static str> {
    c_lines(text).find_map(|line| {
        if starts(line, &["@interface", "@protocol", "@class ", "@import ", "@property", "#import "]) {
            Some("objective-c")
        } else if is_cpp(line) {
            Some("cpp")
        } else {
            None
        }
    })
}

fn is_cpp(line: &[u8]) -> bool {
    const SIGNS: &[&str] =
        &["namespace ", "using namespace ", "template<", "template <", "public:", "private:", "protected:"];
    starts(line, SIGNS) || class(line) || standard_header(line) || memchr::memmem::find(line, b"std::").is_some()
}

/// `class Name`, `class EXPORTED Name final : public Base {`: names, then nothing or a sign.
fn class(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"class ") else { return false };
    let end = rest.iter().position(|b| b":;{".contains(b)).unwrap_or(rest.len());
    let names = rest.get(..end).unwrap_or_default();
    let count = names.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    (1..=3).contains(&count) && names.iter().all(|b| b.is_ascii_alphanumeric() || b"_ \t".contains(b))
}

/// `#include <vector>`: the headers of C end with `.h`.
fn standard_header(line: &[u8]) -> bool {
    let path = line.strip_prefix(b"#").map(<[u8]>::trim_ascii_start).and_then(|d| d.strip_prefix(b"include"));
    let Some(path) = path.map(<[u8]>::trim_ascii_start).and_then(|path| path.strip_prefix(b"<")) else { return false };
    let name = path.split(|b| *b == b'>').next().unwrap_or_default();
    !name.is_empty() && name.len() < path.len() && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
}

fn m(text: &[u8]) -> Option<&'static str> {
    lines(text).find_map(|line| {
        if starts(line, &["@", "#import", "#include", "#define", "#if", "#pragma", "//", "/*", "static ", "typedef "]) {
            Some("objective-c")
        } else if starts(line, &["%", "function ", "function[", "classdef "]) {
            Some("matlab")
        } else {
            None
        }
    })
}

fn pl(text: &[u8]) -> Option<&'static str> {
    lines(text).find_map(|line| {
        if starts(line, &["use ", "my ", "our ", "sub ", "package ", "require ", "#!", "=head", "=pod", "$", "@"]) {
            Some("perl")
        } else if starts(line, &[":- ", ":-"])
            || (!starts(line, &["#", "%"]) && memchr::memmem::find(line, b" :-").is_some())
        {
            Some("prolog")
        } else {
            None
        }
    })
}

fn pp(text: &[u8]) -> Option<&'static str> {
    lines(text).find_map(|line| {
        let first = line.get(..8).unwrap_or(line).to_ascii_lowercase();
        if starts(&first, &["unit ", "program ", "library "]) && line.ends_with(b";") {
            Some("pascal")
        } else if starts(line, &["class ", "define ", "node ", "include ", "#"]) {
            Some("puppet")
        } else {
            None
        }
    })
}

/// Translations of Qt.
fn ts(text: &[u8]) -> Option<&'static str> {
    lines(text).next().filter(|line| starts(line, &["<?xml ", "<!DOCTYPE TS", "<TS "])).map(|_| "xml")
}

/// Dependencies that a compiler wrote: `a.o: a.c \`.
fn d(text: &[u8]) -> Option<&'static str> {
    let first = lines(text).next()?;
    let target = first.split(u8::is_ascii_whitespace).next()?;
    (target.ends_with(b".o:") || target.ends_with(b".lo:") || target.ends_with(b".d:")).then_some("make")
}

fn v(text: &[u8]) -> Option<&'static str> {
    lines(text).find_map(|line| {
        if starts(line, &["module ", "`", "//", "/*", "primitive "]) {
            Some("verilog")
        } else if starts(
            line,
            &["(*", "Require ", "From ", "Theorem ", "Lemma ", "Definition ", "Inductive ", "Section "],
        ) {
            Some("coq")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(extension: &str, text: &str) -> Option<&'static str> {
        Contested::of(extension).unwrap().language(text.as_bytes()).map(|language| language.name)
    }

    #[test]
    fn contested_extensions_are_sorted_and_stand_for_known_languages() {
        assert!(CONTESTED.is_sorted_by(|a, b| a.extension < b.extension));
        for one in CONTESTED {
            assert!(super::super::table::by_extension(one.extension.as_bytes()).is_some(), "{}", one.extension);
            assert!(one.others.iter().all(|name| language(name).is_some()), "{}", one.extension);
        }
    }

    #[test]
    fn a_header_is_of_the_language_whose_signs_it_has() {
        for cpp in [
            "#pragma once\n#include <vector>\n",
            "namespace a {\nint f();\n}\n",
            "template <typename T>\nstruct A;\n",
            "class Forward;\n",
            "class EXPORTED Shape final : public Base {\n",
            "class Allman\n{\n",
            "struct A {\n  private:\n};\n",
            "void f(const std::string& s);\n",
        ] {
            assert_eq!(says("h", cpp), Some("cpp"), "{cpp}");
        }
        for objective_c in ["#import <Foundation/Foundation.h>\n", "@class A;\n", "@interface A : NSObject\n@end\n"] {
            assert_eq!(says("h", objective_c), Some("objective-c"), "{objective_c}");
        }
        for c in [
            "#include <string.h>\nstruct class;\n",
            "/*\nclass of things:\nnamespace x\n*/\nint f(void);\n",
            "// template <T>\n/* class A; */\n",
            "#ifdef __cplusplus\nextern \"C\" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\n",
            "#if defined(__cplusplus)\n#if X\nnamespace a {}\n#endif\ntemplate <class T> struct A;\n#else\nint f(void);\n#endif\n",
            "",
        ] {
            assert_eq!(says("h", c), None, "{c}");
        }
        let both = "#ifndef __cplusplus\n#error this is C++\n#endif\nclass A;\n";
        assert_eq!(says("h", both), Some("cpp"), "the guard keeps C out");
    }

    #[test]
    fn signs_tell_languages_with_one_extension_apart() {
        for (extension, text, language) in [
            ("m", "% Sums.\nfunction y = f(x)\n", Some("matlab")),
            ("m", "classdef A < handle\n", Some("matlab")),
            ("m", "#import \"A.h\"\n@implementation A\n@end\n", None),
            ("pl", ":- module(a, [b/1]).\n", Some("prolog")),
            ("pl", "% Facts.\nparent(a, b).\nold(X) :- parent(X, _).\n", Some("prolog")),
            ("pl", "use strict;\nmy $x = '-';\nprint q( :- );\n", None),
            ("pl", "# A note about :- here\nsub f { }\n", None),
            ("pp", "{ A unit. }\nUnit Shapes;\ninterface\n", Some("pascal")),
            ("pp", "class apache {\n}\n", None),
            ("ts", "<?xml version=\"1.0\"?>\n<!DOCTYPE TS>\n<TS version=\"2.1\">\n", Some("xml")),
            ("ts", "const x = <T>(y: T) => y;\n", None),
            ("d", "a.o: a.c a.h \\\n b.h\n", Some("make")),
            ("d", "module a;\n", None),
            ("v", "Require Import List.\n", Some("coq")),
            ("v", "(* Lists. *)\nTheorem a : b.\n", Some("coq")),
            ("v", "// A counter.\nmodule counter();\n", None),
        ] {
            assert_eq!(says(extension, text), language, "{extension}: {text}");
        }
        assert_eq!(says("h", "\u{FEFF}class A;\n"), Some("cpp"));
    }

    #[test]
    fn only_the_head_of_a_file_is_looked_at() {
        let late = format!("{}class A;\n", "int x;\n".repeat(HEAD));
        assert_eq!(says("h", &late), None);
    }
}
