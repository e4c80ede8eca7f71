//! What JavaScript, TypeScript and TSX have in common: functions and classes that get their names from outside.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Bind, Context, Definition, Docs, FIRST, ITSELF, Locals, Named, Place, Reach, Reference, Scope, Text, Wrapper,
};

pub(super) const FUNCTION: Definition = Definition::function("function_declaration", "function");
pub(super) const GENERATOR: Definition = Definition::function("generator_function_declaration", "function");
pub(super) const FUNCTION_EXPRESSION: Definition =
    Definition::function("function_expression", "function").special("exported", exported);
pub(super) const GENERATOR_EXPRESSION: Definition =
    Definition::function("generator_function", "function").special("exported", exported);
pub(super) const ARROW: Definition = Definition::function("arrow_function", "function").special("exported", exported);
pub(super) const CLASS: Definition = Definition::container("class_declaration", "class");
pub(super) const CLASS_EXPRESSION: Definition = Definition::container("class", "class").special("exported", exported);
pub(super) const METHOD: Definition = Definition::function("method_definition", "method").special("keyed", keyed);
pub(super) const PAIR: Definition = Definition::new("pair", "method").special("keyed", keyed);
pub(super) const VARIABLE: Definition = Definition::new("variable_declarator", "variable").special("bound", bound);
pub(super) const ASSIGNMENT: Definition =
    Definition::new("assignment_expression", "function").special("assigned", assigned);
pub(super) const FIELD: Definition = Definition::new("field_definition", "field").special("keyed", keyed);
pub(super) const PUBLIC_FIELD: Definition =
    Definition::new("public_field_definition", "field").special("keyed", keyed).place(Place::Member);

pub(super) const CALL: Reference = Reference::call("call_expression", "function").importing(&["require"], "arguments");
pub(super) const NEW: Reference = Reference::call("new_expression", "constructor");
pub(super) const IMPORT: Reference = Reference::import("import_statement", "source");
pub(super) const REEXPORT: Reference = Reference::import("export_statement", "source");
pub(super) const TAILS: &[(&str, &str)] = &[("member_expression", "property"), ("parenthesized_expression", FIRST)];
pub(super) const IDENTIFIERS: &[&str] = &["identifier", "property_identifier", "private_property_identifier"];
pub(super) const PLAIN: &[&str] = &[
    "binary_expression",
    "unary_expression",
    "update_expression",
    "ternary_expression",
    "return_statement",
    "member_expression",
    "subscript_expression",
    "array",
    "arguments",
    "parenthesized_expression",
    "template_string",
];
pub(super) const DOCS: Docs = Docs { comments: &["comment"], markers: &[], docstring: false };

/// Of JavaScript; TypeScript passes more.
pub(super) const LOCALS: Locals = Locals {
    functions: &[
        "function_declaration",
        "generator_function_declaration",
        "function_expression",
        "generator_function",
        "arrow_function",
        "method_definition",
    ],
    blocks: &["statement_block", "switch_body", "for_statement", "for_in_statement", "catch_clause"],
    binds: &[
        Bind::item("function_declaration", "name", Reach::Block),
        Bind::item("generator_function_declaration", "name", Reach::Block),
        Bind::item("class_declaration", "name", Reach::Block),
        Bind::item("function_expression", "name", Reach::Own),
        Bind::new("function_declaration", "parameters", Reach::Own),
        Bind::new("generator_function_declaration", "parameters", Reach::Own),
        Bind::new("function_expression", "parameters", Reach::Own),
        Bind::new("generator_function", "parameters", Reach::Own),
        Bind::new("arrow_function", "parameters", Reach::Own),
        Bind::new("arrow_function", "parameter", Reach::Own),
        Bind::new("method_definition", "parameters", Reach::Own),
        Bind::new("lexical_declaration", ITSELF, Reach::Block),
        Bind::new("variable_declaration", ITSELF, Reach::Function),
        Bind::new("for_in_statement", "left", Reach::Own),
        Bind::new("catch_clause", "parameter", Reach::Own),
    ],
    names: &["identifier", "shorthand_property_identifier_pattern"],
    passed: PASSED,
    ..Locals::NONE
};
/// What holds no names in patterns of JavaScript.
const PASSED: &[(&str, &str)] = &[
    ("variable_declarator", "value"),
    ("assignment_pattern", "right"),
    ("object_assignment_pattern", "right"),
    ("pair_pattern", "key"),
    ("member_expression", ITSELF),
    ("subscript_expression", ITSELF),
];

pub(super) const EXPORT: Wrapper = Wrapper::new("export_statement").exports();
pub(super) const LEXICAL: Wrapper = Wrapper::new("lexical_declaration").single();
pub(super) const VAR: Wrapper = Wrapper::new("variable_declaration").single();
pub(super) const STATEMENT: Wrapper = Wrapper::new("expression_statement").single();

/// Is the value a function or class? Then what it is, as kind, scope and body.
fn valued(value: Node<'_>) -> Option<(&'static str, Scope, Option<Node<'_>>)> {
    match value.kind() {
        "arrow_function" | "function_expression" | "generator_function" => {
            Some(("function", Scope::Function, value.child_by_field_name("body")))
        }
        "class" => Some(("class", Scope::Type, value.child_by_field_name("body"))),
        _ => None,
    }
}

/// A function or class as a value: listed already where what holds it gave it a name, else by a name of its own, or
/// as the default export.
fn exported(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let body = node.child_by_field_name("body").map(|n| n.start_byte() as u32);
    let name = node.child_by_field_name("name").filter(|_| body != context.body);
    found.push(match name {
        Some(name) => Named::node(name),
        None if context.exported => Named::new(Text::Fixed("default")),
        None => Named::new(Text::Fixed("")),
    });
}

/// The bytes of a property's name, without quotes.
pub(super) fn key(node: Node<'_>) -> Text {
    let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
    match node.kind() {
        "string" if end - start > 2 => Text::Span(start + 1, end - 1),
        _ => Text::Span(start, end),
    }
}

/// A member of a class or object: a method, or a field. Of an object only what is a function or class is listed.
fn keyed(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let fields = ["name", "key", "property"];
    let Some(name) = fields.iter().find_map(|f| node.child_by_field_name(f)) else { return };
    if node.kind() == "method_definition" {
        found.push(Named::new(key(name)));
        return;
    }
    let value = node.child_by_field_name("value");
    match value.and_then(valued) {
        Some((kind, scope, body)) => {
            let kind = if kind == "function" { "method" } else { kind };
            found.push(Named::new(key(name)).kind(kind).scope(scope).body(body));
        }
        None if node.kind() != "pair" && context.within == Scope::Type => {
            found.push(Named::new(key(name)).body(value));
        }
        None => {}
    }
}

/// A variable: a function or class anywhere, anything else outside functions.
fn bound(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let value = node.child_by_field_name("value");
    let valued = value.and_then(valued);
    if valued.is_none() && context.within == Scope::Function {
        return;
    }
    let Some(name) = node.child_by_field_name("name").filter(|n| n.kind() == "identifier") else { return };
    let named = Named::node(name);
    found.push(match (valued, value) {
        (Some((kind, scope, body)), _) => named.kind(kind).scope(scope).body(body),
        (None, Some(object)) if object.kind() == "object" => named.scope(Scope::Namespace).body(value),
        (None, _) => named.body(value),
    });
}

/// `a.b = function …`: named `b`, inside `a`. Prototypes and exports are left out of the name.
fn assigned(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(value) = node.child_by_field_name("right") else { return };
    let Some(left) = node.child_by_field_name("left") else { return };
    let exports = |n: Node<'_>| matches!(context.text(n), b"module.exports" | b"exports");
    let object = value.kind() == "object";
    if exports(left) && object {
        found.push(Named::new(Text::Fixed("")).scope(Scope::Namespace));
        return;
    }
    let Some((kind, scope, body)) = valued(value) else { return };
    let named = match left.kind() {
        "identifier" => Named::node(left),
        "member_expression" if exports(left) => match value.child_by_field_name("name") {
            Some(name) => Named::node(name),
            None => Named::new(Text::Fixed("exports")),
        },
        "member_expression" => {
            let Some(property) = left.child_by_field_name("property") else { return };
            let mut named = Named::node(property);
            named.qualifier = left.child_by_field_name("object").and_then(|object| owner(object, context));
            named
        }
        _ => return,
    };
    let method = kind == "function" && named.qualifier.is_some();
    found.push(named.kind(if method { "method" } else { kind }).scope(scope).body(body));
}

/// The type or object that a property is put on.
fn owner(object: Node<'_>, context: &Context<'_>) -> Option<Text> {
    let text = context.text(object);
    let text = text.strip_suffix(b".prototype").unwrap_or(text);
    let plain = text.len() <= 120 && text.iter().all(|b| b.is_ascii_alphanumeric() || b"._$".contains(b));
    if !plain || matches!(text, b"module.exports" | b"exports" | b"this" | b"self" | b"window" | b"globalThis") {
        return None;
    }
    let start = object.start_byte() as u32;
    Some(Text::Span(start, start + text.len() as u32))
}
