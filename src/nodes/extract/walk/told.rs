//! A row of the outline as it is told: to the columns, or through a pipe first.

use serde::{Deserialize, Serialize};

use super::entry::Line;

/// A row of the outline, its ordinal and path aside. Of a worker's answer nothing is known to be true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::nodes::extract) struct Told<'a> {
    pub region: u32,
    pub language: Option<&'a str>,
    pub role: &'a str,
    pub kind: &'a str,
    pub name: &'a str,
    pub qualified_name: &'a str,
    pub signature: &'a str,
    pub visibility: Option<&'a str>,
    pub doc: Option<(u32, u32)>,
    pub start: u32,
    pub end: u32,
    pub body: Option<u32>,
    pub parent: Option<u32>,
}

impl<'a> From<&'a Line<'_>> for Told<'a> {
    fn from(line: &'a Line<'_>) -> Self {
        Self {
            region: line.region,
            language: line.language,
            role: line.role.name(),
            kind: line.kind,
            name: &line.name,
            qualified_name: &line.qualified_name,
            signature: &line.signature,
            visibility: line.visibility,
            doc: line.doc,
            start: line.start,
            end: line.end,
            body: line.body,
            parent: line.parent,
        }
    }
}
