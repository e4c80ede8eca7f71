//! The table of languages. Names of the first block are those of the grammars.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::base::Mode;
use crate::base::Mode::{Code, Prose, Records};

/// A language that files are recognised as.
#[derive(Debug)]
pub struct Language {
    pub name: &'static str,
    pub mode: Mode,
    /// Without the leading dot, separated by spaces.
    extensions: &'static str,
    /// Whole file names, separated by spaces.
    names: &'static str,
    /// Programs of a `#!` line, without version digits, separated by spaces.
    interpreters: &'static str,
}

const fn l(
    name: &'static str,
    mode: Mode,
    extensions: &'static str,
    names: &'static str,
    interpreters: &'static str,
) -> Language {
    Language { name, mode, extensions, names, interpreters }
}

/// Sorted by name; an extension, name or interpreter stands in one row only (tests hold both).
#[rustfmt::skip]
pub(super) static LANGUAGES: &[Language] = &[
    l("ada", Code, "adb ads", "", ""),
    l("asciidoc", Prose, "adoc asciidoc", "", ""),
    l("assembly", Code, "s asm nasm", "", ""),
    l("awk", Code, "awk", "", "awk gawk mawk"),
    l("bash", Code, "sh bash ksh bats ebuild eclass", ".bashrc .bash_profile .bash_aliases .bash_logout .profile PKGBUILD APKBUILD gradlew", "sh bash dash ash ksh bats"),
    l("batch", Code, "bat cmd", "", ""),
    l("bibtex", Records, "bib", "", ""),
    l("c", Code, "c h", "", "tcc"),
    l("clojure", Code, "clj cljs cljc edn", "", "bb clojure"),
    l("cmake", Code, "cmake cmake.in", "CMakeLists.txt", ""),
    l("coq", Code, "", "", ""),
    l("cpp", Code, "cc cpp cxx c++ hpp hh hxx h++ ipp inl tpp txx ixx cppm cu cuh ino", "", ""),
    l("crystal", Code, "cr", "", "crystal"),
    l("csharp", Code, "cs csx", "", "dotnet-script"),
    l("css", Code, "css", "", ""),
    l("csv", Records, "csv tsv", "", ""),
    l("d", Code, "d di", "", "rdmd"),
    l("dart", Code, "dart", "", "dart"),
    l("devicetree", Records, "dts dtsi dtso", "", ""),
    l("diff", Records, "diff patch", "", ""),
    l("dockerfile", Code, "dockerfile containerfile", "Dockerfile Containerfile", ""),
    l("dot", Records, "dot gv", "", ""),
    l("dotenv", Records, "env.example env.sample env.template", ".env.example .env.sample .env.template .env.dist", ""),
    l("elisp", Code, "el", ".emacs", "emacs"),
    l("elixir", Code, "ex exs", "", "elixir"),
    l("elm", Code, "elm", "", ""),
    l("erb", Code, "erb", "", ""),
    l("erlang", Code, "erl hrl escript app.src", "rebar.config", "escript"),
    l("fish", Code, "fish", "", "fish"),
    l("fortran", Code, "f f77 f90 f95 f03 f08 f18 for ftn fpp", "", ""),
    l("fsharp", Code, "fs fsi fsx", "", ""),
    l("gdscript", Code, "gd", "", ""),
    l("gettext", Records, "po pot", "", ""),
    l("gleam", Code, "gleam", "", ""),
    l("glsl", Code, "glsl vert frag comp geom tesc tese", "", ""),
    l("go", Code, "go", "", "gorun"),
    l("go-module", Records, "", "go.mod go.sum go.work go.work.sum", ""),
    l("graphql", Code, "graphql gql graphqls", "", ""),
    l("groovy", Code, "groovy gradle gvy", "Jenkinsfile", "groovy"),
    l("haskell", Code, "hs hs-boot hsc", "", "runhaskell runghc stack"),
    l("hcl", Records, "hcl tf tfvars tofu nomad", "", ""),
    l("html", Code, "html htm xhtml tpl.html html.j2 html.jinja", "", ""),
    l("ignore-list", Records, "", ".gitignore .sawmillignore .dockerignore .npmignore .eslintignore .prettierignore .hgignore .ignore .gcloudignore .helmignore", ""),
    l("ini", Records, "ini cfg conf cnf desktop editorconfig", ".editorconfig .gitconfig .gitmodules .flake8 .pylintrc .coveragerc", ""),
    l("java", Code, "java", "", ""),
    l("javascript", Code, "js mjs cjs jsx es6", "Jakefile", "node nodejs deno-js rhino"),
    l("json", Records, "json jsonc json5 geojson webmanifest avsc har sarif", ".babelrc .eslintrc .prettierrc .jshintrc composer.lock Pipfile.lock .watchmanconfig", ""),
    l("json-lines", Records, "jsonl ndjson", "", ""),
    l("julia", Code, "jl", "", "julia"),
    l("jupyter", Code, "ipynb", "", ""),
    l("kconfig", Records, "", "Kconfig", ""),
    l("kotlin", Code, "kt kts gradle.kts", "", "kotlin"),
    l("latex", Prose, "tex sty cls ltx", "", ""),
    l("less", Code, "less", "", ""),
    l("linker-script", Code, "ld lds lds.s", "", ""),
    l("lisp", Code, "lisp lsp asd", "", "sbcl clisp"),
    l("literate-haskell", Prose, "lhs", "", ""),
    l("lua", Code, "lua rockspec", ".luacheckrc", "lua luajit"),
    l("m4", Code, "m4 ac", "configure.ac configure.in", "m4"),
    l("make", Code, "mk mak make am", "Makefile makefile GNUmakefile Kbuild Makefile.am Makefile.in", "make"),
    l("man", Prose, "man 1 2 3 4 5 6 7 8", "", ""),
    l("markdown", Prose, "md markdown mdown mkd mdx mdc", "", ""),
    l("matlab", Code, "", "", "octave"),
    l("meson", Code, "", "meson.build meson_options.txt", ""),
    l("nginx", Records, "", "nginx.conf", ""),
    l("nim", Code, "nim nims nimble", "", "nim"),
    l("nix", Code, "nix", "", ""),
    l("objective-c", Code, "m", "", ""),
    l("objective-cpp", Code, "mm", "", ""),
    l("ocaml", Code, "ml", "", "ocaml ocamlrun"),
    l("ocaml-interface", Code, "mli", "", ""),
    l("org", Prose, "org", "", ""),
    l("pascal", Code, "pas dpr lpr", "", "instantfpc"),
    l("perl", Code, "pl pm t psgi", "cpanfile Makefile.PL", "perl"),
    l("php", Code, "php phtml php3 php5 blade.php", "", "php"),
    l("pod", Prose, "pod", "", ""),
    l("powershell", Code, "ps1 psm1 psd1", "", "pwsh powershell"),
    l("prisma", Code, "prisma", "", ""),
    l("prolog", Code, "prolog", "", "swipl"),
    l("properties", Records, "properties", "", ""),
    l("protobuf", Code, "proto", "", ""),
    l("puppet", Code, "pp", "", ""),
    l("python", Code, "py pyi pyw pyx pxd gyp gypi wsgi", "SConstruct SConscript wscript", "python pypy"),
    l("r", Code, "r", ".Rprofile", "rscript Rscript"),
    l("racket", Code, "rkt", "", "racket"),
    l("requirements", Records, "", "requirements.txt requirements-dev.txt constraints.txt", ""),
    l("rst", Prose, "rst", "", ""),
    l("ruby", Code, "rb rake gemspec ru rbi jbuilder podspec", "Rakefile Gemfile Guardfile Podfile Vagrantfile Capfile Brewfile Fastfile .irbrc", "ruby jruby rake macruby"),
    l("rust", Code, "rs rs.in", "", "rust-script cargo"),
    l("sass", Code, "sass", "", ""),
    l("scala", Code, "scala sc sbt", "", "scala"),
    l("scheme", Code, "scm ss sld", "", "guile csi"),
    l("scss", Code, "scss", "", ""),
    l("solidity", Code, "sol", "", ""),
    l("sql", Code, "sql psql ddl dml", "", ""),
    l("starlark", Code, "bzl bazel star", "BUILD BUCK WORKSPACE MODULE.bazel Tiltfile", ""),
    l("subrip", Prose, "srt vtt", "", ""),
    l("svelte", Code, "svelte", "", ""),
    l("svg", Records, "svg", "", ""),
    l("swift", Code, "swift", "", "swift"),
    l("systemverilog", Code, "sv svh", "", ""),
    l("tcl", Code, "tcl", "", "tclsh wish expect"),
    l("text", Prose, "txt text", "", ""),
    l("thrift", Code, "thrift", "", ""),
    l("toml", Records, "toml", "Cargo.lock poetry.lock uv.lock Pipfile Gopkg.lock", ""),
    l("tsx", Code, "tsx", "", ""),
    l("typescript", Code, "ts mts cts d.ts d.mts d.cts", "", "deno bun ts-node tsx"),
    l("vala", Code, "vala vapi", "", ""),
    l("verilog", Code, "v vh", "", ""),
    l("vhdl", Code, "vhd vhdl", "", ""),
    l("vim", Code, "vim", ".vimrc .gvimrc", ""),
    l("vue", Code, "vue", "", ""),
    l("webassembly-text", Code, "wat wast", "", ""),
    l("wgsl", Code, "wgsl", "", ""),
    l("xml", Records, "xml xsd xsl xslt wsdl rng xaml csproj vbproj fsproj vcxproj props targets plist resx xlf pom xmi ui", "", ""),
    l("yacc", Code, "y yy l mly mll", "", ""),
    l("yaml", Records, "yaml yml sublime-syntax cff", ".clang-format .clang-tidy .clangd CITATION.cff pubspec.lock", ""),
    l("zig", Code, "zig zon", "", ""),
    l("zsh", Code, "zsh", ".zshrc .zshenv .zprofile", "zsh"),
];

/// Every language name that `languages.map` may use, sorted.
pub fn known_languages() -> impl Iterator<Item = &'static str> {
    LANGUAGES.iter().map(|language| language.name)
}

/// The language of that name.
pub fn language(name: &str) -> Option<&'static Language> {
    LANGUAGES.binary_search_by(|language| language.name.cmp(name)).ok().and_then(|at| LANGUAGES.get(at))
}

impl Language {
    /// The name as a shared text: one allocation a process, however many files.
    pub fn shared_name(&self) -> Arc<str> {
        static NAMES: OnceLock<Vec<Arc<str>>> = OnceLock::new();
        let names = NAMES.get_or_init(|| known_languages().map(Arc::from).collect());
        let at = LANGUAGES.binary_search_by(|language| language.name.cmp(self.name)).ok();
        at.and_then(|at| names.get(at)).map_or_else(|| self.name.into(), Arc::clone)
    }

    pub fn extensions(&self) -> impl Iterator<Item = &'static str> {
        self.extensions.split_ascii_whitespace()
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.names.split_ascii_whitespace()
    }

    pub fn interpreters(&self) -> impl Iterator<Item = &'static str> {
        self.interpreters.split_ascii_whitespace()
    }
}

/// Word → the same word as text, and its language.
type Lookup = BTreeMap<&'static [u8], (&'static str, &'static Language)>;

fn lookup<I: Iterator<Item = &'static str>>(words: impl Fn(&'static Language) -> I) -> Lookup {
    LANGUAGES.iter().flat_map(|l| words(l).map(move |word| (word.as_bytes(), (word, l)))).collect()
}

pub(super) fn by_name(name: &[u8]) -> Option<&'static Language> {
    static LOOKUP: OnceLock<Lookup> = OnceLock::new();
    LOOKUP.get_or_init(|| lookup(Language::names)).get(name).map(|found| found.1)
}

/// The known extension and its language.
pub(super) fn by_extension(extension: &[u8]) -> Option<(&'static str, &'static Language)> {
    static LOOKUP: OnceLock<Lookup> = OnceLock::new();
    LOOKUP.get_or_init(|| lookup(Language::extensions)).get(extension).copied()
}

pub(super) fn by_interpreter(program: &[u8]) -> Option<&'static Language> {
    static LOOKUP: OnceLock<Lookup> = OnceLock::new();
    LOOKUP.get_or_init(|| lookup(Language::interpreters)).get(program).map(|found| found.1)
}
