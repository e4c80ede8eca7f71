//! Fortran, in free form; what is in fixed form parses in part.

use tree_sitter::Node;

use crate::nodes::extract::spec::{
    Context, Definition, Docs, FIRST, LAST, LanguageSpec, Named, Place, Reference, Referred, Scope,
};

use super::parts::{child, children};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    separator: "::",
    definitions: &[
        Definition::new("module", "module").special("unit", unit).scope(Scope::Namespace),
        Definition::new("submodule", "module").special("unit", unit).scope(Scope::Namespace),
        Definition::new("program", "module").special("unit", unit).scope(Scope::Namespace),
        Definition::new("function", "function").special("unit", unit).scope(Scope::Function),
        Definition::new("subroutine", "function").special("unit", unit).scope(Scope::Function),
        Definition::new("module_procedure", "function").special("unit", unit).scope(Scope::Function),
        Definition::new("interface", "interface").special("unit", unit).scope(Scope::Namespace),
        Definition::new("derived_type_definition", "struct").special("unit", unit).scope(Scope::Type),
        Definition::new("variable_declaration", "variable").special("declared", declared).place(Place::NotLocal),
        Definition::new("procedure_statement", "method").special("declared", declared).place(Place::Member),
        Definition::new("enumerator_statement", "constant").special("declared", declared),
    ],
    references: &[
        Reference::call("subroutine_call", "subroutine"),
        Reference::call("call_expression", FIRST),
        Reference::special("use_statement", "use", used),
        Reference::import("include_statement", "path"),
        Reference::bases("base_type_specifier", "extends"),
    ],
    tails: &[("derived_type_member_expression", LAST)],
    identifiers: &["identifier", "type_member"],
    docs: Docs { comments: &["comment"], markers: &[], docstring: false },
    inert: &["intrinsic_type", "parameters", "string_literal"],
    ..LanguageSpec::empty("fortran", 1, || tree_sitter_fortran::LANGUAGE.into(), "tree-sitter-fortran 0.6.0")
};

/// Named by its first statement. What an interface holds is defined elsewhere.
fn unit(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let Some(head) = node.named_child(0).filter(|n| n.kind().ends_with("_statement")) else { return };
    let name = head.child_by_field_name("name").or_else(|| child(head, &["type_name"]));
    // `submodule (parent) name`
    let Some(name) = name.or_else(|| children(head).filter(|n| n.kind() == "name").last()) else { return };
    let body = (1..4).filter_map(|at| node.named_child(at)).find(|n| !n.is_extra());
    let named = Named::node(name).body(body);
    let prototype = head.kind() != "derived_type_statement" && node.parent().is_some_and(|n| n.kind() == "interface");
    found.push(if prototype { named.kind("prototype").sealed() } else { named });
}

/// Every name of a declaration.
fn declared(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let is_constant = |n: Node<'_>| n.kind() == "type_qualifier" && context.text(n).eq_ignore_ascii_case(b"parameter");
    let kind = match node.kind() {
        "variable_declaration" if context.within == Scope::Type => Some("field"),
        "variable_declaration" if children(node).any(is_constant) => Some("constant"),
        _ => None,
    };
    let mut cursor = node.walk();
    for outer in node.children_by_field_name("declarator", &mut cursor).take(64) {
        let mut name = outer;
        while !matches!(name.kind(), "identifier" | "method_name") {
            let Some(inner) = name.child_by_field_name("left").or_else(|| name.named_child(0)) else { break };
            name = inner;
        }
        let mut named = Named::node(name);
        named.kind = kind;
        named.span = Some((outer.start_byte() as u32, outer.end_byte() as u32));
        found.push(named);
    }
}

fn used<'t>(node: Node<'t>, _: &Context<'_>) -> Option<Referred<'t>> {
    child(node, &["module_name"]).map(Referred::Import)
}
