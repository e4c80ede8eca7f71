//! Which headers a file of C or C++ includes, as far as that is known.
//!
//! What stands in a header alone (macros, types, `static` functions) is seen by files that include it. `definitions` has
//! a row for each include of a header, named `include:` and the name of the including header, so that two steps are
//! known: what a file includes, and what that includes.

use std::collections::{BTreeMap, BTreeSet};

use arrow::array::{Array, StringArray};

use super::around::is_word;
use super::crates::Roots;
use super::imports::{places, within_reach};
use super::kinds::is_header;
use super::modules::{Names, around, parent};
use super::rules::of;
use super::symbols::{All, Place, Target};
use crate::nodes::{Definition, Reference, References, Relation};
use crate::table::schema::DefinitionRow;
use crate::table::{Batch, TableError};

/// Kind of a row that stands for an include.
pub const INCLUDE: &str = "include";
/// Before the name of a header.
const INCLUDED_BY: &str = "include:";
/// Headers of the C standard and of POSIX, without `.h`. Those of C++ have no extension.
const STANDARD: &[&str] = &[
    "arpa/inet",
    "assert",
    "complex",
    "ctype",
    "dirent",
    "dlfcn",
    "errno",
    "fcntl",
    "fenv",
    "float",
    "getopt",
    "glob",
    "grp",
    "inttypes",
    "iso646",
    "limits",
    "locale",
    "math",
    "netdb",
    "netinet/in",
    "netinet/tcp",
    "poll",
    "pthread",
    "pwd",
    "regex",
    "sched",
    "semaphore",
    "setjmp",
    "signal",
    "stdalign",
    "stdarg",
    "stdatomic",
    "stdbool",
    "stddef",
    "stdint",
    "stdio",
    "stdlib",
    "stdnoreturn",
    "string",
    "strings",
    "sys/ioctl",
    "sys/mman",
    "sys/resource",
    "sys/select",
    "sys/socket",
    "sys/stat",
    "sys/time",
    "sys/types",
    "sys/uio",
    "sys/un",
    "sys/wait",
    "syslog",
    "termios",
    "tgmath",
    "threads",
    "time",
    "uchar",
    "unistd",
    "wchar",
    "wctype",
];

/// What a file includes.
#[derive(Debug, Default)]
pub struct Included<'n> {
    direct: BTreeSet<&'n str>,
    /// What those include, as written and by its last name, with the header that does.
    second: BTreeMap<&'n str, Vec<(&'n str, &'n str)>>,
    /// A header that the repository does not have, and that is none of the standard.
    has_unknown: bool,
}

/// How sure it is that a file includes a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sure {
    Yes,
    /// All that the file includes is there, and leads further than is known.
    Maybe,
    No,
}

fn last(path: &str) -> &str {
    path.trim_matches(['<', '>', '"']).rsplit(['/', '\\']).next().unwrap_or_default()
}

/// The name under which the includes of the header at `path` are found.
fn included_by(path: &str) -> String {
    format!("{INCLUDED_BY}{}", last(path))
}

fn is_standard(written: &str) -> bool {
    let Some(name) = written.strip_prefix('<').and_then(|name| name.strip_suffix('>')) else { return false };
    match name.strip_suffix(".h") {
        Some(stem) => STANDARD.binary_search(&stem).is_ok(),
        None => !name.is_empty() && name.bytes().all(is_word),
    }
}

/// Rows for the includes of a shard's headers; `language` tells that of a file.
pub fn rows(outline: &Batch, language: impl Fn(&str) -> Option<String>) -> Result<Vec<DefinitionRow>, TableError> {
    let column = |name: &str| outline.column::<StringArray>(name);
    let (path, role, kind, of_region) = (column("path")?, column("role")?, column("kind")?, column("language")?);
    let (name, qualified) = (column("name")?, column("qualified_name")?);
    let mut rows = Vec::new();
    for row in 0..outline.len() {
        let is_import = role.value(row) == "reference" && kind.value(row) == "import";
        if !is_import || of_region.is_valid(row) || !is_header(path.value(row)) {
            continue;
        }
        let Some(language) = language(path.value(row)).filter(|language| of(language).family == "c") else { continue };
        let written = if qualified.value(row).is_empty() { name.value(row) } else { qualified.value(row) };
        rows.push(DefinitionRow {
            name: included_by(path.value(row)),
            path: path.value(row).to_owned(),
            kind: INCLUDE.into(),
            qualified_name: written.to_owned(),
            language: Some(language),
            ..DefinitionRow::default()
        });
    }
    Ok(rows)
}

/// The name under which the includes of what `row` includes are found.
pub fn wanted(references: &References, row: &Reference) -> Option<String> {
    let is_include = row.relation == Relation::Imports && of(references.text(row.language)).family == "c";
    is_include.then(|| included_by(references.text(row.written)))
}

/// Is it seen only where its header is included?
fn is_included(one: &Definition<'_>) -> bool {
    let is_linked = matches!(one.kind, "function" | "method" | "prototype" | "variable");
    is_header(one.path) && (one.visibility == Some("private") || !is_linked)
}

impl<'n> Place<'_, 'n> {
    /// Of `all`, without what stands in headers that the file does not include.
    pub fn included(&self, all: All<'n>, names: &mut Names<'n>) -> All<'n> {
        if !all.iter().any(is_included) {
            return all;
        }
        let (mut seen, mut sure, mut maybe, mut rest): (All<'n>, All<'n>, All<'n>, All<'n>) = Default::default();
        for one in all {
            let kept = match if is_included(&one) { Some(self.includes(one.path, names)) } else { None } {
                None => &mut seen,
                Some(Sure::Yes) => &mut sure,
                Some(Sure::Maybe) => &mut maybe,
                Some(Sure::No) => &mut rest,
            };
            kept.push(one);
        }
        if !sure.is_empty() {
            seen.extend(sure);
        } else if seen.is_empty() {
            seen = maybe;
        } else {
            // What is linked is not meant for sure while a header that is not known may have brought another.
            seen.extend(maybe.into_iter().chain(rest));
        }
        seen
    }

    /// How sure is it that the file includes `header`?
    pub fn includes(&self, header: &str, names: &mut Names<'n>) -> Sure {
        self.sure(self.file.included.get_or_init(|| self.read_included(names)), header)
    }

    fn read_included(&self, names: &mut Names<'n>) -> Included<'n> {
        let mut included = Included::default();
        for (row, target) in &self.file.imports {
            match target {
                Target::Path(path) => {
                    included.direct.insert(path);
                }
                Target::Unresolved => included.has_unknown |= !is_standard(self.levels.text(row.written)),
                Target::Symbol(..) | Target::Ambiguous => {}
            }
        }
        for header in &included.direct {
            let found = names.find(&included_by(header));
            for one in found.iter().filter(|one| one.kind == INCLUDE && one.path == *header) {
                let written = one.qualified_name;
                if !is_standard(written) {
                    included.second.entry(last(written)).or_default().push((*header, written));
                }
            }
        }
        included
    }

    fn sure(&self, included: &Included<'n>, header: &str) -> Sure {
        if included.direct.contains(header) {
            return Sure::Yes;
        }
        let leads = |(from, written): &(&str, &str)| {
            within_reach(&places(&self.rules, &Roots::default(), from, "", written), header)
        };
        if included.second.get(last(header)).is_some_and(|found| found.iter().any(leads)) {
            return Sure::Yes;
        }
        // Headers lie beside those that include them, or where all are looked for.
        let beside = |path: &str| parent(path) == parent(header);
        let is_near = beside(self.file.path) || included.direct.iter().any(|path| beside(path));
        let is_there = around(self.file.path).any(|up| {
            let rest =
                if up.is_empty() { Some(header) } else { header.strip_prefix(up).and_then(|r| r.strip_prefix('/')) };
            rest.is_some_and(|rest| rest.starts_with("include/"))
        });
        let goes_on = !included.second.is_empty() && !included.has_unknown;
        if goes_on && (is_near || is_there) { Sure::Maybe } else { Sure::No }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_headers_are_told_from_others() {
        assert!(STANDARD.is_sorted());
        let standard = ["<stdio.h>", "<sys/types.h>", "<vector>", "<type_traits>"];
        assert!(standard.into_iter().all(is_standard));
        let others = ["<glib.h>", "stdio.h", "<sys/param.h>", "<boost/any>", "<>", "vector"];
        assert!(!others.into_iter().any(is_standard));
    }
}
