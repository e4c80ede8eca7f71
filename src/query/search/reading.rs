//! What follows from a request alone, before anything is opened.

use super::intent::{Intent, IntentKind, keep_words_of, written_path};
use super::request::SearchRequest;
use super::units::{Unit, asked, units};
use super::weights::Profile;
use crate::query::error::QueryError;
use crate::query::parse::{Meant, ParseError, Query, parse};

/// A request, read.
#[derive(Debug)]
pub struct Reading<'a> {
    pub query: Query,
    pub intent: Intent,
    /// Of a query that is a path: the place that it means to who asks.
    pub meant: Option<&'a Meant>,
    pub profile: &'a Profile,
    pub units: Vec<Unit>,
}

/// A path as it is written in a query.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct WrittenPath {
    /// Without a line behind it; of a glob the directories before the first part that is one.
    pub path: String,
    /// Does it stand in a filter?
    pub filter: bool,
}

/// The paths in a query that may mean places to who asks: what it is, if it is a path, and those of its filters.
pub fn written_paths(query: &str) -> Result<Vec<WrittenPath>, ParseError> {
    let query = parse(query)?;
    let filters = query.filters.iter().filter_map(|filter| filter.written_path());
    let filters = filters.map(|path| WrittenPath { path: path.to_owned(), filter: true });
    let whole = written_path(&query).map(|path| WrittenPath { path: path.to_owned(), filter: false });
    Ok(whole.into_iter().chain(filters).collect())
}

impl<'a> Reading<'a> {
    pub fn of(request: &'a SearchRequest) -> Result<Self, QueryError> {
        let mut query = parse(&request.query)?;
        let intent = Intent::of(&query);
        let meant = written_path(&query).and_then(|path| request.places.get(path));
        if let (IntentKind::Path, Some(path)) = (intent.kind, intent.paths.first()) {
            let meant = meant.map(|meant| meant.path.as_str()).filter(|path| !path.is_empty());
            keep_words_of(&mut query, meant.unwrap_or(path));
        }
        for filter in &mut query.filters {
            if let Some(meant) = filter.written_path().and_then(|path| request.places.get(path)) {
                filter.mean(meant.clone());
            }
        }
        let profile = request.weights.of(intent.kind);
        let units = units(&query, profile);
        Ok(Self { query, intent, meant, profile, units })
    }

    /// Are words asked for?
    pub fn has_words(&self) -> bool {
        self.query.expr.as_ref().is_some_and(|expr| !asked(expr).is_empty())
    }
}
