//! Clojure: a list is a definition, an import or a call by its first word.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Context, Definition, Docs, LanguageSpec, Named, Reference, Referred, Scope};

use super::parts::children;

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "/",
    definitions: &[Definition::new("list_lit", "function").special("form", define)],
    references: &[Reference::special("list_lit", "form", refer)],
    identifiers: &["sym_lit"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["quoting_lit", "syn_quoting_lit", "dis_expr", "meta_lit", "str_lit", "regex_lit"],
    ..LanguageSpec::empty(
        "clojure",
        1,
        || tree_sitter_clojure_orchard::LANGUAGE.into(),
        "tree-sitter-clojure-orchard 0.2.9",
    )
};

/// Word → kind of what the second part names.
const DEFINITIONS: &[(&[u8], &str)] = &[
    (b"ns", "module"),
    (b"in-ns", "module"),
    (b"def", "variable"),
    (b"defonce", "variable"),
    (b"defn", "function"),
    (b"defn-", "function"),
    (b"defmulti", "function"),
    (b"defmethod", "method"),
    (b"defmacro", "macro"),
    (b"defprotocol", "protocol"),
    (b"definterface", "interface"),
    (b"defrecord", "struct"),
    (b"deftype", "class"),
    (b"extend-type", "impl"),
    (b"extend-protocol", "impl"),
    (b"deftest", "test"),
];

/// Words of the language that are no calls.
const SYNTAX: &[&[u8]] = &[
    b"->",
    b"->>",
    b".",
    b"..",
    b"and",
    b"as->",
    b"binding",
    b"case",
    b"catch",
    b"comment",
    b"cond",
    b"cond->",
    b"cond->>",
    b"declare",
    b"do",
    b"doseq",
    b"dotimes",
    b"doto",
    b"finally",
    b"fn",
    b"for",
    b"if",
    b"if-let",
    b"if-not",
    b"if-some",
    b"let",
    b"letfn",
    b"loop",
    b"monitor-enter",
    b"new",
    b"not",
    b"or",
    b"quote",
    b"recur",
    b"reify",
    b"set!",
    b"some->",
    b"some->>",
    b"throw",
    b"try",
    b"var",
    b"when",
    b"when-first",
    b"when-let",
    b"when-not",
    b"when-some",
    b"while",
];

/// The parts of a list without comments and what is read and dropped.
fn parts(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    children(node).filter(|n| !matches!(n.kind(), "comment" | "dis_expr"))
}

/// The first word of a list, without the namespace before it.
fn word<'a>(node: Node<'_>, context: &Context<'a>) -> Option<&'a [u8]> {
    let first = parts(node).next().filter(|n| n.kind() == "sym_lit")?;
    first.child_by_field_name("name").map(|n| context.text(n))
}

fn defined(word: &[u8]) -> Option<&'static str> {
    DEFINITIONS.iter().find(|(w, _)| *w == word).map(|(_, kind)| *kind)
}

/// Is the list a method's head and body, directly in a type?
fn is_method(node: Node<'_>, context: &Context<'_>) -> bool {
    let second = parts(node).nth(1).map_or("", |n| n.kind());
    let around = node.parent().filter(|n| n.kind() == "list_lit" && matches!(second, "vec_lit" | "list_lit"));
    let kind = around.and_then(|n| word(n, context)).and_then(defined);
    matches!(kind, Some("protocol" | "interface" | "struct" | "class" | "impl"))
}

fn define(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(word) = word(node, context) else { return };
    let is_text = |n: &Node<'_>| n.kind() == "str_lit";
    if is_method(node, context) {
        let name = parts(node).next().and_then(|n| n.child_by_field_name("name"));
        let doc = parts(node).nth(2).filter(is_text);
        found.extend(name.map(|n| Named::node(n).kind("method").scope(Scope::Function).doc(doc)));
        return;
    }
    let Some(kind) = defined(word) else { return };
    let Some(second) = parts(node).nth(1) else { return };
    // `nil` and names of classes can be extended, too.
    let name = second.child_by_field_name("name").unwrap_or(second);
    let third = parts(node).nth(2);
    let doc = third.filter(|n| is_text(n) && parts(node).nth(3).is_some());
    let is_function = parts(node).last().is_some_and(|n| self::word(n, context) == Some(b"fn"));
    let kind = if kind == "variable" && is_function { "function" } else { kind };
    if kind == "variable" && context.within == Scope::Function {
        return;
    }
    let scope = match kind {
        "function" | "method" | "macro" | "test" => Scope::Function,
        "module" => Scope::Namespace,
        "variable" => Scope::Leaf,
        _ => Scope::Type,
    };
    let private =
        word == b"defn-" || second.child_by_field_name("meta").is_some_and(|n| context.text(n) == b"^:private");
    let mut named = Named::node(name).kind(kind).scope(scope).body(third).doc(doc);
    if !matches!(kind, "module" | "impl" | "test") {
        named.visibility = Some(if private { "private" } else { "public" });
    }
    // The rest of the file is the namespace's.
    named.level = u8::from(kind == "module");
    found.push(named);
}

/// What a list calls or imports; the protocols that a type has.
fn refer<'t>(node: Node<'t>, context: &Context<'_>) -> Option<Referred<'t>> {
    let first = parts(node).next()?;
    if first.kind() == "kwd_lit" {
        let imports: [&[u8]; 5] = [b":require", b":use", b":import", b":require-macros", b":use-macros"];
        return imports.contains(&context.text(first)).then_some(Referred::Bases("import", node, imported));
    }
    let word = word(node, context)?;
    match word {
        b"require" | b"use" | b"import" => None,
        b"defrecord" | b"deftype" | b"extend-type" => Some(Referred::Bases("implements", node, protocol)),
        _ if defined(word).is_some() || SYNTAX.contains(&word) || is_method(node, context) => None,
        // Lists in an import name classes.
        _ if node.parent().and_then(|n| n.named_child(0)).is_some_and(|n| n.kind() == "kwd_lit") => None,
        _ => Some(Referred::Path(first, "/")),
    }
}

/// `[name :as n]`, `(package Class …)`, `name`.
fn imported(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "sym_lit" => Some(node),
        "vec_lit" | "list_lit" => parts(node).next().filter(|n| n.kind() == "sym_lit"),
        _ => None,
    }
}

/// A name behind the fields or the methods of another.
fn protocol(node: Node<'_>) -> Option<Node<'_>> {
    let before = node.prev_named_sibling().map_or("", |n| n.kind());
    (node.kind() == "sym_lit" && matches!(before, "vec_lit" | "list_lit")).then_some(node)
}
