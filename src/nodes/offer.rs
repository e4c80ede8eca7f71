//! What a set of kinds brings: the tables that readers can meet in a build of them.

use super::kind::Kind;
use crate::table::TableSchema;

/// Every table that `kinds` keep, each once, in the order of the kinds. Of two tables with one name the first is
/// meant; a plan refuses such kinds.
pub fn tables(kinds: &[&'static dyn Kind]) -> Vec<&'static TableSchema> {
    let mut found: Vec<&'static TableSchema> = Vec::new();
    for table in kinds.iter().flat_map(|kind| kind.outputs().iter().chain(kind.merged()).chain(kind.resolved())) {
        if found.iter().all(|there| there.name != table.name) {
            found.push(table);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::nodes::KINDS;
    use crate::table::TABLES;

    #[test]
    fn the_built_in_kinds_bring_the_tables_of_the_reference_in_its_order() {
        let names = |tables: &[&crate::table::TableSchema]| tables.iter().map(|t| t.name).collect::<Vec<_>>();
        assert_eq!(names(&super::tables(KINDS)), names(TABLES));
    }
}
