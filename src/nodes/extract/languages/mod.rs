//! The languages, one declaration a file. Adding one is adding a file and a line to [`LANGUAGES`].

mod bash;
mod c;
mod c_family;
mod cmake;
mod cpp;
mod css;
mod dockerfile;
mod ecma;
mod elixir;
mod elm;
mod erlang;
mod fish;
mod gleam;
mod go;
mod graphql;
mod hcl;
mod html;
mod infrastructure;
mod ini;
mod java;
mod javascript;
mod json;
mod jupyter;
mod make;
mod markdown;
mod nix;
mod parts;
mod protobuf;
mod python;
mod ruby;
mod rust;
mod sql;
mod starlark;
mod toml;
mod tsx;
mod typescript;
mod xml;
mod yaml;
mod zig;

use super::spec::LanguageSpec;

/// Every language that is parsed. The names are those of the source layer.
pub(super) static LANGUAGES: [&LanguageSpec; 35] = [
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
];
