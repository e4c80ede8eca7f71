//! The repositories that are meant, in order, and what became of their builds.

use std::collections::BTreeSet;

use crate::base::parallel;
use crate::query::error::{QueryError, did_you_mean};
use crate::query::parse::{Filter, FilterKind, Query};
use crate::query::pieces::{Pieces, RepoEntry};
use crate::store::BuildRoot;
use crate::store::federation::{Availability, Found, Manifest, Member};
use crate::table::schema::TABLES;

/// What is said about repositories beside the query.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// By name; empty is all that are enabled. A name reaches a disabled one too.
    pub select: &'a [String],
    /// Any of these; empty is all.
    pub tags: &'a [String],
    /// Globs over names, any of which matches; empty is all.
    pub filters: &'a [String],
    pub include_disabled: bool,
}

/// A repository that is meant.
#[derive(Debug)]
pub struct Seat {
    pub entry: RepoEntry,
    pub member: Member,
    /// Where it is present.
    pub root: Option<BuildRoot>,
    /// Why it is not.
    pub failure: Option<QueryError>,
}

/// By priority (highest first), then name.
#[derive(Debug)]
pub struct Roster {
    pub seats: Vec<Seat>,
    /// Of these repositories alone: whatever happens to others, an answer stays what it is.
    pub manifest: Manifest,
}

impl Roster {
    /// Everyone with a build or without, enabled or not, by name.
    pub fn of_all(pieces: &dyn Pieces, threads: usize) -> Self {
        let mut all = everyone(pieces);
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Self::seated(pieces, &all, threads)
    }

    fn seated(pieces: &dyn Pieces, entries: &[RepoEntry], threads: usize) -> Self {
        let seats = parallel::map(threads, entries, |entry| seat(pieces, entry));
        let manifest = Manifest::of_members(seats.iter().map(|seat| seat.member.clone()).collect());
        Self { seats, manifest }
    }

    /// Chooses repositories and reads the first levels of their builds.
    pub fn call(pieces: &dyn Pieces, wish: Wish<'_>, query: &Query, threads: usize) -> Result<Self, QueryError> {
        Ok(Self::seated(pieces, &choose(everyone(pieces), wish, query)?, threads))
    }
}

/// Those with a build and those without.
fn everyone(pieces: &dyn Pieces) -> Vec<RepoEntry> {
    let mut all = pieces.repos();
    let built: BTreeSet<String> = all.iter().map(|entry| entry.name.clone()).collect();
    all.extend(pieces.unbuilt().into_iter().filter(|entry| !built.contains(&entry.name)));
    all
}

fn choose(all: Vec<RepoEntry>, wish: Wish<'_>, query: &Query) -> Result<Vec<RepoEntry>, QueryError> {
    let names: Vec<&str> = all.iter().map(|r| r.name.as_str()).collect();
    for wanted in wish.select {
        if !names.contains(&wanted.as_str()) {
            let help = did_you_mean(wanted, &names);
            return Err(QueryError::UnknownRepository { name: wanted.clone(), help });
        }
    }
    let filters = wish.filters.iter().map(|glob| {
        let bad = |source| QueryError::RepoFilter { glob: glob.clone(), source };
        Filter::new(FilterKind::Repo, glob, false).map_err(bad)
    });
    let filters: Vec<Filter> = filters.collect::<Result<_, _>>()?;
    let wants = |repo: &&RepoEntry| {
        let named = wish.select.contains(&repo.name);
        let tags: Vec<&str> = repo.tags.iter().map(String::as_str).collect();
        (named || wish.select.is_empty())
            && (named || repo.enabled || wish.include_disabled)
            && (wish.tags.is_empty() || wish.tags.iter().any(|t| repo.tags.contains(t)))
            && (filters.is_empty() || filters.iter().any(|filter| filter.matches(&repo.name)))
            && query.admits(FilterKind::Tag, &tags)
            && query.admits(FilterKind::Repo, &[&repo.name])
    };
    let mut chosen: Vec<RepoEntry> = all.iter().filter(wants).cloned().collect();
    if chosen.is_empty() {
        return Err(QueryError::EmptySelection { help: nearest(query, wish, &all) });
    }
    chosen.sort_by(|a, b| b.priority.cmp(&a.priority).then_with(|| a.name.cmp(&b.name)));
    Ok(chosen)
}

/// What may have been meant, where no repository is left.
fn nearest(query: &Query, wish: Wish<'_>, all: &[RepoEntry]) -> String {
    let asked = |kind| query.filters.iter().find(|f| f.kind == kind && !f.excludes).map(|f| f.value.as_str());
    if let Some(name) = asked(FilterKind::Repo).or(wish.filters.first().map(String::as_str)) {
        return did_you_mean(name, &all.iter().map(|repo| repo.name.as_str()).collect::<Vec<_>>());
    }
    let tags: BTreeSet<&str> = all.iter().flat_map(|repo| &repo.tags).map(String::as_str).collect();
    match asked(FilterKind::Tag).or(wish.tags.first().map(String::as_str)) {
        Some(tag) if !tags.is_empty() => did_you_mean(tag, &tags.into_iter().collect::<Vec<_>>()),
        _ => "`sawmill status` lists the repositories, their tags, and which are enabled".into(),
    }
}

fn seat(pieces: &dyn Pieces, entry: &RepoEntry) -> Seat {
    let (member, root, failure) = if entry.build.is_empty() {
        let failure = QueryError::MissingBuild { repo: entry.name.clone() };
        (Member::of(&entry.name, Found::Missing), None, Some(failure))
    } else {
        match pieces.build(&entry.name) {
            Ok(root) => present(entry, root),
            Err(error) => (Member::of(&entry.name, Found::Invalid(&entry.build)), None, Some(error)),
        }
    };
    Seat { entry: entry.clone(), member, root, failure }
}

fn present(entry: &RepoEntry, root: BuildRoot) -> (Member, Option<BuildRoot>, Option<QueryError>) {
    let format = |table: &str| TABLES.iter().find(|schema| schema.name == table).map(|schema| schema.format);
    let member = Member::of(&entry.name, Found::read(&root, format));
    match member.availability {
        Availability::Present => (member, Some(root), None),
        Availability::Incompatible => {
            let failure = QueryError::Incompatible { repo: entry.name.clone() };
            (member, None, Some(failure))
        }
        Availability::InvalidPointer | Availability::MissingBuild => {
            let what = format!("build {} names nodes that it does not have", entry.build);
            (member, None, Some(QueryError::Manifest { what }))
        }
    }
}
