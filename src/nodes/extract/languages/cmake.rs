//! `CMake`.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Scope};

use super::parts::{child, children, unquoted};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("function_def", "function").special("function", function).scope(Scope::Function),
        Definition::new("macro_def", "macro").special("function", function).scope(Scope::Function),
        Definition::new("normal_command", "variable").special("command", command),
    ],
    references: &[Reference::special("normal_command", "call", call)],
    identifiers: &["identifier"],
    docs: Docs { comments: &["line_comment", "bracket_comment"], markers: &[], docstring: false },
    inert: &["argument_list", "function_command", "macro_command", "if_command", "foreach_command"],
    ..LanguageSpec::empty("cmake", 2, || tree_sitter_cmake::LANGUAGE.into(), "tree-sitter-cmake 0.7.6")
};

fn argument(command: Node<'_>, at: usize) -> Option<Node<'_>> {
    children(child(command, &["argument_list"])?).filter(|n| n.kind() == "argument").nth(at)
}

/// Named by the first argument of its command.
fn function(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let head = child(node, &["function_command", "macro_command"]);
    let Some(name) = head.and_then(|head| argument(head, 0)) else { return };
    found.push(Named::new(unquoted(name, context)).body(child(node, &["body"])));
}

/// What a command makes: a target, a test, a variable.
fn command(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(word) = child(node, &["identifier"]) else { return };
    let (kind, at) = match context.text(word).to_ascii_lowercase().as_slice() {
        b"project" => ("project", 0),
        b"add_library" | b"add_executable" | b"add_custom_target" => ("target", 0),
        b"add_test" => match argument(node, 0) {
            Some(first) if context.text(first) == b"NAME" => ("test", 1),
            _ => ("test", 0),
        },
        b"set" | b"option" if context.within != Scope::Function => ("variable", 0),
        _ => return,
    };
    if let Some(name) = argument(node, at) {
        found.push(Named::new(unquoted(name, context)).kind(kind));
    }
}

/// A command, or the file that it takes in.
fn call<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let word = child(node, &["identifier"])?;
    match context.text(word).to_ascii_lowercase().as_slice() {
        b"include" | b"add_subdirectory" | b"find_package" => argument(node, 0).map(Referred::Import),
        b"set" | b"option" | b"project" => None,
        _ => Some(Referred::Callee(word)),
    }
}
