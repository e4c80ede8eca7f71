//! What definitions use: which names, and each once.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::room;
use crate::nodes::extract::languages::LANGUAGES;
use crate::table::schema::outline::OutlineRow;

fn uses(language: &str, text: &str) -> Vec<String> {
    let (_, outline) = room::one(language, text);
    let used = outline.iter().filter(|row| row.kind == "uses");
    used.map(|row| format!("{}@{}", row.name, line(text, row.start_byte))).collect()
}

fn line(text: &str, at: u32) -> usize {
    1 + text[..at as usize].matches('\n').count()
}

#[test]
fn a_type_is_listed_where_a_definition_names_it_first() {
    let text =
        "fn a(x: &Page) -> Page {\n  let y: Page = z;\n  let w: Leaf = y;\n}\nfn b(x: Page) {}\nconst C: Page = x;\n";
    assert_eq!(uses("rust", text), ["Page@1", "Leaf@3", "Page@5", "Page@6"]);
}

#[test]
fn fields_are_of_their_type_and_methods_are_not() {
    let text = "class A {\n  B one;\n  B two;\n  void run(B b) {}\n  B three;\n}\n";
    assert_eq!(uses("java", text), ["B@2", "B@4"]);
}

#[test]
fn what_a_file_declares_stands_for_itself() {
    assert_eq!(uses("c", "struct a *f(struct a *x);\nstruct a *g(void);\n"), ["a@1", "a@2"]);
    assert!(uses("c", "struct a;\nunion b;\nenum c;\n").is_empty(), "that there is a type is no use of it");
}

#[test]
fn a_type_variable_is_none_where_it_is_declared_and_is_one_behind() {
    let text = "fn a<T: Bound>(x: T) -> Vec<T> { x }\nfn b(x: T) {}\nimpl<T> A<T> {\n  fn c(x: T) {}\n}\n";
    assert_eq!(uses("rust", text), ["Bound@1", "Vec@1", "T@2"]);
    assert_eq!(uses("go", "func (l *List[T]) Add(x T) {}\nfunc b(x T) {}\n"), ["T@2"]);
    assert_eq!(uses("cpp", "template <class T>\nvoid a(T x, typename T::type y);\nvoid b(T x);\n"), ["T@3"]);
    assert_eq!(uses("typescript", "type A<T> = T extends (infer U)[] ? U : B;\nlet x: U;\n"), ["B@1", "U@2"]);
    assert_eq!(uses("zig", "fn a(comptime T: type, x: T) void {}\nfn b(x: T) void {}\n"), ["T@2"]);
}

#[test]
fn what_is_extended_or_made_is_that_and_no_use() {
    let text = "class A extends B<C> implements D {\n  E e = new F<G>();\n  B again;\n}\n";
    assert_eq!(uses("java", text), ["C@1", "E@2", "G@2", "B@3"]);
    assert_eq!(uses("go", "type A struct {\n\tB\n\tc B\n}\n"), ["B@3"]);
}

#[test]
fn a_path_is_one_name() {
    assert_eq!(uses("java", "class A { java.util.Date d; }\n"), ["Date@1"]);
    let (_, outline) = room::one("rust", "fn a(x: crate::b::C, y: ::d::E) {}");
    let written: Vec<&str> = outline.iter().filter(|r| r.kind == "uses").map(|r| r.qualified_name.as_str()).collect();
    assert_eq!(written, ["crate::b::C", "::d::E"]);
}

#[test]
fn words_that_every_program_has_are_no_types() {
    assert!(uses("go", "func a(x string, y error) any { return nil }\n").is_empty());
    assert!(uses("java", "class A { @Override String a(int b) { var c = 1; return null; } }\n").is_empty());
    assert!(uses("python", "def a(x: int, y: dict[str, None]) -> bool: ...\n").is_empty());
    assert!(uses("rust", "impl A { fn a(x: u8) -> Self { Self {} } fn b() -> Self::C {} }\n").is_empty());
}

#[test]
fn a_string_is_a_type_only_where_it_stands_for_one() {
    assert_eq!(
        uses("python", "def a(x: \"B\", y: list[\"c.D\"], z: Literal[\"E\", \"F\"]): pass\n"),
        ["B@1", "D@1", "Literal@1"]
    );
    assert!(uses("python", "def a(x: \"two words\", y: \"\"): pass\n").is_empty());
}

/// Pieces of declarations.
const PIECES: &[&str] = &[
    "class ",
    "struct ",
    "fn ",
    "def ",
    "func ",
    "A",
    "B",
    "T",
    "a",
    "(",
    ")",
    "{",
    "}",
    "<",
    ">",
    "[",
    "]",
    ": ",
    " ",
    ";",
    ",",
    "\n",
    "::",
    ".",
    "*",
    "&",
    " extends ",
    " implements ",
    "new ",
    "impl ",
    "type ",
    "typedef ",
    "template",
    "->",
    " = ",
    "\"A\"",
    "@",
    "é",
    "return ",
    "var ",
    "let ",
    "interface ",
    "enum ",
    "as ",
    "for ",
    "public ",
];

#[test]
fn a_name_in_a_broken_tree_has_one_reading() {
    let text = "fn [ new }def class class & extends : (class class : class (( ]class ";
    let (_, outline) = room::one("csharp", text);
    let starts: Vec<u32> = outline.iter().filter(|row| row.role == "reference").map(|row| row.start_byte).collect();
    assert_eq!(starts.iter().collect::<BTreeSet<_>>().len(), starts.len(), "{outline:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_use_is_nothing_else_and_stands_once(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        let text = pieces.concat();
        for spec in LANGUAGES.iter().filter(|spec| !spec.types.is_empty()) {
            let (_, outline) = room::one(spec.name, &text);
            let (used, others): (Vec<&OutlineRow>, Vec<_>) = outline.iter().partition(|row| row.kind == "uses");
            let mut seen = BTreeSet::new();
            for row in used {
                prop_assert!(seen.insert(row.start_byte), "{}: one place, one use: {row:?}", spec.name);
                prop_assert_eq!(&text[row.start_byte as usize..row.end_byte as usize], row.name.as_str());
                prop_assert!(!spec.types.never.contains(&row.name.as_str()) || !row.qualified_name.is_empty());
                let is_other = |other: &&&OutlineRow| other.role == "reference" && other.start_byte == row.start_byte;
                let other = others.iter().find(is_other);
                prop_assert!(other.is_none(), "{}: {row:?} and {other:?}", spec.name);
            }
        }
    }
}
