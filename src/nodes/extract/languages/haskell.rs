//! Haskell.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LAST, LanguageSpec, Named, Reference, Referred, Scope, Text,
};

use super::parts::{child, children};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[
        Definition::new("header", "module").special("module", module).scope(Scope::Namespace),
        Definition::new("function", "function").special("function", function).scope(Scope::Function),
        Definition::new("bind", "function").special("bind", bind).scope(Scope::Function),
        Definition::new("signature", "method").special("signature", signature),
        Definition::new("foreign_import", "function").special("foreign", foreign),
        Definition::new("pattern_synonym", "constant").special("pattern", pattern),
        Definition::new("data_type", "enum").special("data", data).scope(Scope::Open),
        Definition::new("newtype", "struct").special("data", data).scope(Scope::Open),
        Definition::new("data_constructor", "constant").special("constructor", constructor),
        Definition::new("newtype_constructor", "constant"),
        Definition::new("gadt_constructor", "constant"),
        Definition::new("field", "field").special("fields", fields),
        Definition::new("type_synonym", "type").special("data", data),
        Definition::new("type_family", "type").special("data", data),
        Definition::new("data_family", "type").special("data", data),
        Definition::new("class", "class").special("data", data).scope(Scope::Open),
        Definition::new("instance", "impl").special("instance", instance).scope(Scope::Type),
    ],
    references: &[
        Reference::special("apply", "apply", apply),
        Reference::special("infix", "infix", infix),
        Reference::special("exp", "statement", statement),
        Reference::special("bind", "action", action),
        Reference::import("import", "module"),
        Reference::special("context", "context", context_of),
        Reference::special("instance", "class", class_of),
        Reference::special("deriving", "deriving", deriving),
    ],
    tails: &[("qualified", "id"), ("apply", "constructor"), ("infix_id", LAST)],
    identifiers: &["variable", "name"],
    docs: Docs { comments: &["haddock", "comment"], markers: &[], docstring: false },
    inert: &["signature", "type_params", "type_patterns"],
    ..LanguageSpec::empty("haskell", 1, || tree_sitter_haskell::LANGUAGE.into(), "tree-sitter-haskell 0.24.1")
};

/// The rest of the file is the module's.
fn module(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("module") else { return };
    let mut named = Named::node(name).body(node.child_by_field_name("exports"));
    named.level = 1;
    found.push(named);
}

/// What an equation or a signature defines, without the brackets of an operator.
fn name(node: Node<'_>) -> Option<Node<'_>> {
    let head = match node.kind() {
        "function" => child(node, &["infix"]).or_else(|| node.child_by_field_name("parens")).unwrap_or(node),
        _ => node,
    };
    // `(x |+| y) z = …`
    let head = child(head, &["infix"]).unwrap_or(head);
    let name = head.child_by_field_name("name").or_else(|| head.child_by_field_name("operator"))?;
    if matches!(name.kind(), "prefix_id" | "infix_id") { name.named_child(0) } else { Some(name) }
}

/// The declaration beside another, over comments.
fn beside(node: Node<'_>, after: bool) -> Option<Node<'_>> {
    let mut at = node;
    loop {
        at = if after { at.next_named_sibling() } else { at.prev_named_sibling() }?;
        if !at.is_extra() {
            return Some(at);
        }
    }
}

fn same(node: Node<'_>, kind: &str, word: &[u8], context: &Context<'_>) -> bool {
    node.kind() == kind && name(node).is_some_and(|n| context.text(n) == word)
}

/// The signature directly before an equation.
fn signed<'t>(node: Node<'t>, word: &[u8], context: &Context<'_>) -> Option<Node<'t>> {
    beside(node, false).filter(|before| same(*before, "signature", word, context))
}

/// The kind of what stands in a class or an instance.
fn member(node: Node<'_>) -> Option<&'static str> {
    let parent = node.parent()?;
    matches!(parent.kind(), "class_declarations" | "instance_declarations").then_some("method")
}

fn defined(node: Node<'_>, name: Node<'_>, kind: &'static str, context: &Context<'_>) -> Named {
    let body = node.child_by_field_name("match");
    let named = Named::node(name).kind(member(node).unwrap_or(kind)).body(body);
    match signed(node, context.text(name), context) {
        Some(signature) => named.from(signature).declared(signature),
        None => named,
    }
}

/// A function with all its equations.
fn function(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    // Types of functions are nodes of the same name.
    let Some(name) = name(node).filter(|_| node.child_by_field_name("arrow").is_none()) else { return };
    let word = context.text(name);
    if beside(node, false).is_some_and(|before| same(before, "function", word, context)) {
        found.push(Named::nameless(Scope::Function));
        return;
    }
    let mut last = node;
    while let Some(next) = beside(last, true).filter(|next| same(*next, "function", word, context)) {
        last = next;
    }
    found.push(defined(node, name, "function", context).until(last));
}

/// A value: a constant where its type or what it is says so; functions without parameters are written alike.
fn bind(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = name(node).filter(|_| context.within != Scope::Function) else { return };
    let made = signed(node, context.text(name), context).and_then(|s| s.child_by_field_name("type"));
    let value = node.child_by_field_name("match").and_then(|m| m.child_by_field_name("expression"));
    let plain = match made {
        Some(made) => matches!(made.kind(), "name" | "qualified" | "list" | "tuple" | "unit"),
        None => value.is_some_and(|v| v.kind() == "literal"),
    };
    found.push(defined(node, name, if plain { "constant" } else { "function" }, context));
}

/// What a class asks for; with a default the equation stands for both.
fn signature(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    if node.parent().is_none_or(|n| n.kind() != "class_declarations") {
        return;
    }
    if let Some(name) = name(node) {
        let word = context.text(name);
        let is = |n: Node<'_>| same(n, "function", word, context) || same(n, "bind", word, context);
        if !beside(node, true).is_some_and(is) {
            found.push(Named::node(name));
        }
    } else if let Some(names) = node.child_by_field_name("names") {
        for name in children(names) {
            let mut named = Named::node(name);
            named.span = Some((node.start_byte() as u32, node.end_byte() as u32));
            found.push(named);
        }
    }
}

fn foreign(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    found.extend(node.child_by_field_name("signature").and_then(name).map(|n| Named::node(n).sealed()));
}

/// The equation of a pattern synonym.
fn pattern(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut at = child(node, &["equation"]).and_then(|n| n.child_by_field_name("synonym"));
    while let Some(apply) = at.filter(|n| n.kind() == "apply") {
        at = apply.child_by_field_name("function");
    }
    let name = at.map(|n| n.child_by_field_name("operator").or_else(|| n.child_by_field_name("name")).unwrap_or(n));
    found.extend(name.map(Named::node));
}

/// A type or class by its name, wherever its head has it.
fn data(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let head = child(node, &["infix"]).and_then(|n| n.child_by_field_name("operator"));
    let Some(name) = node.child_by_field_name("name").or(head) else { return };
    let made = node.child_by_field_name("constructors");
    let body = made.or_else(|| node.child_by_field_name("constructor"));
    let body = body.or_else(|| node.child_by_field_name("declarations")).or_else(|| node.child_by_field_name("type"));
    let named = Named::node(name).body(body);
    let single = made.is_some_and(|list| list.named_child_count() == 1);
    found.push(if node.kind() == "data_type" && single { named.kind("struct") } else { named });
}

fn constructor(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(made) = node.child_by_field_name("constructor") else { return };
    let name = made.child_by_field_name("name").or_else(|| made.child_by_field_name("operator"));
    found.extend(name.map(Named::node));
}

/// Every name of a record's field.
fn fields(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let mut cursor = node.walk();
    for name in node.children_by_field_name("name", &mut cursor).take(64) {
        let mut named = Named::node(name);
        named.span = Some((name.start_byte() as u32, node.end_byte() as u32));
        found.push(named);
    }
}

/// An instance is named as it is written: `Show Cart`.
fn instance(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let end = node.child_by_field_name("patterns").map_or(name.end_byte(), |n| n.end_byte());
    let written = context.bytes.get(name.start_byte()..end).unwrap_or_default();
    let words = String::from_utf8_lossy(written).split_whitespace().collect::<Vec<_>>().join(" ");
    found.push(Named::new(Text::Made(words)).body(node.child_by_field_name("declarations")));
}

fn is_value(node: Node<'_>) -> bool {
    match node.kind() {
        "variable" => true,
        "qualified" => node.child_by_field_name("id").is_some_and(|n| n.kind() == "variable"),
        _ => false,
    }
}

fn value(node: Option<Node<'_>>) -> Option<Referred<'_>> {
    node.filter(|n| is_value(*n)).map(Referred::Callee)
}

/// A function with all its arguments. What a constructor makes is no call: patterns are written alike.
fn apply<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let mut callee = node.child_by_field_name("function")?;
    let outer = node.parent().filter(|n| n.kind() == "apply").and_then(|n| n.child_by_field_name("function"));
    if outer == Some(node) {
        return None;
    }
    while callee.kind() == "apply" {
        callee = callee.child_by_field_name("function")?;
    }
    value(Some(callee))
}

/// A function between its arguments, or one that an operator applies or composes.
fn infix<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let operator = node.child_by_field_name("operator")?;
    if operator.kind() == "infix_id" {
        // Not where it is defined.
        let head = node.parent().is_some_and(|n| matches!(n.kind(), "function" | "function_head_parens"));
        return value(operator.named_child(0).filter(|_| !head));
    }
    match context.text(operator) {
        b"$" | b"$!" | b"<$>" | b"<$!>" | b"=<<" | b"." => value(node.child_by_field_name("left_operand")),
        b">>=" | b"&" | b"<&>" => value(node.child_by_field_name("right_operand")),
        _ => None,
    }
}

/// An action that is a statement.
fn statement<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    value(node.named_child(0))
}

/// An action whose result is named.
fn action<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    value(node.child_by_field_name("arrow").and_then(|_| node.child_by_field_name("expression")))
}

/// The classes that a class needs.
fn context_of<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let of_class = node.parent().is_some_and(|n| n.kind() == "class");
    node.child_by_field_name("context").filter(|_| of_class).map(|all| classes("extends", all))
}

fn class_of<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    Some(Referred::Base("implements", node.child_by_field_name("name")?))
}

fn deriving<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    node.child_by_field_name("classes").map(|all| classes("implements", all))
}

fn classes<'t>(kind: &'static str, node: Node<'t>) -> Referred<'t> {
    match node.kind() {
        "tuple" | "parens" => Referred::Bases(kind, node, |n| Some(n)),
        _ => Referred::Base(kind, node),
    }
}
