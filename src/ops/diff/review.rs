//! A page for a reviewer.

use std::cmp::Ordering;

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
    /// Public definitions that have another signature, went, or came: of many those first that users of them notice; by
    /// path and line.
    pub public: Vec<ChangedDefinition>,
    /// How many there are.
    pub public_total: u64,
    /// Implementations (of a trait for a type, and the like) of which the same is so. Their members stand above.
    pub implementations: Vec<ChangedDefinition>,
    pub implementations_total: u64,
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
                        let (list, total) = if is_implementation(&row) {
                            (&mut review.implementations, &mut review.implementations_total)
                        } else {
                            (&mut review.public, &mut review.public_total)
                        };
                        *total += 1;
                        list.push(definition.clone());
                        keep(list, NAMED * 4, by_worth);
                    }
                    if row.event == "chunk.modified" {
                        definitions.push(definition);
                        keep(&mut definitions, NAMED * 4, by_size);
                    }
                }
                _ => {}
            }
        }
    }
    keep(&mut definitions, 0, by_size);
    definitions.truncate(NAMED / 2);
    review.definitions = definitions;
    for list in [&mut review.public, &mut review.implementations] {
        keep(list, 0, by_worth);
        list.sort_by(by_place);
    }
    Ok(review)
}

/// Keeps the first of them in an order, once there are more than `above`.
fn keep(
    definitions: &mut Vec<ChangedDefinition>,
    above: usize,
    order: fn(&ChangedDefinition, &ChangedDefinition) -> Ordering,
) {
    if definitions.len() > above {
        definitions.sort_by(order);
        definitions.truncate(NAMED);
    }
}

fn by_place(a: &ChangedDefinition, b: &ChangedDefinition) -> Ordering {
    (&a.repo, &a.path, a.line, &a.event).cmp(&(&b.repo, &b.path, b.line, &b.event))
}

fn by_size(a: &ChangedDefinition, b: &ChangedDefinition) -> Ordering {
    b.lines.cmp(&a.lines).then_with(|| by_place(a, b))
}

/// What breaks those who use it first: another signature, gone; then what is new.
fn by_worth(a: &ChangedDefinition, b: &ChangedDefinition) -> Ordering {
    let rank = |of: &ChangedDefinition| match of.event.as_str() {
        "chunk.modified" => 0,
        "chunk.removed" => 1,
        _ => 2,
    };
    rank(a).cmp(&rank(b)).then_with(|| by_place(a, b))
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

/// Does the chunk hold members for a type that stands elsewhere? There may be one for each type and trait, which hides
/// what a reviewer looks for. One that is cut begins with a head, of which only the signature tells what it is the head of.
fn is_implementation(row: &EventRow) -> bool {
    let signature = row.after_signature.as_deref().or(row.before_signature.as_deref()).unwrap_or_default();
    let mut words = signature.split(|c: char| !c.is_alphanumeric() && c != '_');
    match row.kind.as_deref() {
        Some("head") => words
            .find(|word| !matches!(*word, "unsafe" | "default"))
            .is_some_and(|word| matches!(word, "impl" | "defimpl")),
        kind => kind == Some("impl"),
    }
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
