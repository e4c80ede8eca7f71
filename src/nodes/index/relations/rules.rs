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
    /// The directory of a package, by the end of its import path.
    GoPackage,
    /// A path of modules from the root of a crate.
    Rust,
    /// A file whose path ends with these words: separator as written, extensions.
    Words(&'static [&'static str], &'static [&'static str]),
    /// A file or directory by its path, from the file, from the root, or by the end of it.
    Path(&'static [&'static str]),
    /// Names that tell no file: namespaces.
    Nothing,
}

/// The rules of one language.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Languages of one family see each other's definitions.
    pub family: &'static str,
    pub reach: Reach,
    pub imports: Imports,
    /// Names of the value whose members are meant, and of its type.
    pub receivers: &'static [&'static str],
    /// A plain call may mean a member of the type around it.
    pub members: bool,
}

const NO_RECEIVERS: &[&str] = &[];
const THIS: &[&str] = &["this"];
const SELF: &[&str] = &["self", "Self", "cls"];

const fn rules(family: &'static str, reach: Reach, imports: Imports) -> Rules {
    Rules { family, reach, imports, receivers: NO_RECEIVERS, members: false }
}

impl Rules {
    const fn receivers(self, receivers: &'static [&'static str]) -> Self {
        Self { receivers, ..self }
    }

    /// Plain calls reach members.
    const fn members(self) -> Self {
        Self { members: true, ..self }
    }
}

/// The rules of `language`. A language that nothing is said of sees its own file, and imports by path.
pub fn of(language: &str) -> Rules {
    use Imports::{GoPackage, Header, Nothing, Path, Python, Rust, Script, Words};
    use Reach::{Directory, File, Repository};
    const DOT: &[&str] = &["."];
    match language {
        "c" | "cpp" | "objective-c" | "cuda" => rules("c", Repository, Header).receivers(THIS).members(),
        "python" => rules("python", File, Python).receivers(SELF),
        "javascript" | "typescript" | "tsx" | "vue" | "svelte" => rules("script", File, Script).receivers(THIS),
        "go" => rules("go", Directory, GoPackage),
        "rust" => rules("rust", File, Rust).receivers(SELF),
        "java" | "kotlin" | "scala" | "groovy" => {
            rules("jvm", Directory, Words(DOT, &["java", "kt", "scala", "groovy"])).receivers(THIS).members()
        }
        "csharp" => rules("csharp", Directory, Nothing).receivers(THIS).members(),
        "fsharp" => rules("fsharp", File, Nothing),
        "swift" => rules("swift", Directory, Nothing).receivers(&["self", "Self"]).members(),
        "ruby" => rules("ruby", File, Path(&["rb"])).receivers(&["self"]).members(),
        "php" => rules("php", File, Words(&["\\"], &["php"])).receivers(&["$this", "self", "static"]),
        "perl" => rules("perl", File, Words(&["::"], &["pm", "pl"])),
        "haskell" => rules("haskell", File, Words(DOT, &["hs"])),
        "elm" => rules("elm", File, Words(DOT, &["elm"])),
        "lua" => rules("lua", File, Words(&[".", "/"], &["lua"])).receivers(&["self"]),
        "dart" => rules("dart", File, Path(&["dart"])).receivers(THIS).members(),
        "elixir" | "erlang" | "ocaml" | "julia" => rules("", File, Nothing),
        "r" => rules("r", Directory, Path(&["R", "r"])),
        "bash" | "fish" => rules("shell", File, Path(&["sh", "bash"])),
        "zig" => rules("zig", File, Path(&["zig"])),
        "nix" => rules("nix", File, Path(&["nix"])),
        "protobuf" => rules("protobuf", File, Path(&["proto"])),
        "css" | "scss" | "less" => rules("css", File, Path(&["css", "scss", "less"])),
        "hcl" => rules("hcl", Directory, Path(&[])),
        _ => rules("", File, Path(&[])),
    }
}

impl Rules {
    /// Does a definition in `other` concern a reference in `language`, which has these rules?
    pub fn sees(&self, language: &str, other: Option<&str>) -> bool {
        let Some(other) = other else { return false };
        other == language || (!self.family.is_empty() && of(other).family == self.family)
    }
}
