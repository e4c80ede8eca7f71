//! The languages, one declaration a file. Adding one is adding a file and a line to [`LANGUAGES`].

mod ada;
mod bash;
mod c;
mod c_family;
mod clojure;
mod cmake;
mod cpp;
mod csharp;
mod css;
mod dart;
mod dockerfile;
mod ecma;
mod elixir;
mod elm;
mod erlang;
mod fish;
mod fortran;
mod gdscript;
mod gleam;
mod go;
mod graphql;
mod haskell;
mod hcl;
mod html;
mod infrastructure;
mod ini;
mod java;
mod javascript;
mod json;
mod julia;
mod jupyter;
mod kotlin;
mod lisp;
mod lua;
mod make;
mod markdown;
mod nix;
mod ocaml;
mod ocaml_family;
mod ocaml_interface;
mod parts;
mod pascal;
mod perl;
mod php;
mod powershell;
mod protobuf;
mod python;
mod r;
mod racket;
mod ruby;
mod rust;
mod scala;
mod scheme;
mod sexp;
mod solidity;
mod sql;
mod starlark;
mod swift;
mod toml;
mod tsx;
mod typescript;
mod xml;
mod yaml;
mod zig;

use super::spec::LanguageSpec;

/// Every language that is parsed. The names are those of the source layer.
pub(super) static LANGUAGES: [&LanguageSpec; 58] = [
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
    &hcl::SPEC,
    &dockerfile::SPEC,
    &make::SPEC,
    &cmake::SPEC,
    &sql::SPEC,
    &protobuf::SPEC,
    &graphql::SPEC,
    &xml::SPEC,
    &ini::SPEC,
    &elixir::SPEC,
    &erlang::SPEC,
    &zig::SPEC,
    &nix::SPEC,
    &starlark::SPEC,
    &fish::SPEC,
    &elm::SPEC,
    &gleam::SPEC,
    &jupyter::SPEC,
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
    &haskell::SPEC,
    &ocaml::SPEC,
    &ocaml_interface::SPEC,
    &julia::SPEC,
    &perl::SPEC,
    &fortran::SPEC,
    &clojure::SPEC,
    &ada::SPEC,
];
