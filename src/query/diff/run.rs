//! All repositories of two moments, and the table of their differences.

use std::collections::{BTreeMap, BTreeSet};

use super::repo::Pair;
use super::request::{Compared, Compat, DiffOptions, Opened};
use super::totals::Totals;
use crate::base::Cancel;
use crate::nodes::diff::{Place, order, row};
use crate::query::cache::Cache;
use crate::query::error::{QueryError, did_you_mean};
use crate::query::pieces::Pieces;
use crate::store::{BuildRoot, RepoIdentity};
use crate::table::encode_rows;

/// Compares two moments.
///
/// Where the parameters or formats of a repository are not the same, its files alone are compared, unless the options allow
/// more; `compat` says so. Equal moments and options give equal bytes.
pub fn diff(
    before: &dyn Pieces,
    after: &dyn Pieces,
    options: &DiffOptions,
    cancel: &Cancel,
) -> Result<Compared, QueryError> {
    let cache = Cache::default();
    let names = wanted(before, after, options)?;
    let (mut opened, mut totals) = (Opened::default(), Totals::default());
    let mut compat = Compat { comparable: true, ..Compat::default() };
    let mut found = Vec::new();
    for name in names {
        cancel.check()?;
        let (old, new) = (root(before, &name)?, root(after, &name)?);
        let reason = mismatch(old.as_ref(), new.as_ref());
        if let Some(reason) = &reason {
            compat.comparable = false;
            compat.reasons.insert(name.clone(), reason.clone());
        }
        let only_files = options.files_only || (reason.is_some() && !options.allow_mismatch);
        compat.only_files |= only_files;
        let pair = Pair { before: (before, old), after: (after, new), options, only_files, cache: &cache, cancel };
        let mut repo = pair.compare(&mut opened)?;
        repo.changes.sort_by(|a, b| order((&a.1, &a.0), (&b.1, &b.0)));
        repo.changes.iter().for_each(|(_, change)| totals.see(&name, change));
        found.push((name, repo));
    }
    let rows = found.iter().flat_map(|(repo, of)| {
        of.changes.iter().map(move |(node, change)| row(Place { repo, node }, change, &of.visibility))
    });
    let events = encode_rows(rows)?;
    let mut summary = totals.done();
    (summary.compat, summary.opened) = (compat, opened);
    Ok(Compared { events, summary })
}

/// The repositories of either moment that are asked for, by name.
fn wanted(before: &dyn Pieces, after: &dyn Pieces, options: &DiffOptions) -> Result<BTreeSet<String>, QueryError> {
    let all: BTreeSet<String> = before.repos().into_iter().chain(after.repos()).map(|repo| repo.name).collect();
    let names: Vec<&str> = all.iter().map(String::as_str).collect();
    if let Some(unknown) = options.repos.iter().find(|repo| !all.contains(*repo)) {
        let help = did_you_mean(unknown, &names);
        return Err(QueryError::UnknownRepository { name: unknown.clone(), help });
    }
    if options.repos.is_empty() { Ok(all) } else { Ok(options.repos.iter().cloned().collect()) }
}

fn root(pieces: &dyn Pieces, name: &str) -> Result<Option<BuildRoot>, QueryError> {
    let has = pieces.repos().iter().any(|repo| repo.name == name);
    if has { pieces.build(name).map(Some) } else { Ok(None) }
}

/// Why the rows of both builds do not mean the same, in words.
fn mismatch(before: Option<&BuildRoot>, after: Option<&BuildRoot>) -> Option<String> {
    let (one, other) = (RepoIdentity::of(before?), RepoIdentity::of(after?));
    if one.is_comparable(&other) {
        return None;
    }
    let formats = |of: &BTreeMap<String, String>| of.values().cloned().collect::<Vec<_>>().join(", ");
    Some(if one.formats == other.formats {
        "its parameters are not the same".to_owned()
    } else {
        format!("its nodes are not the same: {} then, {} now", formats(&one.formats), formats(&other.formats))
    })
}
