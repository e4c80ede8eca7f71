//! Dockerfiles: stages, and the variables in them.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Scope};

use super::parts::child;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("from_instruction", "stage").special("stage", stage).scope(Scope::Namespace),
        Definition::new("arg_pair", "variable").body("default"),
        Definition::new("env_pair", "variable").body("value"),
    ],
    references: &[Reference::special("from_instruction", "image", image)],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["shell_command", "json_string_array", "heredoc_block", "label_instruction"],
    ..LanguageSpec::empty(
        "dockerfile",
        1,
        || tree_sitter_containerfile::LANGUAGE.into(),
        "tree-sitter-containerfile 0.9.2",
    )
};

/// A stage goes on until the next one. Without a name of its own it has that of its image.
fn stage(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("as").or_else(|| child(node, &["image_spec"])) else { return };
    let mut named = Named::node(name);
    named.level = 1;
    found.push(named);
}

fn image<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    child(node, &["image_spec"]).map(Referred::Import)
}
