//! OCaml. Interfaces have a grammar of their own: see [`ocaml_interface`](super::ocaml_interface).

use crate::nodes::extract::spec::{Definition, FIRST, LAST, LanguageSpec, Reference, Scanner, Scope, Wrapper};

use super::ocaml_family as family;

/// Most comments of a file: some 24 thousand inside each other fill the 2 MiB of a thread's stack.
pub(super) const SCANNER: Scanner = Scanner::Comments(8_000);

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("let_binding", "function").special("bound", family::bound).scope(Scope::Function),
        family::EXTERNAL,
        family::VALUE,
        family::TYPE,
        family::FIELD,
        family::CONSTRUCTOR,
        family::EXCEPTION,
        family::MODULE,
        family::MODULE_TYPE,
        Definition::new("class_binding", "class").special("child", family::named).body("body").scope(Scope::Type),
        family::CLASS_TYPE,
        family::METHOD_TYPE,
        Definition::new("method_definition", "method")
            .special("child", family::named)
            .body("body")
            .scope(Scope::Function),
        Definition::new("instance_variable_definition", "field").special("child", family::named).body("body"),
    ],
    references: &[
        Reference::call("application_expression", "function"),
        Reference::call("method_invocation", "method"),
        Reference::special("infix_expression", "infix", family::infix),
        Reference::import("open_module", "module"),
        Reference::import("include_module", "module"),
        Reference::special("module_binding", "type", family::module_type),
        Reference::special("inheritance_definition", "inherits", family::inherits),
    ],
    tails: &[
        ("value_path", LAST),
        ("parenthesized_expression", FIRST),
        ("field_get_expression", "field"),
        ("field_path", LAST),
        ("module_type_path", LAST),
        ("class_path", LAST),
    ],
    identifiers: &["value_name", "method_name", "field_name", "module_type_name", "class_name"],
    docs: family::DOCS,
    wrappers: &[
        Wrapper::new("value_definition").single(),
        Wrapper::new("type_definition").single(),
        Wrapper::new("module_definition").single(),
        Wrapper::new("class_definition").single(),
        Wrapper::new("class_type_definition").single(),
    ],
    opaque: &["fun_expression", "function_expression"],
    inert: &["function_type", "string"],
    scanner: SCANNER,
    ..LanguageSpec::empty("ocaml", 1, || tree_sitter_ocaml::LANGUAGE_OCAML.into(), "tree-sitter-ocaml 0.26.0")
};
