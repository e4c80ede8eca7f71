//! What part a file plays in its repository, and what told it.

use std::sync::{Arc, OnceLock};

use super::mark::Mark;

/// The part a file plays. The first that fits, in this order of declaration; a test inside a vendored library is
/// vendored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Someone else's, carried along.
    Vendored,
    /// Written by a program.
    Generated,
    /// Made small for machines.
    Minified,
    Test,
    Documentation,
    /// Everything else.
    Source,
}

impl Role {
    pub const ALL: [Self; 6] =
        [Self::Vendored, Self::Generated, Self::Minified, Self::Test, Self::Documentation, Self::Source];

    pub fn name(self) -> &'static str {
        match self {
            Self::Vendored => "vendored",
            Self::Generated => "generated",
            Self::Minified => "minified",
            Self::Test => "test",
            Self::Documentation => "documentation",
            Self::Source => "source",
        }
    }

    /// The name as a shared text: one allocation a process.
    pub fn shared_name(self) -> Arc<str> {
        static NAMES: OnceLock<[Arc<str>; 6]> = OnceLock::new();
        let names = NAMES.get_or_init(|| Self::ALL.map(|role| role.name().into()));
        names.get(self as usize).map_or_else(|| self.name().into(), Arc::clone)
    }

    /// The role of the file at `path` (relative to its repository; letter case does not matter) whose text has `mark`.
    pub fn of(path: &[u8], mark: Option<Mark>) -> Self {
        Self::told(path, mark).0
    }

    /// The rules that tell this role, in words: what is looked at, and the texts that decide.
    pub fn rules(self) -> Vec<(&'static str, Vec<String>)> {
        const DIRECTORY: &str = "a directory above it is called";
        const ROOT: &str =
            "the first directory of its path, with one below it, is called, but not for Erlang and Elixir,";
        const NAME: &str = "its name is";
        const STARTS: &str = "its name starts with";
        const ENDS: &str = "its name ends with";
        const STEM: &str = "its name without the extension ends with";
        let lists: &[(&'static str, &[&[u8]])] = match self {
            Self::Vendored => &[(DIRECTORY, VENDORED_DIRS), (ROOT, VENDORED_ROOTS)],
            Self::Generated => &[
                (DIRECTORY, GENERATED_DIRS),
                (NAME, GENERATED_NAMES),
                (ENDS, GENERATED_ENDS),
                (STARTS, GENERATED_STARTS),
                (STEM, GENERATED_STEMS),
            ],
            Self::Minified => &[(ENDS, MINIFIED_ENDS)],
            Self::Test => &[
                (DIRECTORY, TEST_DIRS),
                (STARTS, TEST_STARTS),
                (NAME, TEST_NAMES),
                (STEM, TEST_STEMS),
                ("as before, in this letter case", TEST_CASED_STEMS),
            ],
            Self::Documentation => &[
                (DIRECTORY, DOCUMENTATION_DIRS),
                (ENDS, DOCUMENTATION_ENDS),
                ("up to its first `.` or `-`, and not for code, it is", DOCUMENTATION_STEMS),
            ],
            Self::Source => &[],
        };
        let texts = |words: &[&[u8]]| words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect();
        let by_path = lists.iter().map(|(what, words)| (*what, texts(words)));
        let by_text = match self {
            Self::Generated => Mark::Generated.rules(),
            Self::Minified => Mark::Minified.rules(),
            Self::Vendored | Self::Test | Self::Documentation | Self::Source => Vec::new(),
        };
        by_path.chain(by_text).collect()
    }

    /// The role, and what told it.
    pub fn told(path: &[u8], mark: Option<Mark>) -> (Self, RoleRule) {
        let lower = path.to_ascii_lowercase();
        let (dirs, name) = match lower.iter().rposition(|b| *b == b'/') {
            Some(slash) => (lower.get(..slash).unwrap_or_default(), lower.get(slash + 1..).unwrap_or_default()),
            None => (&[][..], &lower[..]),
        };
        let within = |known: &[&'static [u8]]| {
            let known = |dir| known.binary_search(&dir).ok().and_then(|at| known.get(at));
            dirs.split(|b| *b == b'/').find_map(known).map(|dir| RoleRule::Directory(dir))
        };
        let found = |role: Self, rule: Option<RoleRule>| rule.map(|rule| (role, rule));
        let marked = |by: Mark| (mark == Some(by)).then_some(RoleRule::Mark(by));
        let is_generated = || within(GENERATED_DIRS).or_else(|| generated(name)).or_else(|| marked(Mark::Generated));
        found(Self::Vendored, within(VENDORED_DIRS).or_else(|| root(dirs, name)))
            .or_else(|| found(Self::Generated, is_generated()))
            .or_else(|| found(Self::Minified, end(name, MINIFIED_ENDS).or_else(|| marked(Mark::Minified))))
            .or_else(|| found(Self::Test, within(TEST_DIRS).or_else(|| test(name, path))))
            .or_else(|| found(Self::Documentation, within(DOCUMENTATION_DIRS).or_else(|| documentation(name))))
            .unwrap_or((Self::Source, RoleRule::Nothing))
    }
}

/// What told a role. Words are in lower case, but those of `Stem`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleRule {
    /// The name of a directory above the file.
    Directory(&'static [u8]),
    /// The name of the first directory of the path, with another below it.
    Root(&'static [u8]),
    /// The file's whole name.
    Name(&'static [u8]),
    /// The name starts so.
    Start(&'static [u8]),
    /// The name ends so.
    End(&'static [u8]),
    /// The name without its extension ends so.
    Stem(&'static [u8]),
    /// The text.
    Mark(Mark),
    /// Nothing: what no rule knows is source.
    Nothing,
}

// Sorted, for binary search; a test holds it.
const VENDORED_DIRS: &[&[u8]] = &[
    b"3rdparty",
    b"bower_components",
    b"external_libs",
    b"godeps",
    b"jspm_packages",
    b"node_modules",
    b"site-packages",
    b"third-party",
    b"third_party",
    b"thirdparty",
    b"vendor",
    b"vendored",
    b"vendors",
];
/// With a directory below, at the root of a repository: others' libraries, one a directory (`deps/lua/src/lapi.c` of
/// Redis). Deeper, and for files of its own (`deps/build.jl`), such a directory is as often a part of the program.
const VENDORED_ROOTS: &[&[u8]] = &[b"deps", b"extern", b"externals"];
/// Of Erlang and Elixir: their tools fetch `deps` and keep it out of the repository, so that what is tracked there is
/// the project's own (RabbitMQ).
const OWN_IN_DEPS: &[&[u8]] = &[b".erl", b".hrl", b".ex", b".exs", b".eex", b".heex"];
const GENERATED_DIRS: &[&[u8]] = &[b"__generated__", b"__snapshots__", b"autogen", b"generated"];
const GENERATED_NAMES: &[&[u8]] = &[
    b"bun.lock",
    b"cargo.lock",
    b"composer.lock",
    b"deno.lock",
    b"flake.lock",
    b"gemfile.lock",
    b"go.sum",
    b"go.work.sum",
    b"gradle.lockfile",
    b"mix.lock",
    b"npm-shrinkwrap.json",
    b"package-lock.json",
    b"packages.lock.json",
    b"pipfile.lock",
    b"pnpm-lock.yaml",
    b"podfile.lock",
    b"poetry.lock",
    b"pubspec.lock",
    b"uv.lock",
    b"yarn.lock",
];
const GENERATED_ENDS: &[&[u8]] = &[
    b".pb.go",
    b".pb.cc",
    b".pb.h",
    b"_pb2.py",
    b"_pb2.pyi",
    b"_pb2_grpc.py",
    b"_grpc.pb.go",
    b".pb.gw.go",
    b".g.dart",
    b".freezed.dart",
    b".designer.cs",
    b".g.cs",
    b".js.map",
    b".css.map",
    b".mjs.map",
];
const MINIFIED_ENDS: &[&[u8]] =
    &[b".min.js", b".min.mjs", b".min.cjs", b".min.css", b"-min.js", b"-min.css", b".min.html"];
const TEST_DIRS: &[&[u8]] = &[
    b"__fixtures__",
    b"__mocks__",
    b"__tests__",
    b"e2e",
    b"fixtures",
    b"selftests",
    b"spec",
    b"specs",
    b"test",
    b"test-data",
    b"test-fixtures",
    b"testdata",
    b"testing",
    b"tests",
];
const DOCUMENTATION_DIRS: &[&[u8]] = &[b"doc", b"docs", b"documentation", b"javadoc", b"man", b"manual"];
const DOCUMENTATION_ENDS: &[&[u8]] =
    &[b".md", b".markdown", b".mdx", b".rst", b".adoc", b".asciidoc", b".org", b".pod"];
const DOCUMENTATION_STEMS: &[&[u8]] = &[
    b"authors",
    b"changelog",
    b"changes",
    b"code_of_conduct",
    b"contributing",
    b"contributors",
    b"copying",
    b"copyright",
    b"history",
    b"install",
    b"licence",
    b"license",
    b"news",
    b"notice",
    b"readme",
    b"security",
];

const GENERATED_STARTS: &[&[u8]] = &[b"zz_generated"];
const GENERATED_STEMS: &[&[u8]] = &[b".generated", b"_generated", b".gen"];
const TEST_NAMES: &[&[u8]] = &[b"conftest.py"];
const TEST_STARTS: &[&[u8]] = &[b"test_"];
const TEST_STEMS: &[&[u8]] = &[b"_test", b".test", b".spec", b"_spec", b"_tests", b"-test"];
/// In this letter case: Java's `UserTest` is a test, `latest` is not.
const TEST_CASED_STEMS: &[&[u8]] = &[b"Test", b"Tests", b"TestCase", b"Spec"];

fn root(dirs: &[u8], name: &[u8]) -> Option<RoleRule> {
    let first = dirs.iter().position(|b| *b == b'/').and_then(|slash| dirs.get(..slash))?;
    let known = VENDORED_ROOTS.binary_search(&first).ok().and_then(|at| VENDORED_ROOTS.get(at));
    known.filter(|_| end(name, OWN_IN_DEPS).is_none()).map(|dir| RoleRule::Root(dir))
}

fn end(name: &[u8], known: &[&'static [u8]]) -> Option<RoleRule> {
    known.iter().find(|end| name.ends_with(end)).map(|end| RoleRule::End(end))
}

fn stem(name: &[u8], known: &[&'static [u8]]) -> Option<RoleRule> {
    known.iter().find(|end| ends_before_extension(name, end)).map(|end| RoleRule::Stem(end))
}

fn start(name: &[u8], known: &[&'static [u8]]) -> Option<RoleRule> {
    known.iter().find(|start| name.starts_with(start)).map(|start| RoleRule::Start(start))
}

fn whole(name: &[u8], known: &[&'static [u8]]) -> Option<RoleRule> {
    known.binary_search(&name).ok().and_then(|at| known.get(at)).map(|name| RoleRule::Name(name))
}

fn generated(name: &[u8]) -> Option<RoleRule> {
    whole(name, GENERATED_NAMES)
        .or_else(|| end(name, GENERATED_ENDS))
        .or_else(|| start(name, GENERATED_STARTS))
        .or_else(|| stem(name, GENERATED_STEMS))
}

/// `path` keeps the letter case of `name`.
fn test(name: &[u8], path: &[u8]) -> Option<RoleRule> {
    let written = path.rsplit(|b| *b == b'/').next().unwrap_or(path);
    start(name, TEST_STARTS)
        .or_else(|| whole(name, TEST_NAMES))
        .or_else(|| stem(name, TEST_STEMS))
        .or_else(|| stem(written, TEST_CASED_STEMS))
}

fn documentation(name: &[u8]) -> Option<RoleRule> {
    let stem = name.split(|b| matches!(b, b'.' | b'-')).next().unwrap_or(name);
    let known = || {
        let stem = DOCUMENTATION_STEMS.binary_search(&stem).ok().and_then(|at| DOCUMENTATION_STEMS.get(at))?;
        if name.len() == stem.len() {
            return Some(RoleRule::Name(stem));
        }
        (*stem != b"install" && !is_code_name(name)).then_some(RoleRule::Start(stem))
    };
    end(name, DOCUMENTATION_ENDS).or_else(known)
}

/// `history.rs` and `license.py` are code whatever their stem; `LICENSE-MIT`, `CHANGES.txt` are not.
fn is_code_name(name: &[u8]) -> bool {
    name.iter()
        .rposition(|b| *b == b'.')
        .is_some_and(|dot| !matches!(name.get(dot..), Some(b".txt" | b".html" | b".old")))
}

/// Does `name` without its last extension end with `end`, with something before it?
fn ends_before_extension(name: &[u8], end: &[u8]) -> bool {
    let Some(dot) = name.iter().rposition(|b| *b == b'.') else { return false };
    name.get(..dot).is_some_and(|stem| stem.len() > end.len() && stem.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_paths_have_their_roles() {
        for (role, paths) in [
            (
                Role::Vendored,
                "vendor/a.go x/node_modules/y/test/z.js third_party/LICENSE Vendor/x.rs deps/lua/src/lapi.c \
                 deps/jemalloc/test/a.c extern/fmt/README.md",
            ),
            (
                Role::Generated,
                "Cargo.lock a/foo.pb.go x_pb2.py api.generated.ts schema_generated.rs zz_generated.deepcopy.go a/__generated__/q.ts app.js.map",
            ),
            (Role::Minified, "static/jquery.min.js a/site.min.css x-min.js"),
            (
                Role::Test,
                "tests/it/main.rs src/test/java/A.java foo_test.go a.spec.ts test_x.py conftest.py UserTest.java spec/x_spec.rb UserSpec.scala",
            ),
            (
                Role::Documentation,
                "README docs/conf.py a/b.md LICENSE-MIT COPYING man/x.1 Documentation/x.c CHANGES.txt INSTALL",
            ),
            (
                Role::Source,
                "deps/build.jl deps.c src/query/deps/mod.rs lib/internal/deps/a.js deps/rabbit/src/rabbit.erl deps \
                 src/main.rs latest.py contest.go attest.java Makefile src/history.rs license.py testament.rs vendor.rs docs.rs install.sh .test",
            ),
        ] {
            for path in paths.split(' ') {
                assert_eq!(Role::of(path.as_bytes(), None), role, "{path}");
            }
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        for list in [
            VENDORED_DIRS,
            VENDORED_ROOTS,
            GENERATED_DIRS,
            GENERATED_NAMES,
            TEST_DIRS,
            TEST_NAMES,
            DOCUMENTATION_DIRS,
            DOCUMENTATION_STEMS,
        ] {
            assert!(
                list.is_sorted_by(|a, b| a < b),
                "{:?}",
                list.iter().map(|w| String::from_utf8_lossy(w)).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn each_role_shares_its_name() {
        for role in Role::ALL {
            assert_eq!(&*role.shared_name(), role.name());
        }
    }
}
