//! What C and C++ have in common: names deep inside declarators.

use tree_sitter::Node;

use crate::nodes::extract::spec::{Attributes, Context, Named, Scope, Text};

/// Attributes of the Linux kernel (`scripts/checkpatch.pl`: `$Sparse`, `$InitAttribute`, `$Attribute`;
/// `include/linux/compiler_attributes.h`) and of C libraries (`sys/cdefs.h`).
pub(super) const ATTRIBUTES: Attributes = Attributes {
    templates: false,
    plain: &[
        "____cacheline_aligned",
        "____cacheline_aligned_in_smp",
        "____cacheline_internodealigned_in_smp",
        "__THROW",
        "__always_inline",
        "__always_unused",
        "__attribute_const__",
        "__bitwise",
        "__cacheline_aligned",
        "__cacheline_aligned_in_smp",
        "__cold",
        "__cpuidle",
        "__deprecated",
        "__exit",
        "__exitdata",
        "__flatten",
        "__force",
        "__hot",
        "__hotplug",
        "__init",
        "__init_memblock",
        "__init_or_module",
        "__initconst",
        "__initdata",
        "__initdata_memblock",
        "__initdata_or_module",
        "__iomem",
        "__kprobes",
        "__latent_entropy",
        "__malloc",
        "__maybe_unused",
        "__mustcheck",
        "__must_check",
        "__naked",
        "__net_exit",
        "__net_init",
        "__net_initdata",
        "__no_kasan_or_inline",
        "__no_kcsan",
        "__no_sanitize_address",
        "__no_sanitize_memory",
        "__no_sanitize_thread",
        "__no_sanitize_undefined",
        "__nocast",
        "__noclone",
        "__noendbr",
        "__noreturn",
        "__packed",
        "__percpu",
        "__pure",
        "__randomize_layout",
        "__rcu",
        "__read_mostly",
        "__ref",
        "__refconst",
        "__refdata",
        "__ro_after_init",
        "__sched",
        "__unused",
        "__used",
        "__user",
        "__visible",
        "__weak",
        "__wur",
    ],
    called: &[
        "__acquires",
        "__alias",
        "__aligned",
        "__alloc_size",
        "__assume_aligned",
        "__cond_acquires",
        "__counted_by",
        "__diagnose_as",
        "__diagnose_as_builtin",
        "__must_hold",
        "__nonnull",
        "__pass_object_size",
        "__pass_dynamic_object_size",
        "__printf",
        "__realloc_size",
        "__releases",
        "__scanf",
        "__section",
    ],
};

/// Most declarators inside each other.
const DEPTH: usize = 64;
/// Most names of one declaration.
const NAMES: usize = 64;

/// The name inside a declarator.
struct Declared<'t> {
    name: Node<'t>,
    /// The name is directly a function's: not a pointer to one.
    function: bool,
    /// The outermost part of a qualified name.
    whole: Node<'t>,
}

/// Follows a declarator to the name that it declares.
fn declarator(outer: Node<'_>) -> Option<Declared<'_>> {
    let mut at = outer;
    let mut function = false;
    let mut whole = None;
    for _ in 0..DEPTH {
        at = match at.kind() {
            "function_declarator" => {
                function = true;
                at.child_by_field_name("declarator")?
            }
            "pointer_declarator" | "array_declarator" => {
                function = false;
                at.child_by_field_name("declarator")?
            }
            "init_declarator" => at.child_by_field_name("declarator")?,
            "parenthesized_declarator" => nested(at)?,
            "attributed_declarator" | "dependent_name" => at.named_child(0)?,
            "reference_declarator" | "variadic_declarator" | "pointer_type_declarator" => {
                function = false;
                nested(at)?
            }
            "qualified_identifier" => {
                whole = whole.or(Some(at));
                at.child_by_field_name("name")?
            }
            "template_function" | "template_method" | "template_type" => at.child_by_field_name("name")?,
            "identifier" | "field_identifier" | "type_identifier" | "destructor_name" | "operator_name"
            | "primitive_type" => {
                return Some(Declared { name: at, function, whole: whole.unwrap_or(at) });
            }
            "operator_cast" => return Some(Declared { name: at, function: true, whole: whole.unwrap_or(at) }),
            _ => return None,
        };
    }
    None
}

/// The declarator inside brackets or behind `&`: the last named child that is one.
fn nested(node: Node<'_>) -> Option<Node<'_>> {
    let children = node.named_child_count().min(8) as u32;
    (0..children).rev().filter_map(|at| node.named_child(at)).find(|n| {
        let kind = n.kind();
        kind.ends_with("declarator")
            || kind.ends_with("identifier")
            || kind.ends_with("_name")
            || kind == "operator_cast"
    })
}

/// A function with a body; also a type behind a macro, which the grammar takes for one.
pub(super) fn defined(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let Some(outer) = node.child_by_field_name("declarator") else { return };
    let Some(declared) = displaced(node).or_else(|| declarator(outer)) else { return };
    if !declared.function {
        let kind = match node.child_by_field_name("type").map(|t| t.kind()) {
            Some("class_specifier") => "class",
            Some("struct_specifier") => "struct",
            Some("enum_specifier") => "enum",
            Some("union_specifier") => "union",
            _ => "function",
        };
        if kind != "function" {
            found.push(Named::node(declared.name).kind(kind).scope(Scope::Type));
            return;
        }
    }
    found.push(function_name(&declared, context));
}

/// The declarator that a macro behind it drove out of its place: `int f() GUARDED_BY(x) { … }`.
fn displaced(node: Node<'_>) -> Option<Declared<'_>> {
    if !node.has_error() {
        return None;
    }
    let error = (0..node.child_count().min(6)).filter_map(|at| node.child(at)).find(Node::is_error)?;
    declarator(error.named_child(0)?).filter(|d| d.function)
}

fn function_name(declared: &Declared<'_>, context: &Context<'_>) -> Named {
    let name = declared.name;
    // `operator bool() const`: up to the brackets.
    let cast = (name.kind() == "operator_cast").then(|| name.child_by_field_name("declarator")).flatten();
    let end = cast.map_or(name.end_byte(), |d| d.start_byte());
    let mut named = Named::new(Text::Span(name.start_byte() as u32, end as u32));
    if declared.whole.start_byte() < name.start_byte() {
        let before = context.bytes.get(declared.whole.start_byte()..name.start_byte()).unwrap_or_default();
        let plain = without_arguments(&String::from_utf8_lossy(before));
        let qualifier = plain.trim_matches([':', ' ']);
        if !qualifier.is_empty() {
            named.qualifier = Some(Text::Made(qualifier.to_owned()));
        }
    }
    named
}

/// `A<T>::` → `A::`.
fn without_arguments(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => depth += 1,
            '>' => depth = depth.saturating_sub(1),
            c if depth == 0 && !c.is_whitespace() => out.push(c),
            _ => {}
        }
    }
    out
}

/// A macro without parameters that is another name, or a call: whoever calls it calls that. Values are no definitions: there
/// are too many, and nothing is called by them.
pub(super) fn alias(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let (Some(name), Some(value)) = (node.child_by_field_name("name"), node.child_by_field_name("value")) else {
        return;
    };
    let value = context.text(value).trim_ascii();
    let word = value.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    let is_word = word > 0 && !value.first().is_some_and(u8::is_ascii_digit);
    let rest = value.get(word..).unwrap_or_default().trim_ascii_start();
    if is_word && (rest.is_empty() || rest.starts_with(b"(")) {
        found.push(Named::node(name));
    }
}

/// Variables and prototypes of a declaration.
pub(super) fn declared(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let mut cursor = node.walk();
    for outer in node.children_by_field_name("declarator", &mut cursor).take(NAMES) {
        let Some(declared) = declarator(outer) else { continue };
        let mut named = if declared.function {
            let kind = if context.within == Scope::Type { "method" } else { "prototype" };
            function_name(&declared, context).kind(kind)
        } else {
            let value = (outer.kind() == "init_declarator").then(|| outer.child_by_field_name("value")).flatten();
            Named::node(declared.name).body(value)
        };
        named.span = Some((outer.start_byte() as u32, outer.end_byte() as u32));
        found.push(named);
    }
}

/// Members of a class: its functions only.
pub(super) fn members(node: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    declared(node, context, found);
    found.retain(|named| named.kind.is_some());
}

/// The names of a type definition. An unnamed struct, union or enum takes the name's kind.
pub(super) fn typedef(node: Node<'_>, _: &Context<'_>, found: &mut Vec<Named>) {
    let is = node.child_by_field_name("type");
    let body = is.and_then(|t| t.child_by_field_name("body"));
    let unnamed = is.filter(|t| body.is_some() && t.child_by_field_name("name").is_none());
    let kind = match unnamed.map(|t| t.kind()) {
        Some("struct_specifier") => "struct",
        Some("union_specifier") => "union",
        Some("enum_specifier") => "enum",
        _ => "type",
    };
    let mut cursor = node.walk();
    for outer in node.children_by_field_name("declarator", &mut cursor).take(NAMES) {
        if let Some(declared) = declarator(outer) {
            let mut named = Named::node(declared.name).kind(kind).body(body);
            if !found.is_empty() {
                named.span = Some((outer.start_byte() as u32, outer.end_byte() as u32));
            }
            found.push(named);
        }
    }
}
