//! `relations`, and the two tables by which they are kept up to date: `definitions` and `mentions`.
//!
//! Format history of each: 1, the first; of `definitions` 2, examples.

crate::table! {
    /// What a repository's files may refer to: definitions, files, directories and packages, by name. One piece a segment.
    DefinitionRow as DEFINITIONS = "definitions" format 2 sort ["name", "path", "kind", "qualified_name"] lookup true {
        /// Name of the definition; of a file `/` and its name, of a directory `/`, its name and `/`; of a package `go:`, `crate:` or `node:` and the name that its manifest gives; `crate:` alone for a file that a manifest says is a crate's root; `default` for what a module of JavaScript exports; of a name that a file hands on that name, and `*` and the family of the language for all names of a module; `bases:` and the name of a type for what it extends; `include:` and the name of a header for what that includes.
        name: String,
        /// Path of the file that has it; of a directory its own; of a package its manifest.
        path: String,
        /// Definition kind as in `outline`, `file`, `directory`, `package` (also of a directory with Python below it), `root`, `export`, `base`, `include`, or `import` for a name that a file hands on.
        kind: String,
        /// Enclosing names and this one; of an export what it exports; of a root its library or `-`; of a name that is handed on the module in the file, the module that it comes from and the name there, with `|` between; of a base the type, ` < ` and the base; of an include what is included, as written; empty where that is `name`.
        qualified_name: String,
        /// Language of the definition: in a region that region's.
        language: Option<String>,
        /// As far as the language says; `example` in the code of a document and in a notebook, which only that file sees.
        visibility: Option<String>,
        /// Which shard of the segment, from 0.
        shard: u32,
    }
}

crate::table! {
    /// Which shards refer to a name, and so are resolved again where its definitions change. One piece a segment.
    MentionRow as MENTIONS = "mentions" format 1 sort ["name"] lookup true {
        /// A name as in `definitions`, whether it is defined or not.
        name: String,
        /// Shards of the segment, from 0, ascending.
        shards: Vec<u32>,
    }
}

crate::table! {
    /// What a chunk calls, imports, uses, extends and implements, and where that is defined. Names that every program of
    /// a language uses (its keywords, literals and builtins) are left out, unless the file or an import defines them. A
    /// type that a definition uses stands there once, at its first line.
    RelationRow as RELATIONS = "relations" format 1 sort ["path", "line", "type", "target_name", "from_chunk"] lookup false {
        /// The chunk that holds the reference.
        from_chunk: String,
        /// Its file.
        path: String,
        /// Line of the reference, 1-based.
        line: u32,
        /// `calls`, `imports`, `uses`, `extends` or `implements`.
        r#type: String,
        /// The target as written, each name of a `use` of Rust for itself; a module that is imported as a member of its package, with that.
        target_name: String,
        /// File that defines it, where that is certain; for an import the file or directory, `.` for that of the repository.
        target_path: Option<String>,
        /// `qualified_name` of the symbols there that it names.
        target_symbol: Option<String>,
        /// `resolved`; `ambiguous`: there are definitions, and no rule tells which is meant; `unresolved`: the repository has none.
        status: String,
    }
}
