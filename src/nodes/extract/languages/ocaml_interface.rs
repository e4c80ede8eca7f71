//! Interfaces of OCaml: `.mli`.

use crate::nodes::extract::spec::{Definition, LAST, LanguageSpec, Reference, Scope, Wrapper};

use super::ocaml_family as family;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        family::EXTERNAL,
        family::VALUE,
        family::TYPE,
        family::FIELD,
        family::CONSTRUCTOR,
        family::EXCEPTION,
        family::MODULE,
        family::MODULE_TYPE,
        Definition::new("class_binding", "class").special("child", family::named).body("class_type").scope(Scope::Type),
        family::CLASS_TYPE,
        family::METHOD_TYPE,
    ],
    references: &[
        Reference::import("open_module_signature", "module"),
        Reference::special("include_module_type", "includes", family::includes),
        Reference::special("module_binding", "type", family::module_type),
        Reference::special("inheritance_specification", "inherits", family::inherits),
    ],
    tails: &[("module_type_path", LAST), ("class_type_path", LAST)],
    identifiers: &["module_type_name", "class_type_name"],
    docs: family::DOCS,
    wrappers: &[
        Wrapper::new("type_definition").single(),
        Wrapper::new("module_definition").single(),
        Wrapper::new("class_definition").single(),
        Wrapper::new("class_type_definition").single(),
    ],
    inert: &["function_type", "string"],
    scanner: super::ocaml::SCANNER,
    ..LanguageSpec::empty(
        "ocaml-interface",
        1,
        || tree_sitter_ocaml::LANGUAGE_OCAML_INTERFACE.into(),
        "tree-sitter-ocaml 0.26.0",
    )
};
