//! Declarations against the grammars that they name.

use crate::nodes::Kind;
use crate::nodes::extract::KIND;
use crate::nodes::extract::languages::LANGUAGES;
use crate::nodes::extract::spec::{FIRST, ITSELF, LAST, LanguageSpec, Name, Target};

/// Every node name that a declaration uses.
fn nodes(spec: &LanguageSpec) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    names.extend(spec.definitions.iter().map(|d| d.node));
    names.extend(spec.references.iter().map(|r| r.node));
    names.extend(spec.tails.iter().map(|(node, _)| *node));
    names.extend(spec.wrappers.iter().map(|w| w.node));
    names.extend(spec.types.parts.iter().chain(spec.types.variables).map(|(node, _)| *node));
    let passed = spec.locals.passed.iter().chain(spec.locals.entered).map(|(node, _)| *node);
    names.extend(spec.locals.binds.iter().map(|bind| bind.node).chain(passed));
    for list in [
        spec.identifiers,
        spec.docs.comments,
        spec.leading,
        spec.opaque,
        spec.inert,
        spec.plain,
        spec.reparsed,
        spec.macro_body,
        spec.types.names,
        spec.types.values,
        spec.types.holders,
        spec.locals.functions,
        spec.locals.blocks,
        spec.locals.types,
        spec.locals.names,
    ] {
        names.extend(list);
    }
    names
}

/// Every field name that a declaration uses.
fn fields(spec: &LanguageSpec) -> Vec<&'static str> {
    let mut names: Vec<&str> = Vec::new();
    for definition in spec.definitions {
        names.extend(definition.body);
        if let Name::Field(field) = definition.name {
            names.push(field);
        }
    }
    for reference in spec.references {
        names.push(reference.arguments);
        if let Target::Tail(field) | Target::Whole(field) | Target::Joined(field) = reference.target {
            names.push(field);
        }
    }
    names.extend(spec.tails.iter().chain(spec.types.parts).chain(spec.types.variables).map(|(_, field)| *field));
    names.retain(|name| ![FIRST, LAST, ITSELF].contains(name));
    names
}

#[test]
fn every_node_and_field_of_a_declaration_is_in_its_grammar() {
    for spec in LANGUAGES {
        let grammar = (spec.grammar)();
        for node in nodes(spec) {
            assert_ne!(grammar.id_for_node_kind(node, true), 0, "{} has no node `{node}`", spec.name);
        }
        for field in fields(spec) {
            assert!(grammar.field_id_for_name(field).is_some(), "{} has no field `{field}`", spec.name);
        }
    }
}

#[test]
fn a_part_that_binds_names_is_a_field_or_a_node() {
    for spec in LANGUAGES {
        let grammar = (spec.grammar)();
        let bound = spec.locals.binds.iter().map(|bind| (bind.node, bind.field));
        let parts = spec.locals.passed.iter().chain(spec.locals.entered).copied().chain(bound);
        for (node, what) in parts.filter(|(_, what)| ![FIRST, ITSELF].contains(what)) {
            let is_field = grammar.field_id_for_name(what).is_some();
            let is_node = grammar.id_for_node_kind(what, true) != 0;
            assert!(is_field || is_node, "{}: `{what}` of `{node}` is neither", spec.name);
        }
    }
}

#[test]
fn a_node_has_one_rule() {
    for spec in LANGUAGES {
        for names in [
            spec.definitions.iter().map(|d| d.node).collect::<Vec<_>>(),
            spec.references.iter().map(|r| r.node).collect(),
            spec.wrappers.iter().map(|w| w.node).collect(),
        ] {
            let mut once = names.clone();
            once.sort_unstable();
            once.dedup();
            assert_eq!(once.len(), names.len(), "{}: {names:?}", spec.name);
        }
    }
}

#[test]
fn grammar_versions_are_those_of_the_lock_file() {
    let lock = include_str!("../../../../Cargo.lock");
    for spec in LANGUAGES {
        let (name, version) = spec.grammar_version.split_once(' ').unwrap();
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&entry), "{}: raise `grammar_version` to that of Cargo.lock", spec.name);
    }
}

#[test]
fn languages_have_the_names_of_the_source_layer_and_digests_of_their_own() {
    let names: Vec<&str> = LANGUAGES.iter().map(|l| l.name).collect();
    let shared = "rust python javascript typescript tsx go java c cpp ruby bash json yaml toml markdown html css \
                  hcl dockerfile make cmake sql protobuf graphql xml ini elixir erlang zig nix starlark fish elm gleam \
                  jupyter csharp php kotlin swift scala dart lua r powershell solidity scheme racket lisp gdscript \
                  pascal haskell ocaml ocaml-interface julia perl fortran clojure ada";
    assert_eq!(names.join(" "), shared);
    let mut digests: Vec<_> = names.iter().map(|name| KIND.definition_digest(Some(name))).collect();
    digests.push(KIND.definition_digest(None));
    assert_eq!(KIND.definition_digest(Some("cobol")), KIND.definition_digest(None));
    digests.sort();
    digests.dedup();
    assert_eq!(digests.len(), names.len() + 1);
}
