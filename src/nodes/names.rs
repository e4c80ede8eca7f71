//! What a repository defines, by name: the table `definitions` of all its segments, or of some names only.

use arrow::array::{Array, StringArray};

use super::NodeError;
use crate::base::KeyHasher;
use crate::table::{Batch, TableError};

/// `visibility` of a definition that only its own file sees: in an example of a document, or in a notebook.
pub const EXAMPLE: &str = "example";

/// One definition, file or directory that a name may refer to. Ordered as rules that look at all of them see them:
/// by path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Definition<'a> {
    pub path: &'a str,
    pub kind: &'a str,
    /// With the enclosing names; the name itself where there are none.
    pub qualified_name: &'a str,
    pub language: Option<&'a str>,
    pub visibility: Option<&'a str>,
}

/// Definitions by name.
#[derive(Debug, Default)]
pub struct Names {
    parts: Vec<Part>,
    /// For each name and each part that has it: hash of the name, part, its rows there. Sorted.
    index: Vec<(u64, u32, u32, u32)>,
}

/// Columns of one batch of `definitions`.
#[derive(Debug)]
struct Part {
    name: StringArray,
    path: StringArray,
    kind: StringArray,
    qualified_name: StringArray,
    language: StringArray,
    visibility: StringArray,
}

impl Part {
    fn of(batch: &Batch) -> Result<Self, TableError> {
        let column = |name: &str| batch.column::<StringArray>(name).cloned();
        Ok(Self {
            name: column("name")?,
            path: column("path")?,
            kind: column("kind")?,
            qualified_name: column("qualified_name")?,
            language: column("language")?,
            visibility: column("visibility")?,
        })
    }

    fn get(&self, row: usize) -> Definition<'_> {
        let optional = |column: &'_ StringArray| column.is_valid(row);
        let qualified = self.qualified_name.value(row);
        Definition {
            path: self.path.value(row),
            kind: self.kind.value(row),
            qualified_name: if qualified.is_empty() { self.name.value(row) } else { qualified },
            language: optional(&self.language).then(|| self.language.value(row)),
            visibility: optional(&self.visibility).then(|| self.visibility.value(row)),
        }
    }
}

impl Names {
    /// From batches of `definitions`, each in its table's order.
    pub fn new(definitions: &[Batch]) -> Result<Self, NodeError> {
        let parts = definitions.iter().map(Part::of).collect::<Result<Vec<_>, _>>()?;
        let mut index = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let mut start = 0;
            for row in 1..=part.name.len() {
                if row == part.name.len() || part.name.value(row) != part.name.value(start) {
                    index.push((hash(part.name.value(start)), at as u32, start as u32, row as u32));
                    start = row;
                }
            }
        }
        index.sort_unstable();
        Ok(Self { parts, index })
    }

    /// The definitions of `name`, in order, each once.
    pub fn find(&self, name: &str) -> Vec<Definition<'_>> {
        let mut found: Vec<Definition<'_>> =
            self.places(name).flat_map(|(part, rows)| rows.map(|row| part.get(row))).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The first definition of `name` at `path` that is of `kind`.
    pub fn at(&self, name: &str, path: &str, kind: &str) -> Option<Definition<'_>> {
        self.places(name).find_map(|(part, rows)| {
            // The rows of a name are in order of their paths.
            let (mut low, mut high) = (rows.start, rows.end);
            while low < high {
                let middle = low + (high - low) / 2;
                if part.path.value(middle) < path { low = middle + 1 } else { high = middle }
            }
            let alike = (low..rows.end).take_while(|row| part.path.value(*row) == path);
            alike.map(|row| part.get(row)).find(|one| one.kind == kind)
        })
    }

    fn places(&self, name: &str) -> impl Iterator<Item = (&Part, std::ops::Range<usize>)> {
        let wanted = hash(name);
        let first = self.index.partition_point(|(hash, ..)| *hash < wanted);
        let alike = self.index.iter().skip(first).take_while(move |(hash, ..)| *hash == wanted);
        let places = alike.filter_map(|(_, part, start, end)| {
            Some((self.parts.get(*part as usize)?, *start as usize..*end as usize))
        });
        places.filter(move |(part, rows)| part.name.value(rows.start) == name)
    }

    /// What `name` stands for to every file. Examples are left out: only their own file sees them, and its outline is an
    /// ingredient of whatever is made of it.
    fn common(&self, name: &str) -> Vec<Definition<'_>> {
        let mut found = self.find(name);
        found.retain(|one| one.visibility != Some(EXAMPLE));
        found
    }

    /// Writes what `name` stands for into a key: equal definitions give equal keys, wherever their rows lie.
    pub fn write(&self, name: &str, hasher: &mut KeyHasher) {
        let found = self.common(name);
        hasher.add(name).int(found.len() as u64);
        for one in found {
            hasher.add(one.path).add(one.kind).add(one.qualified_name).add(&one.language).add(&one.visibility);
        }
    }

    /// The names that do not stand for the same in `self` and `other`, sorted.
    pub fn differ(&self, other: &Self) -> Vec<String> {
        let mut names: Vec<&str> = self.all().chain(other.all()).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| self.common(name) != other.common(name));
        names.into_iter().map(str::to_owned).collect()
    }

    /// Every name, once for each segment that has it.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let rows = self.index.iter().filter_map(|(_, part, start, _)| Some((self.parts.get(*part as usize)?, *start)));
        rows.map(|(part, row)| part.name.value(row as usize))
    }
}

/// FNV-1a. Names that hash alike are told apart by their text.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::schema::DefinitionRow;

    fn row(name: &str, path: &str, shard: u32) -> DefinitionRow {
        DefinitionRow {
            name: name.into(),
            path: path.into(),
            kind: "function".into(),
            shard,
            ..DefinitionRow::default()
        }
    }

    #[test]
    fn an_example_moves_nothing_of_other_files() {
        let example = DefinitionRow { visibility: Some(EXAMPLE.into()), ..row("a", "README.md", 1) };
        let (with, without) = (names(&[&[row("a", "a", 0), example]]), names(&[&[row("a", "a", 0)]]));
        assert_eq!(key(&with, "a"), key(&without, "a"));
        assert!(with.differ(&without).is_empty());
        assert_eq!(with.find("a").len(), 2);
    }

    fn names(parts: &[&[DefinitionRow]]) -> Names {
        Names::new(&parts.iter().map(|rows| Batch::of(rows).unwrap()).collect::<Vec<_>>()).unwrap()
    }

    fn key(names: &Names, name: &str) -> String {
        let mut hasher = KeyHasher::new("test");
        names.write(name, &mut hasher);
        hasher.finish().hex()
    }

    #[test]
    fn a_name_is_found_in_every_part_and_in_order_of_paths() {
        let names = names(&[&[row("a", "z.c", 0), row("b", "y.c", 0)], &[row("a", "m.c", 3), row("a", "n.c", 3)]]);
        let paths = |name: &str| names.find(name).iter().map(|d| d.path).collect::<Vec<_>>();
        assert_eq!(paths("a"), ["m.c", "n.c", "z.c"]);
        assert_eq!(paths("b"), ["y.c"]);
        assert!(paths("c").is_empty());
    }

    #[test]
    fn a_name_means_the_same_wherever_its_rows_lie() {
        let one = names(&[&[row("a", "m.c", 0), row("a", "z.c", 1)]]);
        let two = names(&[&[row("a", "z.c", 0)], &[row("a", "m.c", 5), row("b", "m.c", 5)]]);
        assert_eq!(key(&one, "a"), key(&two, "a"));
        assert_ne!(key(&one, "b"), key(&two, "b"));
        assert_eq!(one.differ(&two), ["b"]);
        assert_eq!(two.differ(&one), ["b"]);
    }
}
