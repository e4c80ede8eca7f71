//! What each language's rules of visibility are, as far as names and paths tell them.

/// How far a name reaches without an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The file.
    File,
    /// The files beside it, as in a Go package.
    Directory,
    /// The repository: what is linked or loaded together shares its functions.
    Repository,
}

/// What an import names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imports {
    /// A header, looked for beside the file and in the `include` directories around it.
    Header,
    /// A module with dots: a Python file or package, relative where dots lead.
    Python,
    /// A path, relative where it begins with `.`; extensions and index files may be left out.
    Script,
    /// The directory of a package, below that of its module.
    GoPackage,
    /// A path of modules from the root of a crate.
    Rust,
    /// Words, a directory each: separators as written, extensions of the last.
    Words(&'static [&'static str], &'static [&'static str]),
    /// A file or directory by its path, from the file or from the root.
    Path(&'static [&'static str]),
    /// As `Path`; a file with one of these names stands for its directory.
    Files(&'static [&'static str], &'static [&'static str]),
    /// A Ruby file: beside the importing one, or below a `lib` around it.
    Ruby,
    /// A Starlark label: `//directory:file`, `:file`.
    Label,
    /// Names that tell no file: namespaces.
    Nothing,
}

/// How an import names what it brings in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binds {
    /// Everything in the file or directory, by its own name.
    All,
    Python,
    Script,
    Go,
    Rust,
    Java,
    /// As `All`; what is required may be relative.
    Ruby,
}

/// The rules of one language.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Languages of one family see each other's definitions.
    pub family: &'static str,
    pub reach: Reach,
    pub imports: Imports,
    pub binds: Binds,
    /// Between names of modules or types and their members.
    pub of_names: &'static [&'static str],
    /// Between a value and its member, where that is told apart.
    pub of_values: &'static [&'static str],
    /// Names of the type whose members are meant, before one of `of_names`.
    pub receivers: &'static [&'static str],
    /// Names of the value whose members are meant, before one of `of_values`.
    pub values: &'static [&'static str],
    /// Of `values`, those that are modules where names stand.
    pub modules: &'static [&'static str],
    /// Names of what the type around inherits from.
    pub parents: &'static [&'static str],
    /// A plain call may mean a member of the type around it.
    pub members: bool,
    /// A value may be called by its own name, so that a local name hides a function.
    pub locals: Locals,
}

/// How a function declares local names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locals {
    /// They are not called.
    None,
    /// In its head.
    Head,
    /// The outline marks what they are.
    Tree,
}

const NONE: &[&str] = &[];
const DOT: &[&str] = &["."];
pub const COLONS: &[&str] = &["::"];
const THIS: &[&str] = &["this"];
const SELF: &[&str] = &["self"];

const fn rules(family: &'static str, reach: Reach, imports: Imports) -> Rules {
    Rules {
        family,
        reach,
        imports,
        binds: Binds::All,
        of_names: DOT,
        of_values: NONE,
        receivers: NONE,
        values: NONE,
        modules: NONE,
        parents: NONE,
        members: false,
        locals: Locals::Head,
    }
}

impl Rules {
    /// The words before members, where `.` stands before all of them.
    const fn own(self, own: &'static [&'static str], parents: &'static [&'static str]) -> Self {
        Self { receivers: own, values: own, parents, ..self }
    }

    /// The signs between names, and those behind values.
    const fn signs(self, of_names: &'static [&'static str], of_values: &'static [&'static str]) -> Self {
        Self { of_names, of_values, ..self }
    }

    const fn binds(self, binds: Binds) -> Self {
        Self { binds, ..self }
    }

    const fn locals(self, locals: Locals) -> Self {
        Self { locals, ..self }
    }

    /// Plain calls reach members.
    const fn members(self) -> Self {
        Self { members: true, ..self }
    }
}

const C: Rules = rules("c", Reach::Repository, Imports::Header)
    .signs(COLONS, &[".", "->"])
    .own(THIS, NONE)
    .members()
    .locals(Locals::Tree);
const PYTHON: Rules = rules("python", Reach::File, Imports::Python)
    .binds(Binds::Python)
    .own(&["self", "cls"], &["super"])
    .locals(Locals::Tree);
const SCRIPT: Rules = rules("script", Reach::File, Imports::Script)
    .binds(Binds::Script)
    .signs(DOT, &["?."])
    .own(THIS, &["super"])
    .locals(Locals::Tree);
const RUST: Rules = Rules {
    receivers: &["Self"],
    values: SELF,
    modules: SELF,
    ..rules("rust", Reach::File, Imports::Rust).binds(Binds::Rust).signs(COLONS, DOT).locals(Locals::Tree)
};
const JVM: &[&str] = &["java", "kt", "scala", "groovy"];
const PHP_OWN: &[&str] = &["self", "static"];

/// The rules of `language`. A language that nothing is said of sees its own file, and imports by path.
pub fn of(language: &str) -> Rules {
    use Imports::{Files, GoPackage, Label, Nothing, Path, Ruby, Words};
    use Reach::{Directory, File, Repository};
    match language {
        "c" | "cpp" | "objective-c" | "cuda" => C,
        "python" => PYTHON,
        "javascript" | "typescript" | "tsx" | "vue" | "svelte" => SCRIPT,
        "rust" => RUST,
        "go" => rules("go", Directory, GoPackage).binds(Binds::Go).locals(Locals::Tree),
        "java" => rules("jvm", Directory, Words(DOT, JVM))
            .binds(Binds::Java)
            .signs(&[".", "::"], NONE)
            .own(THIS, &["super"])
            .members()
            .locals(Locals::None),
        "kotlin" | "scala" | "groovy" => rules("jvm", Directory, Words(DOT, JVM))
            .binds(Binds::Java)
            .signs(DOT, &["?.", "!!."])
            .own(THIS, &["super"])
            .members()
            .locals(if language == "groovy" { Locals::Head } else { Locals::Tree }),
        "csharp" => {
            rules("csharp", Repository, Nothing).signs(DOT, &["?."]).own(THIS, &["base"]).members().locals(Locals::Tree)
        }
        "fsharp" => rules("fsharp", File, Nothing),
        "swift" => rules("swift", Directory, Nothing)
            .signs(DOT, &["?."])
            .own(&["self", "Self"], &["super"])
            .members()
            .locals(Locals::Tree),
        "ruby" => rules("ruby", Repository, Ruby)
            .binds(Binds::Ruby)
            .signs(&["::", "."], &["&."])
            .own(SELF, NONE)
            .members()
            .locals(Locals::None),
        "php" => Rules { receivers: PHP_OWN, values: &["$this"], ..rules("php", File, Words(&["\\"], &["php"])) }
            .signs(&["::", "\\"], &["->", "?->"])
            .locals(Locals::None),
        "perl" => rules("perl", File, Words(COLONS, &["pm", "pl"])).signs(COLONS, &["->"]).locals(Locals::None),
        "haskell" => rules("haskell", File, Words(DOT, &["hs"])),
        "elm" => rules("elm", File, Words(DOT, &["elm"])),
        "lua" => rules("lua", File, Words(&[".", "/"], &["lua"])).signs(&[".", ":"], NONE).own(SELF, NONE),
        "dart" => rules("dart", File, Path(&["dart"])).signs(DOT, &["?."]).own(THIS, &["super"]).members(),
        "elixir" | "ocaml" | "ocaml-interface" | "julia" => rules("", File, Nothing),
        "erlang" => rules("", File, Path(&["hrl"])).signs(&[":"], NONE),
        "r" => rules("r", Directory, Path(&["R", "r"])).signs(COLONS, &["$", "@"]),
        "bash" | "fish" => rules("shell", File, Path(&["sh", "bash", "fish"])).signs(NONE, NONE).locals(Locals::None),
        "zig" => rules("zig", File, Path(&["zig"])),
        "nix" => rules("nix", File, Files(&["nix"], &["default.nix"])),
        "protobuf" => rules("protobuf", File, Path(&["proto"])),
        "css" | "scss" | "less" => rules("css", File, Path(&["css", "scss", "less"])).signs(NONE, NONE),
        "starlark" => rules("starlark", File, Label).locals(Locals::Tree),
        "cmake" => rules("cmake", Repository, Files(&["cmake"], &["CMakeLists.txt"])).signs(NONE, NONE),
        "make" => rules("make", File, Path(&["mk"])).signs(NONE, NONE),
        "hcl" | "terraform" => rules("hcl", Directory, Path(&[])).signs(COLONS, NONE),
        "yaml" => rules("yaml", File, Files(&["yml", "yaml"], &["action.yml", "action.yaml"])).signs(NONE, NONE),
        _ => rules("", File, Path(&[])),
    }
}

impl Rules {
    /// Do imports have scopes, as definitions have?
    pub fn has_scoped_imports(&self) -> bool {
        matches!(self.binds, Binds::Python | Binds::Script | Binds::Rust)
    }

    /// May a definition of this kind, which is no type by itself, stand where a type does? A variable may hold one, and
    /// a variant of an enumeration is made as a structure is.
    pub fn is_type_value(&self, kind: &str) -> bool {
        match self.family {
            "python" | "zig" => matches!(kind, "variable" | "constant"),
            "rust" => kind == "constant",
            _ => false,
        }
    }

    /// Are types seen by the namespaces around a reference and by imports alone, in whichever file they stand?
    pub fn has_namespaces(&self) -> bool {
        matches!(self.family, "csharp" | "ruby")
    }

    /// Does a definition in `other` concern a reference in `language`, which has these rules?
    pub fn sees(&self, language: &str, other: Option<&str>) -> bool {
        let Some(other) = other else { return false };
        other == language || (!self.family.is_empty() && of(other).family == self.family)
    }
}
