//! Perl.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, LanguageSpec, Named, Place, Reference, Referred, Scope, Text,
};

use super::parts::{child, children};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "::",
    definitions: &[
        Definition::new("package_statement", "package").special("package", package).scope(Scope::Namespace),
        Definition::new("class_statement", "class").special("package", package).scope(Scope::Type),
        Definition::new("role_statement", "trait").special("package", package).scope(Scope::Type),
        Definition::function("subroutine_declaration_statement", "function").special("sub", sub).needs_body(),
        Definition::function("method_declaration_statement", "method").special("sub", sub).needs_body(),
        Definition::new("variable_declaration", "variable").special("variables", variables).place(Place::NotLocal),
        Definition::new("use_statement", "constant").special("constants", constants),
        Definition::new("ambiguous_function_call_expression", "property").special("made", made),
    ],
    references: &[
        Reference::special("function_call_expression", "call", call),
        Reference::special("ambiguous_function_call_expression", "call", call),
        Reference::special("method_call_expression", "method", method),
        Reference::special("use_statement", "use", used),
        Reference::special("require_expression", "require", required),
    ],
    identifiers: &["method"],
    docs: Docs { comments: &["comment", "pod"], markers: &[], docstring: false },
    opaque: &["anonymous_subroutine_expression", "phaser_statement"],
    inert: &["string_literal", "quoted_word_list", "data_section"],
    ..LanguageSpec::empty("perl", 1, || ts_parser_perl::LANGUAGE.into(), "ts-parser-perl 2.0.4")
};

/// A name behind the packages that it is written with.
fn parted(name: Node<'_>, context: &Context<'_>) -> Named {
    let (start, end) = (name.start_byte() as u32, name.end_byte() as u32);
    match memchr::memmem::rfind(context.text(name), b"::") {
        Some(at) => {
            let mut named = Named::new(Text::Span(start + at as u32 + 2, end));
            named.qualifier = Some(Text::Span(start, start + at as u32));
            named
        }
        None => Named::node(name),
    }
}

/// Without a block, the rest of the file up to the next package is the package's.
fn package(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let block = child(node, &["block"]);
    let mut named = Named::node(name).body(block);
    named.level = u8::from(block.is_none());
    named.absolute = block.is_some();
    found.push(named);
}

/// A subroutine; documentation with its name in a heading may stand a blank line above it.
fn sub(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(name) = node.child_by_field_name("name") else { return };
    let before = node.prev_named_sibling().filter(|n| n.kind() == "pod");
    let word = context.text(name);
    found.push(parted(name, context).doc(before.filter(|pod| is_about(context.text(*pod), word))));
}

/// Does a heading or an item name `word`?
fn is_about(pod: &[u8], word: &[u8]) -> bool {
    let is_word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let names = |line: &[u8]| line.split(|b| !is_word(b)).any(|part| part == word);
    pod.split(|b| *b == b'\n').any(|line| (line.starts_with(b"=head") || line.starts_with(b"=item")) && names(line))
}

/// Variables of a file or a package: not those of a block in it.
fn variables(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let assigned = node.parent().filter(|n| n.kind() == "assignment_expression");
    let statement = assigned.or(Some(node)).and_then(|n| n.parent()).filter(|n| n.kind() == "expression_statement");
    let Some(around) = statement.and_then(|n| n.parent()) else { return };
    let of_package = around.kind() == "block" && around.parent().is_some_and(|n| n.kind().ends_with("_statement"));
    let inside = around.parent().map_or("", |n| n.kind());
    if around.kind() != "source_file" && !(of_package && matches!(inside, "package_statement" | "class_statement")) {
        return;
    }
    for name in children(node).filter(|n| matches!(n.kind(), "scalar" | "array" | "hash")).take(64) {
        let mut named = Named::node(name);
        named.span = Some((name.start_byte() as u32, name.end_byte() as u32));
        found.push(named);
    }
}

fn is_plain(node: &Node<'_>) -> bool {
    matches!(node.kind(), "autoquoted_bareword" | "bareword" | "string_literal" | "interpolated_string_literal")
}

/// A name, out of its quotes.
fn unquoted(node: Node<'_>) -> Node<'_> {
    node.child_by_field_name("content").unwrap_or(node)
}

/// `use constant NAME => …`, `use constant { NAME => …, … }`.
fn constants(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    if node.child_by_field_name("module").is_none_or(|n| context.text(n) != b"constant") {
        return;
    }
    if let Some(list) = child(node, &["list_expression"]) {
        found.extend(list.named_child(0).filter(is_plain).map(|n| Named::node(unquoted(n)).body(list.named_child(1))));
        return;
    }
    let pairs = child(node, &["anonymous_hash_expression"]).and_then(|hash| child(hash, &["list_expression"]));
    let keys = pairs.into_iter().flat_map(children).filter(|n| !n.is_extra()).step_by(2);
    for key in keys.filter(is_plain) {
        let mut named = Named::node(unquoted(key));
        named.span = Some((key.start_byte() as u32, key.end_byte() as u32));
        found.push(named);
    }
}

/// `has name => …` of the object systems, and `subtest 'name' => sub { … }`.
fn made(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(callee) = node.child_by_field_name("function") else { return };
    let Some(arguments) = node.child_by_field_name("arguments") else { return };
    let first = if arguments.kind() == "list_expression" { arguments.named_child(0) } else { Some(arguments) };
    let Some(name) = first.filter(is_plain).map(unquoted) else { return };
    match context.text(callee) {
        b"has" if context.within != Scope::Function => found.push(Named::node(name).scope(Scope::Function)),
        b"subtest" => found.push(Named::node(name).kind("test").scope(Scope::Function)),
        _ => {}
    }
}

fn call<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    let callee = node.child_by_field_name("function")?;
    // `&name(…)`
    Some(Referred::Path(child(callee, &["varname"]).unwrap_or(callee), "::"))
}

fn method<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let method = node.child_by_field_name("method").filter(|n| n.named_child_count() == 0)?;
    let plain = |_: &Node<'_>| !context.text(method).contains(&b':');
    let invocant =
        node.child_by_field_name("invocant").filter(plain).filter(|n| matches!(n.kind(), "bareword" | "scalar"));
    Some(match invocant {
        Some(invocant) => Referred::Behind(invocant, method),
        None => Referred::Path(method, "::"),
    })
}

/// A module; what `parent` and `base` name are the packages that this one is made of.
fn used<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let module = node.child_by_field_name("module")?;
    match context.text(module) {
        b"parent" | b"base" => {}
        b"constant" => return None,
        _ => return Some(Referred::Import(module)),
    }
    let list = child(node, &["list_expression", "quoted_word_list", "string_literal", "parenthesized_expression"])?;
    let last = if list.kind() == "list_expression" { children(list).filter(|n| !n.is_extra()).last()? } else { list };
    let text = last.child_by_field_name("content").or_else(|| last.named_child(0).map(unquoted))?;
    Some(Referred::Words("extends", text))
}

fn required<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    node.named_child(0).filter(is_plain).map(|n| Referred::Import(unquoted(n)))
}
