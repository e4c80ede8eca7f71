//! What the repositories of a workspace are to each other: what a node of kind `federate` writes.
//!
//! `provides` and `imports` are steps on the way, one piece a segment of a repository; `links` is one piece a
//! repository; `members` and `packages` are one piece each.
//!
//! Format history of each: 1, the first.

crate::table! {
    /// What a segment of a repository says of packages; names are put together over the repository (`packages`).
    ProvideRow as PROVIDES = "provides" format 1 sort ["ecosystem", "kind", "name", "path"] lookup false {
        /// `crate`, `go`, `node` or `python`.
        ecosystem: String,
        /// `package`: the file at `path` names it; `module`: that of Go; `directory`: one that holds code, whose name depends on where its module or root lies; `root`: a directory below which packages of Python are named.
        kind: String,
        /// Empty where the place decides it.
        name: String,
        /// The manifest, or the directory; `.` for that of the repository.
        path: String,
    }
}

crate::table! {
    /// The imports of a repository that nothing in it answers, of languages whose packages have names.
    ImportRow as IMPORTS = "imports" format 1 sort ["path", "line", "target_name"] lookup false {
        /// The file.
        path: String,
        /// Line of the import, 1-based.
        line: u32,
        /// The target as written, as in `relations`.
        target_name: String,
        /// `crate`, `go`, `node` or `python`.
        ecosystem: String,
    }
}

crate::table! {
    /// Which repositories are in the workspace, and how much of each mode they serve: repository × mode. A repository
    /// that serves nothing has one row without a mode.
    MemberRow as MEMBERS = "members" format 1 sort ["repository", "mode"] lookup false {
        /// Its name.
        repository: String,
        /// As in `chunks`.
        mode: Option<String>,
        /// `present`, `missing-build`, `invalid-pointer` or `incompatible`.
        availability: String,
        /// The build that took part.
        build: Option<String>,
        /// Is that an older build, because the newest one failed?
        stale: bool,
        /// `c1-` and 12 hexadecimal characters: what repositories have in common whose scores can be compared.
        cohort: Option<String>,
        /// Files of the mode.
        files: u64,
        /// Chunks that ranked search can find.
        chunks: u64,
        /// Fields of ranked search.
        fields: Vec<String>,
        /// The terms of each of `fields`, in their order.
        terms: Vec<u64>,
    }
}

crate::table! {
    /// The packages that repositories of the workspace declare, by the names by which others import them.
    PackageRow as PACKAGES = "packages" format 1 sort ["name", "ecosystem", "repository", "path", "kind"] lookup true {
        /// As an import writes it: `example.com/app/store`, `serde`, `@acme/ui`, `acme.net`. Of a crate the name of its library.
        name: String,
        /// `crate`, `go`, `node` or `python`.
        ecosystem: String,
        /// The repository that declares it.
        repository: String,
        /// Its directory; `.` for that of the repository.
        path: String,
        /// `package`, or `module` for one of Go, which has packages.
        kind: String,
        /// The file that names it: of a package of Go the `go.mod` of its module; none for Python, where directories do.
        manifest: Option<String>,
    }
}

crate::table! {
    /// Imports that lead from one repository to another. Listed are those that name a package of the workspace and that
    /// the repository itself cannot answer.
    LinkRow as LINKS = "links" format 1 sort ["repository", "path", "line", "target_name"] lookup false {
        /// The repository that imports.
        repository: String,
        /// The file.
        path: String,
        /// Line of the import, 1-based.
        line: u32,
        /// The target as written.
        target_name: String,
        /// `crate`, `go`, `node` or `python`.
        ecosystem: String,
        /// The longest part of the target that names a package, or the module of Go.
        package: String,
        /// The repository that declares it, where that is certain.
        target_repository: Option<String>,
        /// The package's directory there, where that is certain; `.` for that of the repository.
        target_path: Option<String>,
        /// `resolved`; `ambiguous`: it is declared more than once; `unresolved`: the module of Go is there, and has no such package.
        status: String,
    }
}
