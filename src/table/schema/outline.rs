//! `outline`: what a file defines and refers to, before anything is chunked or resolved.
//!
//! Format history: 1, the first; 2, a reference that is named as written leaves `qualified_name` empty, `body_start` is
//! null where there is no body; 3, embedded regions: rows of the role `region`, the column `language`; 4, rows of the role
//! `comment`; 5, references of the kind `uses`; 6, the
//! `visibility` of references.

crate::table! {
    /// Definitions, sections and raw references of each file, in source order; spans are bytes of the original file.
    OutlineRow as OUTLINE = "outline" format 6 sort ["path", "ordinal"] lookup false {
        /// Path inside the repository.
        path: String,
        /// Row number within the file, from 0, in order of (start_byte, -end_byte).
        ordinal: u32,
        /// 0 for the file itself; embedded regions count from 1, in order of their first bytes. A region is the innermost around the row.
        region: u32,
        /// Language of the region; null for the file itself.
        language: Option<String>,
        /// `definition`, `reference`, `section` or `region`: text of another language, exactly its bytes, with its rows below it; `comment`: at least 80 bytes of comments outside functions that document no definition, neighbours together, or the string that documents a file.
        role: String,
        /// Definitions: `function`, `method`, `class`, `struct`, `enum`, `interface`, `trait`, `impl`, `module`, `constant`, `variable`, `field`, `type`, `macro`, `key` …; sections: `section`, `fence`, `script`, `style`, `template`, `block`, `notebook`; regions: what they stand in, `cell` for one in a notebook, whose bytes are JSON strings; references: `call`, `import`, `extends`, `implements`, `uses` (a type, the first time that a definition names it); comments: `comment`.
        kind: String,
        /// Name as written; for a section its heading text; for a reference its target as written.
        name: String,
        /// Enclosing names and this one, joined by the language's separator (`.` or `::`); headings joined by ` > `; for a reference its target with what qualifies it, empty where that is `name`.
        qualified_name: String,
        /// Head of the definition on one line, white space folded; for a section `h1` … `h6`.
        signature: String,
        /// `public`, `private` …, as far as the language says. References: `local`, where a call begins with a name that a function around declares for itself; `imported`, where an import in that function brings it.
        visibility: Option<String>,
        /// Start of the documentation that belongs to a definition.
        doc_start: Option<u32>,
        /// End of that documentation, exclusive.
        doc_end: Option<u32>,
        /// Start of the definition (attributes and decorators included), section or reference.
        start_byte: u32,
        /// End, exclusive.
        end_byte: u32,
        /// Start of the body, where there is one.
        body_start: Option<u32>,
        /// `ordinal` of the enclosing definition or section.
        parent: Option<u32>,
    }
}
