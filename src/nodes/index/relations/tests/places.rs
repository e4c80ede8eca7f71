//! Where imports lead, for languages that have no literate cases.

use super::harness::relations;
use crate::nodes::{Before, Binding, Extent, Reference, References, ReferringFile, Relation, SeenBy};
use crate::table::Batch;
use crate::table::schema::DefinitionRow;

use super::super::defined::{DIRECTORY, FILE, directory_name, file_name};

/// The rows of `definitions` for files and their directories.
fn definitions(paths: &[&str]) -> Batch {
    let row = |name: String, path: &str, kind: &str| DefinitionRow {
        name,
        path: path.to_owned(),
        kind: kind.to_owned(),
        ..DefinitionRow::default()
    };
    let mut rows: Vec<DefinitionRow> = paths.iter().map(|path| row(file_name(path), path, FILE)).collect();
    let directories = paths.iter().filter_map(|path| path.rsplit_once('/'));
    rows.extend(directories.map(|(path, _)| row(directory_name(path), path, DIRECTORY)));
    rows.sort_by(|a, b| (&a.name, &a.path, &a.kind).cmp(&(&b.name, &b.path, &b.kind)));
    rows.dedup();
    Batch::of(&rows).unwrap()
}

fn found(language: &str, from: &str, written: &str, paths: &[&str]) -> String {
    let mut references = References::default();
    let (language, written) = (references.intern(language), references.intern(written));
    let empty = references.intern("");
    references.rows.push(Reference {
        relation: Relation::Imports,
        line: 1,
        chunk: empty,
        language,
        name: written,
        written,
        scope: empty,
        within: 0,
        module: empty,
        at: 0,
        before: Before::Nothing,
    });
    let extent = Extent { scope: empty, start: 0, end: u32::MAX, directly: false };
    references.bindings.push(Binding { row: 0, local: empty, member: empty, extent, seen_by: SeenBy::File });
    references.files.push(ReferringFile { path: from.to_owned(), rows: 0..1 });
    let rows = relations(&references, &[definitions(paths)]);
    assert_eq!(rows.len(), 1);
    rows[0].target_path.clone().unwrap_or_else(|| rows[0].status.clone())
}

#[test]
fn imports_lead_where_their_languages_look() {
    let table: &[(&str, &str, &str, &[&str], &str)] = &[
        ("hcl", "infra/main.tf", "./modules/net", &["infra/modules/net/main.tf"], "infra/modules/net"),
        ("hcl", "infra/main.tf", "../shared", &["shared/x.tf"], "shared"),
        ("hcl", "main.tf", "terraform-aws-modules/vpc/aws", &["vpc/aws/main.tf"], "unresolved"),
        ("hcl", "main.tf", "git::https://example.com/net.git", &["net.git/main.tf"], "unresolved"),
        ("cmake", "CMakeLists.txt", "src", &["src/CMakeLists.txt"], "src/CMakeLists.txt"),
        ("cmake", "a/CMakeLists.txt", "cmake/x", &["cmake/x.cmake"], "cmake/x.cmake"),
        ("make", "a/Makefile", "rules.mk", &["a/rules.mk", "rules.mk"], "a/rules.mk"),
        ("make", "a/Makefile", "$(TOP)/rules.mk", &["rules.mk"], "unresolved"),
        ("protobuf", "api/a.proto", "api/b.proto", &["api/b.proto"], "api/b.proto"),
        ("protobuf", "api/a.proto", "google/protobuf/any.proto", &["x/any.proto"], "unresolved"),
        ("starlark", "a/BUILD", "//tools/build:defs.bzl", &["tools/build/defs.bzl"], "tools/build/defs.bzl"),
        ("starlark", "a/BUILD", ":local.bzl", &["a/local.bzl", "local.bzl"], "a/local.bzl"),
        ("starlark", "a/BUILD", "@rules//a:b.bzl", &["a/b.bzl"], "unresolved"),
        ("starlark", "a/BUILD", "@//x:b.bzl", &["x/b.bzl"], "x/b.bzl"),
        (
            "yaml",
            ".github/workflows/ci.yml",
            "./.github/actions/x",
            &[".github/actions/x/action.yml"],
            ".github/actions/x/action.yml",
        ),
        ("yaml", ".github/workflows/ci.yml", "actions/checkout@v4", &["actions/checkout/action.yml"], "unresolved"),
        ("nix", "pkgs/default.nix", "./lib", &["pkgs/lib/default.nix"], "pkgs/lib/default.nix"),
        ("lua", "src/a.lua", "app.util", &["src/app/util.lua"], "src/app/util.lua"),
        ("php", "src/A.php", r"App\Model\User", &["lib/App/Model/User.php"], "lib/App/Model/User.php"),
        ("php", "src/A.php", r"App\Model\User", &["a/App/Model/User.php", "b/App/Model/User.php"], "ambiguous"),
        ("kotlin", "app/src/A.kt", "com.x.B", &["app/src/com/x/B.kt", "lib/src/com/x/B.kt"], "app/src/com/x/B.kt"),
        ("scala", "src/A.scala", "com.x._", &["src/com/x/B.scala"], "src/com/x"),
        ("perl", "bin/run", "My::Mod", &["lib/My/Mod.pm"], "lib/My/Mod.pm"),
        ("haskell", "app/Main.hs", "Data.Thing", &["src/Data/Thing.hs"], "src/Data/Thing.hs"),
        ("dart", "lib/a.dart", "src/b.dart", &["lib/src/b.dart"], "lib/src/b.dart"),
        ("dart", "lib/a.dart", "package:x/b.dart", &["lib/b.dart"], "unresolved"),
        ("csharp", "A.cs", "System.Linq", &["System/Linq.cs"], "unresolved"),
        ("zig", "src/main.zig", "x/y.zig", &["src/x/y.zig"], "src/x/y.zig"),
        ("bash", "a/run.sh", "../lib", &["lib.sh"], "lib.sh"),
        ("bash", "run.sh", "../../lib.sh", &["lib.sh"], "unresolved"),
        ("ruby", "app/x.rb", "..", &["x.rb"], "unresolved"),
        ("java", "A.java", "..", &["x.java"], "unresolved"),
        ("cobol", "a/x.cob", "copy.cpy", &["a/copy.cpy"], "a/copy.cpy"),
    ];
    for (language, from, written, paths, expected) in table {
        assert_eq!(found(language, from, written, paths), *expected, "{language}: {written} in {from}");
    }
}

#[test]
fn imports_that_are_no_paths_lead_nowhere() {
    let long = "x/".repeat(400);
    let strange =
        ["", " ", "/", "//", ".", "..", "../..", "\\", "::", "*", "\"", "a/../../b", &long, "\u{0}", "é\u{301}"];
    for language in
        ["c", "python", "javascript", "go", "rust", "java", "ruby", "bash", "php", "starlark", "yaml", "lua", ""]
    {
        for written in strange {
            let found = found(language, "a/b/c.x", written, &["z/other.x"]);
            assert_eq!(found, "unresolved", "{language}: {written:?}");
        }
    }
}
