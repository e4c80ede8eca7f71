//! The languages, one declaration a file. Adding one is adding a file and a line to [`LANGUAGES`].

mod bash;
mod c;
mod c_family;
mod cpp;
mod css;
mod ecma;
mod go;
mod html;
mod java;
mod javascript;
mod json;
mod markdown;
mod python;
mod ruby;
mod rust;
mod toml;
mod tsx;
mod typescript;
mod yaml;

mod child;
mod csharp;
mod dart;
mod gdscript;
mod kotlin;
mod lisp;
mod lua;
mod pascal;
mod php;
mod powershell;
mod r;
mod racket;
mod scala;
mod scheme;
mod sexp;
mod solidity;
mod swift;

use super::spec::LanguageSpec;

/// Every language that is parsed. The names are those of the source layer.
pub(super) static LANGUAGES: [&LanguageSpec; 32] = [
    &rust::SPEC,
    &python::SPEC,
    &javascript::SPEC,
    &typescript::SPEC,
    &tsx::SPEC,
    &go::SPEC,
    &java::SPEC,
    &c::SPEC,
    &cpp::SPEC,
    &ruby::SPEC,
    &bash::SPEC,
    &json::SPEC,
    &yaml::SPEC,
    &toml::SPEC,
    &markdown::SPEC,
    &html::SPEC,
    &css::SPEC,
    &csharp::SPEC,
    &php::SPEC,
    &kotlin::SPEC,
    &swift::SPEC,
    &scala::SPEC,
    &dart::SPEC,
    &lua::SPEC,
    &r::SPEC,
    &powershell::SPEC,
    &solidity::SPEC,
    &scheme::SPEC,
    &racket::SPEC,
    &lisp::SPEC,
    &gdscript::SPEC,
    &pascal::SPEC,
];
