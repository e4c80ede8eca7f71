//! Events of a diff, under limits.

use std::sync::Arc;

use arrow::array::StringArray;
use serde_json::{Map, Value};

use crate::base::ByteSource;
use crate::query::error::QueryError;
use crate::query::scan::json_rows;
use crate::table::schema::{EVENTS, EventRow};
use crate::table::{Batch, TableReader, typed_column};

/// Rows that are decoded at once.
const SLICE: usize = 4_096;

/// Which events are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Empty: all. `chunk` means every event of chunks.
    pub events: Vec<String>,
    /// Empty: all.
    pub repos: Vec<String>,
}

/// How many are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventLimits {
    pub events: u64,
    /// Of the events as JSON Lines.
    pub bytes: u64,
}

/// Events as JSON, what has no value left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventsShown {
    pub events: Vec<Map<String, Value>>,
    /// Why there are more: `events` or `bytes`.
    pub truncated: Option<&'static str>,
}

/// Goes through the events in their order, some at a time.
pub struct Events {
    reader: TableReader,
    at: usize,
}

impl Events {
    pub fn open(source: Arc<dyn ByteSource>) -> Result<Self, QueryError> {
        Ok(Self { reader: TableReader::open(source, &EVENTS)?, at: 0 })
    }

    /// The next rows that the filter lets through, as they come; `None` at the end.
    fn next(&mut self, filter: &EventFilter) -> Result<Option<Batch>, QueryError> {
        let total = usize::try_from(self.reader.rows()).unwrap_or(usize::MAX);
        let names: Vec<&str> = EVENTS.columns.iter().map(|column| column.name).collect();
        if self.at >= total {
            return Ok(None);
        }
        let range = self.at..total.min(self.at + SLICE);
        self.at = range.end;
        let rows = self.reader.read_rows(&names, std::slice::from_ref(&range))?;
        let text = |name| typed_column::<StringArray>(&rows, EVENTS.name, name);
        let (events, repos) = (text("event")?, text("repo")?);
        let wanted = (0..rows.num_rows()).map(|at| Some(filter.lets(events.value(at), repos.value(at))));
        let kept = arrow::compute::filter_record_batch(&rows, &wanted.collect())
            .map_err(|source| crate::table::TableError::Arrow { table: EVENTS.name.into(), source })?;
        Ok(Some(Batch::new(&EVENTS, kept)?))
    }

    /// The next rows, typed.
    pub fn next_rows(&mut self, filter: &EventFilter) -> Result<Option<Vec<EventRow>>, QueryError> {
        Ok(self.next(filter)?.map(|batch| batch.rows()).transpose()?)
    }

    /// As many as the limits allow.
    pub fn shown(mut self, filter: &EventFilter, limits: EventLimits) -> Result<EventsShown, QueryError> {
        let (mut shown, mut bytes) = (EventsShown::default(), 0_u64);
        while let Some(batch) = self.next(filter)? {
            for mut event in json_rows(batch.records())? {
                event.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
                let length = serde_json::to_string(&event).map_or(u64::MAX, |line| line.len() as u64 + 1);
                if shown.events.len() as u64 >= limits.events {
                    shown.truncated = Some("events");
                    return Ok(shown);
                }
                bytes = bytes.saturating_add(length);
                if bytes > limits.bytes {
                    shown.truncated = Some("bytes");
                    return Ok(shown);
                }
                shown.events.push(event);
            }
        }
        Ok(shown)
    }
}

impl EventFilter {
    fn lets(&self, event: &str, repo: &str) -> bool {
        let is = |wanted: &String| event == wanted || event.split_once('.').is_some_and(|(sort, _)| sort == wanted);
        (self.events.is_empty() || self.events.iter().any(is))
            && (self.repos.is_empty() || self.repos.iter().any(|wanted| wanted == repo))
    }
}
