use std::collections::BTreeSet;

use super::table::LANGUAGES;
use super::*;
use crate::base::Mode;

fn of(path: &str, first: &str) -> (Option<&'static str>, Mode, LanguageRule) {
    let found = detect_bytes(path.as_bytes(), first.as_bytes(), &LanguageMap::default());
    (found.language.map(|l| l.name), found.mode, found.rule)
}

fn name(path: &str) -> Option<&'static str> {
    of(path, "").0
}

#[test]
fn the_table_is_sorted_and_says_everything_once() {
    assert!(LANGUAGES.is_sorted_by(|a, b| a.name < b.name));
    let mut seen = BTreeSet::new();
    for language in LANGUAGES {
        let words = language.extensions().map(|e| format!(".{e}"));
        let words = words.chain(language.names().map(|n| format!("/{n}")));
        for word in words.chain(language.interpreters().map(|i| format!("!{i}"))) {
            assert!(seen.insert(word.clone()), "{word} stands twice");
        }
        for extension in language.extensions() {
            assert!(extension.matches('.').count() < 2, "{extension} has more dots than detection looks at");
            assert_eq!(extension, extension.to_lowercase(), "extensions are looked up in lower case");
        }
    }
}

#[test]
fn every_grammar_has_its_language() {
    let grammars = "rust python javascript typescript tsx go java c cpp ruby bash json yaml toml markdown html css \
                    elixir erlang zig nix starlark fish elm gleam csharp php kotlin swift scala dart lua r powershell \
                    solidity scheme racket lisp gdscript pascal";
    for grammar in grammars.split(' ') {
        assert!(language(grammar).is_some(), "{grammar}");
    }
    assert!(known_languages().count() >= 77);
}

#[test]
fn the_whole_name_decides_before_the_extension() {
    assert_eq!(of("a/CMakeLists.txt", ""), (Some("cmake"), Mode::Code, LanguageRule::Name));
    assert_eq!(of("a/Cargo.lock", ""), (Some("toml"), Mode::Records, LanguageRule::Name));
    assert_eq!(name("requirements.txt"), Some("requirements"));
    assert_eq!(name("notes.txt"), Some("text"));
}

#[test]
fn the_names_that_build_tools_look_for_have_their_languages() {
    for (path, language) in [
        ("ci/Dockerfile", "dockerfile"),
        ("ci/Dockerfile.dev", "dockerfile"),
        ("Containerfile.el9", "dockerfile"),
        ("api.dockerfile", "dockerfile"),
        ("Makefile.linux", "make"),
        ("rules.mk", "make"),
        ("GNUmakefile", "make"),
        ("cmake/FindX.cmake", "cmake"),
        ("infra/main.tf", "hcl"),
        ("infra/prod.tfvars", "hcl"),
        ("app/BUILD", "starlark"),
        ("app/BUILD.bazel", "starlark"),
        ("defs.bzl", "starlark"),
        ("Tiltfile", "starlark"),
        ("rebar.config", "erlang"),
        ("mix.exs", "elixir"),
        ("flake.nix", "nix"),
        ("build.zig.zon", "zig"),
        ("src/Main.elm", "elm"),
        ("src/app.gleam", "gleam"),
        ("config.fish", "fish"),
        ("api.proto", "protobuf"),
        ("schema.graphqls", "graphql"),
        ("setup.cfg", "ini"),
        ("pom.xml", "xml"),
        ("schema.SQL", "sql"),
        (".github/workflows/ci.yml", "yaml"),
    ] {
        assert_eq!(name(path), Some(language), "{path}");
    }
    assert_eq!(name("Dockerfile.md"), Some("markdown"));
    for (line, language) in [
        ("#!/usr/bin/env fish\n", "fish"),
        ("#!/usr/bin/env elixir\n", "elixir"),
        ("#!/usr/bin/env escript\n", "erlang"),
        ("#!/usr/bin/make -f\n", "make"),
    ] {
        assert_eq!(of("bin/run", line).0, Some(language), "{line}");
    }
}

#[test]
fn the_longest_extension_decides() {
    assert_eq!(name("x/index.d.ts"), Some("typescript"));
    assert_eq!(name("x/page.tpl.html"), Some("html"));
    assert_eq!(name("build.gradle.kts"), Some("kotlin"));
    assert_eq!(name("a.b.c.d.e.py"), Some("python"));
    assert_eq!(name("X.PY"), Some("python"));
    assert_eq!(name("stat.R"), Some("r"));
    for (path, language) in [
        ("App.cs", "csharp"),
        ("index.php", "php"),
        ("Main.kt", "kotlin"),
        ("Package.swift", "swift"),
        ("build.sbt", "scala"),
        ("main.dart", "dart"),
        ("luarocks-3.rockspec", "lua"),
        ("Build.ps1", "powershell"),
        ("Token.sol", "solidity"),
        ("srfi.sld", "scheme"),
        ("main.rkt", "racket"),
        ("app.asd", "lisp"),
        ("player.gd", "gdscript"),
        ("Unit1.pas", "pascal"),
    ] {
        assert_eq!(name(path), Some(language), "{path}");
    }
    assert_eq!(name("include/redis.h"), Some("c"));
}

#[test]
fn the_first_line_decides_where_the_name_says_nothing() {
    for (line, language) in [
        ("#!/bin/sh\n", "bash"),
        ("#! /usr/bin/python3.12 -u\r\n", "python"),
        ("#!/usr/bin/env -S FOO=1 node --harmony\n", "javascript"),
        ("#!/usr/bin/env -Sdeno run\n", "typescript"),
        ("#!/usr/bin/lua5.4", "lua"),
        ("#!/usr/bin/Rscript\n", "r"),
        ("#!/usr/bin/env php8.2\n", "php"),
        ("#!/usr/bin/env pwsh\n", "powershell"),
        ("#!/usr/bin/env instantfpc\n", "pascal"),
        ("#!/usr/bin/guile -s\n", "scheme"),
        ("#!/usr/bin/env racket\n", "racket"),
        ("#!/usr/bin/sbcl --script\n", "lisp"),
    ] {
        assert_eq!(of("bin/run", line), (Some(language), Mode::Code, LanguageRule::Shebang), "{line}");
    }
    assert_eq!(name("bin/run"), None);
    assert_eq!(of("run.py", "#!/bin/sh\n").0, Some("python"));
    assert_eq!(of("run.unknown", "#!/bin/sh\n").0, Some("bash"));
    for nothing in ["#!", "#!\n", "#!/usr/bin/env\n", "#!/usr/bin/env -i\n", "# !/bin/sh", "#!/opt/what\n", "#!3\n"] {
        assert_eq!(of("bin/run", nothing).0, None, "{nothing}");
    }
}

#[test]
fn prose_names_are_text_and_the_rest_is_records() {
    for prose in ["README", "LICENSE-MIT", "a/COPYING.LESSER", "Changes", "TODO"] {
        assert_eq!(of(prose, ""), (Some("text"), Mode::Prose, LanguageRule::ProseName), "{prose}");
    }
    assert_eq!(name("README.md"), Some("markdown"));
    for unknown in ["a.out", "blob", "x.tar.gz", "icon.png", ".hidden", "install.exe"] {
        assert_eq!(of(unknown, ""), (None, Mode::Records, LanguageRule::Unknown), "{unknown}");
    }
}

#[test]
fn the_map_decides_first_and_its_first_match_wins() {
    let entry = |glob: &str, language: &str| (glob.to_owned(), language.to_owned());
    let map = LanguageMap::new(&[entry("*.h", "cpp"), entry("gen/**", "json"), entry("*.h", "c")]).unwrap();
    let found = detect(b"src/a.h", None, &map);
    assert_eq!((found.language.map(|l| l.name), found.rule), (Some("cpp"), LanguageRule::Map(0)));
    assert_eq!(detect(b"gen/deep/x.rs", None, &map).rule, LanguageRule::Map(1));
    assert_eq!(detect(b"x.rs", None, &map).rule, LanguageRule::Extension("rs"));
    assert_eq!(LanguageMap::new(&[entry("*.h", "cplusplus")]).unwrap_err(), (0, BadMap::Language));
    assert_eq!(LanguageMap::new(&[entry("*.h", "c"), entry("!*.h", "c")]).unwrap_err(), (1, BadMap::Negated));
    assert!(matches!(LanguageMap::new(&[entry("[", "c")]).unwrap_err(), (0, BadMap::Glob(_))));
}

#[test]
fn a_language_s_name_is_one_shared_text() {
    let rust = language("rust").unwrap();
    assert_eq!(&*rust.shared_name(), "rust");
    assert!(std::sync::Arc::ptr_eq(&rust.shared_name(), &rust.shared_name()));
}

#[test]
fn the_bytes_decide_where_an_extension_has_several_languages_or_none_knows_it() {
    for (path, text, language, rule) in [
        ("a.h", "// -*- C++ -*-\n", "cpp", LanguageRule::Modeline),
        ("a.h", "class A;\n", "cpp", LanguageRule::Content),
        ("a.H", "class A;\n", "cpp", LanguageRule::Content),
        ("a.h", "/* -*- mode: ruby -*- */\n", "c", LanguageRule::Extension("h")),
        ("a.h", "int f(void);\n", "c", LanguageRule::Extension("h")),
        ("a.pl", "#!/usr/bin/env swipl\nuse(x).\n", "prolog", LanguageRule::Shebang),
        ("a.pl", "#!/usr/bin/perl\n", "perl", LanguageRule::Shebang),
        ("a.py", "# vim: ft=ruby\n", "python", LanguageRule::Extension("py")),
        ("a.strange", "# vim: ft=ruby\n", "ruby", LanguageRule::Modeline),
        ("rc", "# -*- mode: sh -*-\n", "bash", LanguageRule::Modeline),
        ("page", "<?php\necho 1;\n", "php", LanguageRule::Content),
        ("a.xib", "<?xml version='1.0'?>\n", "xml", LanguageRule::Content),
        ("index", "\n<!DOCTYPE HTML>\n", "html", LanguageRule::Content),
        ("Makefile", "#!/bin/sh\n", "make", LanguageRule::Name),
        ("Makefile.linux", "# vim: ft=ruby\n", "make", LanguageRule::Name),
        ("README", "#!/bin/sh\n", "bash", LanguageRule::Shebang),
    ] {
        let found = of(path, text);
        assert_eq!((found.0, found.2), (Some(language), rule), "{path}: {text}");
    }
}
