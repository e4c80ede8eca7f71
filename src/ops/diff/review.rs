//! A page for a reviewer.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::ops::error::OpsError;
use crate::query::diff::{EventFilter, Events};
use crate::table::schema::EventRow;

/// Most entries of a list.
const NAMED: usize = 50;

/// What a reviewer looks at first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Review {
    /// Public definitions that came, went, or have another signature; by path and line.
    pub public: Vec<ChangedDefinition>,
    /// How many there are.
    pub public_total: u64,
    /// Definitions of which most lines were touched, the largest first.
    pub definitions: Vec<ChangedDefinition>,
    /// Files that parsed and do not any more, or worse than before.
    pub stopped: Vec<StoppedFile>,
    pub stopped_total: u64,
    /// Files that were renamed: before and after.
    pub renamed: Vec<(String, String)>,
}

/// A definition that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedDefinition {
    pub repo: String,
    pub path: String,
    pub line: u32,
    /// The event.
    pub event: String,
    pub name: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub parts: Vec<String>,
    /// Lines of the definition as it is, or was.
    pub lines: u32,
}

/// A file that parses less than it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StoppedFile {
    pub repo: String,
    pub path: String,
    pub before: String,
    pub after: String,
    pub errors: u32,
}

/// Reads all events once.
pub fn review(mut events: Events) -> Result<Review, OpsError> {
    let mut review = Review::default();
    let mut definitions: Vec<ChangedDefinition> = Vec::new();
    while let Some(rows) = events.next_rows(&EventFilter::default())? {
        for row in rows {
            match row.event.as_str() {
                "file.renamed" if review.renamed.len() < NAMED => {
                    review.renamed.push((row.before_path.unwrap_or_default(), row.path));
                }
                "health.changed" => health(&mut review, row),
                "chunk.added" | "chunk.removed" | "chunk.modified" => {
                    let Some(definition) = definition(&row) else { continue };
                    if is_public_change(&row, &definition) {
                        review.public_total += 1;
                        if review.public.len() < NAMED {
                            review.public.push(definition.clone());
                        }
                    }
                    if row.event == "chunk.modified" {
                        definitions.push(definition);
                        largest(&mut definitions, NAMED * 4);
                    }
                }
                _ => {}
            }
        }
    }
    largest(&mut definitions, 0);
    definitions.truncate(NAMED / 2);
    review.definitions = definitions;
    review.public.sort_by(|a, b| (&a.repo, &a.path, a.line, &a.event).cmp(&(&b.repo, &b.path, b.line, &b.event)));
    Ok(review)
}

/// Keeps the largest, once there are more than `above`.
fn largest(definitions: &mut Vec<ChangedDefinition>, above: usize) {
    if definitions.len() > above {
        definitions.sort_by(|a, b| {
            (Reverse(a.lines), &a.repo, &a.path, a.line).cmp(&(Reverse(b.lines), &b.repo, &b.path, b.line))
        });
        definitions.truncate(NAMED);
    }
}

fn definition(row: &EventRow) -> Option<ChangedDefinition> {
    let kind = row.kind.as_deref().unwrap_or_default();
    if matches!(kind, "rest" | "text" | "group" | "part" | "comment" | "doc" | "section" | "fence" | "key") {
        return None;
    }
    let name = row.after_name.clone().or_else(|| row.before_name.clone())?;
    let lines = |start: Option<u32>, end: Option<u32>| Some(end?.saturating_sub(start?) + 1);
    let now = lines(row.after_start_line, row.after_end_line);
    Some(ChangedDefinition {
        repo: row.repo.clone(),
        path: row.path.clone(),
        line: row.line,
        event: row.event.clone(),
        name,
        before: row.before_signature.clone(),
        after: row.after_signature.clone(),
        parts: row.parts.clone(),
        lines: now.or_else(|| lines(row.before_start_line, row.before_end_line)).unwrap_or(0),
    })
}

/// Does the change show outside: something public that came, went, or is called otherwise?
fn is_public_change(row: &EventRow, definition: &ChangedDefinition) -> bool {
    let hidden = definition.name.rsplit(['.', ':', '#']).next().is_some_and(|last| last.starts_with('_'));
    let public = row.visibility.as_deref().map_or(!hidden, |word| word == "public");
    let differs = row.event != "chunk.modified" || row.parts.iter().any(|part| part == "signature" || part == "name");
    public && differs
}

fn health(review: &mut Review, row: EventRow) {
    let rank = |status: &str| match status {
        "ok" => 0,
        "partial" => 1,
        "error" => 2,
        _ => 3,
    };
    let (before, after) = (row.before_status.unwrap_or_default(), row.after_status.unwrap_or_default());
    let (errors, had) = (row.after_errors.unwrap_or(0), row.before_errors.unwrap_or(0));
    if rank(&after) > rank(&before) || (after == before && errors > had) {
        review.stopped_total += 1;
        if review.stopped.len() < NAMED {
            review.stopped.push(StoppedFile { repo: row.repo, path: row.path, before, after, errors });
        }
    }
}
