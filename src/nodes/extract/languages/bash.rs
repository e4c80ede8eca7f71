//! Bash and other shells.

use crate::nodes::extract::spec::{Definition, Docs, FIRST, LanguageSpec, Reference};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[Definition::function("function_definition", "function")],
    references: &[Reference::call("command", "name").importing(&["source", "."], "argument")],
    tails: &[("command_name", FIRST)],
    identifiers: &["word"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["heredoc_content", "raw_string", "ansi_c_string", "simple_expansion"],
    ..LanguageSpec::empty("bash", 1, || tree_sitter_bash::LANGUAGE.into(), "tree-sitter-bash 0.25.1")
};
