//! Properties over random repositories.

use proptest::prelude::*;

use super::super::{mentions, merge_definitions, merge_mentions, split_definitions, split_mentions, wanted};
use super::harness::{Source, filtered, relations, shard};
use crate::table::Batch;
use crate::table::schema::{DefinitionRow, MentionRow};

const NAMES: [&str; 4] = ["a", "b", "run", "Shape"];
const FOLDERS: [&str; 8] = ["", "src/", "a/", "a/src/", "include/", "src/run/", "src/main/java/a/", "src/test/java/a/"];

fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&NAMES[..])
}

/// What a file of each language may say about two names.
fn lines(language: &str, a: &str, b: &str) -> Vec<String> {
    let language = if language == "cpp" { "c" } else { language };
    let all = SAYINGS.iter().filter(|(of, _)| *of == language).flat_map(|(_, all)| all.iter());
    all.map(|line| line.replace('A', "\u{1}").replace('B', b).replace('\u{1}', a)).collect()
}

/// By language, what a file may say of two names, `A` and `B`.
const SAYINGS: &[(&str, &[&str])] = &[
    (
        "python",
        &[
            "def A(x: B) -> Shape: pass",
            "class run: x: A.B",
            "def A(B): B()",
            "import A",
            "from . import A",
            "from .A import B",
            "from A import *",
            "import A.B as B",
            "from ..A import B as A",
            "A()",
            "A.B()",
            "class A:\n    def B(self): self.A(); B()",
            "self.A()",
            "B = A",
        ],
    ),
    (
        "javascript",
        &[
            "function A(B) { B(); }",
            "import A from './B';",
            "import { A as B } from '../A';",
            "export default A;",
            "import * as A from './A/index.js';",
            "const { A } = require('./B');",
            "A();",
            "new A();",
            "A.B();",
            "class A { B() { this.A(); B(); } }",
            "export { A } from './B';",
            "import A from '@x/A';",
        ],
    ),
    (
        "rust",
        &[
            "fn A(b: &B) -> Shape { let x: run = B { b }; x }",
            "impl A for B {}",
            "type A<B> = Vec<B>;",
            "mod A;",
            "use crate::A::B;",
            "use super::{A, B as run};",
            "use A::*;",
            "fn A() { B(); }",
            "struct A;",
            "impl A { fn B(&self) { self.A(); Self::B(); A::B(); } }",
            "fn B() { A!(); crate::A::B(); a::A::B(); }",
            "macro_rules! A { () => {} }",
            "enum A { B(u8) }",
        ],
    ),
    (
        "go",
        &[
            "func A(b B) *Shape { var x a.run; return nil }",
            "import \"example.com/m/A\"",
            "import B \"example.com/m/a/A\"",
            "func A() { B(); A.B() }",
            "import . \"A\"",
            "type A struct{}",
            "func (s *A) B() { s.B(); s.A(); A() }",
        ],
    ),
    (
        "java",
        &[
            "class B<A> { A a; Shape run(B b, a.A c) { return null; } }",
            "import a.A;",
            "import static a.b.A.B;",
            "import a.b.*;",
            "class A { A() { B(); new B(); } void B() { A.B(); this.B(); } }",
            "class A extends Shape { class B extends run { void b() { run(); this.a(); new a(); a.B(); } } void run() {} }",
        ],
    ),
    (
        "ruby",
        &[
            "require_relative 'A'",
            "require 'A/B'",
            "def A; B(); self.B; end",
            "class Shape; def A; B(1); A.B(1); Shape.new; end; end",
            "A.B(1)",
            "module A; class Shape < B; def run; a(1); B.a; A::B.run; Shape.new; end; end; end",
            "class Shape::A < run::B; class B; def a; b(1); self.A; end; end; end",
        ],
    ),
    (
        "csharp",
        &[
            "using A.B;",
            "using static A.Shape;",
            "using A = B.Shape;",
            "namespace A.B { class Shape : run { void a() { b(); Shape.B(); new A(); A.Shape.a(); } } }",
            "class A : B { class Shape : a { static void run() { b(); this.run(); A.b(); } } static void b() {} }",
        ],
    ),
    (
        "kotlin",
        &[
            "import A.*",
            "import a.A as B",
            "fun A() {\n    B()\n}",
            "class A : B() {\n    inner class Shape : run() {\n        fun a() {\n            b()\n            A.b()\n        }\n    }\n    fun b() {}\n}",
        ],
    ),
    ("bash", &["source ./A.sh", "A() { B; }", "B"]),
    (
        "c",
        &[
            "struct A *B(struct Shape *a, run b);",
            "typedef struct A B;",
            "B A;",
            "#include \"A.h\"",
            "#include <B.h>",
            "int A(int B);",
            "int A(void) { return B(1) + x->A(); }",
            "#define A(x) B(x)",
            "static int A(void) { return A(); }",
            "struct A { int B; };",
            "class Shape { void A(); };",
            "void Shape::A() { B(); this->A(); }",
            "struct A : public Shape, a::B { void run() { B(); Shape x; struct b : A { void a() { run(); this->B(); } }; } };",
            "#include \"a/A.h\"",
        ],
    ),
];

const LANGUAGES: [(&str, &str); 11] = [
    ("python", ".py"),
    ("javascript", ".js"),
    ("rust", ".rs"),
    ("go", ".go"),
    ("java", ".java"),
    ("ruby", ".rb"),
    ("bash", ".sh"),
    ("c", ".c"),
    ("cpp", ".h"),
    ("csharp", ".cs"),
    ("kotlin", ".kt"),
];

fn stem() -> impl Strategy<Value = &'static str> {
    prop_oneof![4 => name(), 1 => prop::sample::select(&["__init__", "index", "mod", "lib"][..])]
}

fn source(language: usize) -> impl Strategy<Value = Source> {
    let text = prop::collection::vec((any::<prop::sample::Index>(), name(), name()), 0..10);
    (prop::sample::select(&FOLDERS[..]), stem(), text).prop_map(move |(folder, stem, text)| {
        let (language, extension) = LANGUAGES[language % LANGUAGES.len()];
        Source {
            path: format!("{folder}{stem}{extension}"),
            language: Some(language.to_owned()),
            text: text.iter().map(|(at, a, b)| at.get(&lines(language, a, b)).clone() + "\n").collect(),
        }
    })
}

fn manifest() -> impl Strategy<Value = Source> {
    (prop::sample::select(&["", "a/"][..]), name(), 0..3_u8).prop_map(|(folder, name, which)| {
        let (file, text) = match which {
            0 => ("go.mod", "module example.com/m\n".to_owned()),
            1 => ("Cargo.toml", format!("[package]\nname = \"{name}\"\n")),
            _ => ("package.json", format!("{{ \"name\": \"@x/{name}\" }}\n")),
        };
        Source { path: format!("{folder}{file}"), language: None, text }
    })
}

/// Files, each path once: mostly of one language, so that they meet, and some of another.
fn repository() -> impl Strategy<Value = Vec<Source>> {
    let files = (0..LANGUAGES.len(), 0..LANGUAGES.len()).prop_flat_map(|(language, other)| {
        let more = prop::collection::vec(source(other), 0..3);
        (prop::collection::vec(source(language), 1..10), more, prop::collection::vec(manifest(), 0..4))
    });
    files.prop_map(|(mut all, more, manifests)| {
        all.extend(more);
        all.extend(manifests);
        all.sort_by(|a, b| a.path.cmp(&b.path));
        all.dedup_by(|a, b| a.path == b.path);
        all
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// This is what the key of a resolution promises.
    #[test]
    fn relations_depend_on_the_definitions_of_the_wanted_names_alone(
        sources in repository(),
        cut in any::<prop::sample::Index>(),
    ) {
        let cut = cut.index(sources.len());
        let (first, last) = sources.split_at(cut);
        let parts = [shard(first), shard(last)];
        let all: Vec<DefinitionRow> =
            parts.iter().flat_map(|part| part.definitions.rows::<DefinitionRow>().unwrap()).collect();
        let definitions: Vec<Batch> = parts.iter().map(|part| part.definitions.clone()).collect();
        let turned: Vec<Batch> = definitions.iter().rev().cloned().collect();
        let merged = merge_definitions(&definitions.iter().collect::<Vec<_>>()).unwrap();
        for part in &parts {
            let rows = relations(&part.references, &definitions);
            prop_assert_eq!(&rows, &relations(&part.references, &turned), "the order of segments does not matter");
            prop_assert_eq!(&rows, &relations(&part.references, std::slice::from_ref(&merged)), "nor where rows lie");
            let mut wanted_rows = filtered(&part.references, &all);
            wanted_rows.sort_by(|a, b| {
                (&a.name, &a.path, &a.kind, &a.qualified_name).cmp(&(&b.name, &b.path, &b.kind, &b.qualified_name))
            });
            let filtered = Batch::of(&wanted_rows).unwrap();
            prop_assert_eq!(&rows, &relations(&part.references, &[filtered]), "nor what no reference names");
            let has = |path: &str| sources.iter().any(|source| source.path == path);
            for row in &rows {
                let target = row.target_path.as_deref();
                prop_assert_eq!(target.is_some(), row.status == "resolved");
                let is_there = target.is_none_or(|path| {
                    has(path) || path == "." || sources.iter().any(|s| s.path.starts_with(&format!("{path}/")))
                });
                prop_assert!(is_there, "{:?} is not in the repository", target);
                if let (Some(path), Some(symbol)) = (target, &row.target_symbol) {
                    let is = |one: &DefinitionRow| {
                        let qualified = if one.qualified_name.is_empty() { &one.name } else { &one.qualified_name };
                        one.path == path && qualified == symbol
                    };
                    prop_assert!(all.iter().any(is), "{path}::{symbol} is not defined");
                }
            }
        }
    }

    #[test]
    fn merging_and_splitting_definitions_and_mentions_are_inverse(sources in repository(), size in 1..5_usize) {
        let parts: Vec<_> = sources.chunks(size).map(shard).collect();
        let definitions: Vec<Batch> = parts.iter().map(|part| part.definitions.clone()).collect();
        let mentioned: Vec<Batch> = parts.iter().map(|part| mentions(wanted(&part.references, &part.references.files)).unwrap()).collect();
        let segment = merge_definitions(&definitions.iter().collect::<Vec<_>>()).unwrap();
        crate::table::validate(&segment).unwrap();
        prop_assert_eq!(segment.len(), definitions.iter().map(Batch::len).sum::<usize>());
        let split = split_definitions(&segment, parts.len()).unwrap();
        let rows = |all: &[Batch]| all.iter().map(|b| b.rows::<DefinitionRow>().unwrap()).collect::<Vec<_>>();
        prop_assert_eq!(rows(&split), rows(&definitions));
        let segment = merge_mentions(&mentioned.iter().collect::<Vec<_>>()).unwrap();
        crate::table::validate(&segment).unwrap();
        let split = split_mentions(&segment, parts.len()).unwrap();
        let rows = |all: &[Batch]| all.iter().map(|b| b.rows::<MentionRow>().unwrap()).collect::<Vec<_>>();
        prop_assert_eq!(rows(&split), rows(&mentioned));
    }

    #[test]
    fn no_text_around_a_name_makes_the_readers_fail(text in "[a-z:.<>(){},=*&|'\" \n\\-]{0,60}", at in 0..70_usize) {
        use super::super::{around, bindings, locals, rules};
        for (language, _) in LANGUAGES {
            let rules = rules::of(language);
            let _ = around::around(&rules, text.as_bytes(), at.min(text.len()));
            let function = locals::Function { start: at / 3, body: at / 2 };
            let _ = locals::declares(rules.locals, text.as_bytes(), &[function], at, b"a");
            let imports = bindings::read(rules.binds, text.as_bytes(), at / 2, at);
            prop_assert!(imports.iter().all(|import| import.written.len() <= 3 * text.len() + 8));
            prop_assert!(bindings::exports(&text).all(|name| !name.is_empty()));
        }
    }
}
