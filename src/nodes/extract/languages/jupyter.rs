//! Jupyter notebooks: cells, each in its language; outputs are left out.
//!
//! A notebook is JSON: the nbformat of major version 4. Its cells are in `cells`, each with a `cell_type` and a `source`,
//! a string or several; `metadata` names the language of the kernel, or only the kernel. A first line `%%bash` says otherwise
//! for its cell. A cell whose language nobody says is text.

use tree_sitter::Node;

use crate::nodes::extract::embed::{self, Embedded};
use crate::nodes::extract::spec::{Context, Definition, LanguageSpec, Named, Text};

pub(super) static SPEC: LanguageSpec = LanguageSpec {
    definitions: &[Definition::new("document", "notebook").special("cells", cells).section()],
    inert: &["document"],
    long_lines: true,
    ..LanguageSpec::empty("jupyter", 2, || tree_sitter_json::LANGUAGE.into(), "tree-sitter-json 0.24.8")
};

/// Most members of an object that are looked at.
const MEMBERS: usize = 64;

/// The notebook, with its cells as regions.
fn cells(document: Node<'_>, context: &Context<'_>, found: &mut Vec<Named>) {
    let mut named = Named::new(Text::Fixed("notebook"));
    named.signature = Some("");
    let root = (0..document.named_child_count().min(4) as u32).filter_map(|at| document.named_child(at));
    let Some(root) = root.into_iter().find(|n| n.kind() == "object") else { return };
    let kernel = kernel(root, context);
    let Some(cells) = member(root, context, b"cells").filter(|n| n.kind() == "array") else { return };
    let mut cursor = cells.walk();
    for cell in cells.named_children(&mut cursor).filter(|n| n.kind() == "object") {
        let sort = member(cell, context, b"cell_type").and_then(|n| string(n, context));
        let Some(source) = member(cell, context, b"source") else { continue };
        let (start, end) = strings(source);
        let language = match sort {
            Some(b"markdown") => embed::language(b"markdown"),
            Some(b"code") => {
                let magic = magic(context.bytes.get(start..end).unwrap_or_default());
                magic.or(kernel).or_else(|| embed::language(b"text"))
            }
            _ => None,
        };
        let region = language.and_then(|of| Embedded::new(of, "cell", start, end, context.bytes));
        named.embedded.extend(region.map(Embedded::escaped).map(Embedded::example));
    }
    found.push(named);
}

/// The language of the kernel.
fn kernel(root: Node<'_>, context: &Context<'_>) -> Option<&'static str> {
    let metadata = member(root, context, b"metadata")?;
    let of = |table: &[u8], key: &[u8]| {
        let value = member(member(metadata, context, table)?, context, key)?;
        embed::language(string(value, context)?)
    };
    let named = || {
        let name = string(member(member(metadata, context, b"kernelspec")?, context, b"name")?, context)?;
        let known = KERNELS.iter().find(|(start, _)| name.starts_with(start.as_bytes()));
        known.and_then(|(_, language)| embed::language(language.as_bytes()))
    };
    of(b"language_info", b"name").or_else(|| of(b"kernelspec", b"language")).or_else(named)
}

/// How the names of kernels begin, and the language of each. Source: the names under which the kernels listed by Jupyter's
/// own documentation install themselves.
const KERNELS: &[(&str, &str)] = &[
    (".net-csharp", "csharp"),
    (".net-powershell", "powershell"),
    ("almond", "scala"),
    ("bash", "bash"),
    ("deno", "typescript"),
    ("gonb", "go"),
    ("gophernotes", "go"),
    ("ihaskell", "haskell"),
    ("haskell", "haskell"),
    ("ijava", "java"),
    ("java", "java"),
    ("ir", "r"),
    ("julia", "julia"),
    ("kotlin", "kotlin"),
    ("octave", "matlab"),
    ("perl", "perl"),
    ("pyspark", "python"),
    ("python", "python"),
    ("ruby", "ruby"),
    ("rust", "rust"),
    ("scala", "scala"),
    ("tslab", "typescript"),
    ("xcpp", "cpp"),
    ("xpython", "python"),
];

/// The value of a member of `object`.
fn member<'t>(object: Node<'t>, context: &Context<'_>, key: &[u8]) -> Option<Node<'t>> {
    let mut cursor = object.walk();
    let mut pairs = object.named_children(&mut cursor).take(MEMBERS).filter(|n| n.kind() == "pair");
    let pair = pairs.find(|pair| {
        let name = pair.child_by_field_name("key").and_then(|n| string(n, context));
        name == Some(key)
    })?;
    pair.child_by_field_name("value")
}

/// What stands between the quotes of a string.
fn string<'a>(node: Node<'_>, context: &Context<'a>) -> Option<&'a [u8]> {
    let text = context.text(node);
    (node.kind() == "string").then(|| text.get(1..text.len().checked_sub(1)?)).flatten()
}

/// From the first quote to the last.
fn strings(source: Node<'_>) -> (usize, usize) {
    let count = source.named_child_count() as u32;
    match (source.kind(), source.named_child(0), count.checked_sub(1).and_then(|at| source.named_child(at))) {
        ("array", Some(first), Some(last)) => (first.start_byte(), last.end_byte()),
        ("string", ..) => (source.start_byte(), source.end_byte()),
        _ => (source.start_byte(), source.start_byte()),
    }
}

/// The language of a cell that begins with `%%` and its name.
fn magic(source: &[u8]) -> Option<&'static str> {
    let word = source.strip_prefix(b"\"%%")?;
    let end = word.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(word.len());
    embed::language(word.get(..end)?)
}
