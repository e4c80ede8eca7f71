//! GDScript.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LanguageSpec, Named, Place, Reference, Scope, Text, Visibility,
};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("class_name_statement", "class").special("file_wide", file_wide),
        Definition::container("class_definition", "class"),
        Definition::function("function_definition", "function").member("method"),
        Definition::function("constructor_definition", "constructor").special("constructor", constructor),
        Definition::new("signal_statement", "event"),
        Definition::new("enum_definition", "enum").body("body").scope(Scope::Type),
        Definition::new("enumerator", "constant").named("left"),
        Definition::new("const_statement", "constant").body("value").place(Place::NotLocal),
        Definition::new("variable_statement", "variable").member("field").body("value").place(Place::NotLocal),
        Definition::new("export_variable_statement", "variable").member("field").body("value"),
        Definition::new("onready_variable_statement", "variable").member("field").body("value"),
    ],
    references: &[
        Reference::call("call", FIRST).importing(&["preload", "load"], "arguments"),
        Reference::call("attribute_call", FIRST),
        Reference::call("base_call", FIRST),
        Reference::bases("extends_statement", "extends"),
    ],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["lambda", "get_body", "set_body"],
    inert: &["annotations", "string", "type"],
    visibility: Visibility::Underscore,
    ..LanguageSpec::empty("gdscript", 1, || tree_sitter_gdscript::LANGUAGE.into(), "tree-sitter-gdscript 6.1.0")
};

/// `class_name Player` names the class that the rest of the file is.
fn file_wide(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let mut named = Named::node(name).scope(Scope::Type);
    named.level = 1;
    found.push(named);
}

fn constructor(_: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.push(Named::new(Text::Fixed("_init")));
}
