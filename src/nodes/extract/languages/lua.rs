//! Lua.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LanguageSpec, Named, Reference, Scope, Text, Visibility, Words,
};

use super::parts;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::function("function_declaration", "function").special("declared", declared),
        Definition::new("variable_declaration", "variable").special("locals", locals),
        Definition::new("assignment_statement", "variable").special("assigned", assigned),
        Definition::new("field", "function").special("keyed", keyed),
    ],
    references: &[Reference::call("function_call", "name").importing(&["require", "dofile", "loadfile"], "arguments")],
    tails: &[
        ("dot_index_expression", "field"),
        ("method_index_expression", "method"),
        ("parenthesized_expression", FIRST),
    ],
    identifiers: &["identifier"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    opaque: &["function_definition"],
    inert: &["hash_bang_line", "parameters", "string"],
    visibility: Visibility::Words(&Words {
        nodes: &["local"],
        meanings: &[("local", "private")],
        top: Some("public"),
        member: None,
    }),
    semicolon: true,
    ..LanguageSpec::empty("lua", 1, || tree_sitter_lua::LANGUAGE.into(), "tree-sitter-lua 0.5.0")
};

/// A function's name, behind the tables that it is put into. `None`: named by an expression.
fn place(target: Node<'_>, context: &Context<'_>) -> Option<Named> {
    let (table, name, kind) = match target.kind() {
        "identifier" => return Some(Named::node(target).kind("function")),
        "dot_index_expression" => ("table", target.child_by_field_name("field")?, "function"),
        "method_index_expression" => ("table", target.child_by_field_name("method")?, "method"),
        "bracket_index_expression" => {
            let key = target.child_by_field_name("field").filter(|n| n.kind() == "string")?;
            ("table", key.child_by_field_name("content")?, "function")
        }
        _ => return None,
    };
    let mut named = Named::node(name).kind(kind);
    let table = target.child_by_field_name(table)?;
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_.".contains(b);
    let fits = table.byte_range().len() <= 120 && context.text(table).iter().all(plain);
    named.qualifier = (fits && context.text(table) != b"self").then(|| Text::of(table));
    Some(named)
}

/// A function; without statements its body is the `end`.
fn function(named: Named, node: Node<'_>) -> Named {
    let last = node.child_count().checked_sub(1).and_then(|at| node.child(at));
    named.scope(Scope::Function).body(node.child_by_field_name("body").or(last))
}

fn declared(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let named = node.child_by_field_name("name").and_then(|name| place(name, context));
    found.extend(named.map(|named| function(named, node)));
}

fn locals(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    if let Some(inner) = parts::part(node, &["assignment_statement"]) {
        pairs(inner, context, found);
    }
}

/// An assignment; one with `local` before it has been read.
fn assigned(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let before = context.bytes.get(..node.start_byte()).unwrap_or_default();
    if !before.trim_ascii_end().ends_with(b"local") {
        pairs(node, context, found);
    }
}

/// Functions anywhere; variables that are not local to one. What a table holds is named after its variable.
fn pairs(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let (Some(names), Some(values)) = (node.named_child(0), parts::part(node, &["expression_list"])) else { return };
    let mut cursor = names.walk();
    let names = names.children_by_field_name("name", &mut cursor).take(64);
    for (at, target) in names.enumerate() {
        let value = values.named_child(at as u32);
        let is_function = value.is_some_and(|n| n.kind() == "function_definition");
        let is_variable = target.kind() == "identifier" && context.within != Scope::Function;
        let Some(named) = place(target, context).filter(|_| is_function || is_variable) else { continue };
        let mut named = match value {
            Some(value) if is_function => function(named, value),
            Some(value) if value.kind() == "table_constructor" => {
                named.kind("variable").scope(Scope::Namespace).body(Some(value))
            }
            value => named.kind("variable").body(value),
        };
        let end = value.filter(|_| is_function).map_or(target.end_byte(), |n| n.end_byte());
        named.span = Some((target.start_byte() as u32, end as u32));
        found.push(named);
    }
}

/// A function in a table.
fn keyed(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(value) = node.child_by_field_name("value").filter(|n| n.kind() == "function_definition") else { return };
    let name = match node.child_by_field_name("name") {
        Some(name) if name.kind() == "string" => name.child_by_field_name("content"),
        name => name.filter(|n| n.kind() == "identifier"),
    };
    found.extend(name.map(|name| function(Named::node(name), value)));
}
