//! Files that exact search does not see because they are over the read limit.
//!
//! They have rows in `files` and none in `chunks`. A manifest tells the bytes of source of each shard, so that only the
//! few shards which are larger than the limit can hold such a file; mostly there are none, and nothing is read.

use arrow::array::{Array, StringArray};

use super::admit::file_admitted;
use super::request::SearchRequest;

use super::select::SegmentPieces;
use crate::base::{Limits, SkipReason};
use crate::query::cache::Cache;
use crate::query::error::QueryError;
use crate::query::parse::Query;
use crate::query::pieces::Pieces;
use crate::table::schema::FILES;
use crate::table::typed_column;

const COLUMNS: &[&str] = &["path", "language", "role", "skip_reason"];

/// How many files of `segment` are over the read limit, of those that the filters on files let through.
pub fn over_limit(
    pieces: &dyn Pieces,
    cache: &Cache,
    request: &SearchRequest,
    query: &Query,
    segment: &SegmentPieces,
) -> Result<u64, QueryError> {
    let mut count = 0;
    if !request.wants(query, segment.mode) {
        return Ok(count);
    }
    let large = segment.shards.iter().filter(|shard| shard.bytes > Limits::default().read_bytes);
    for files in large.filter_map(|shard| shard.files) {
        let records = cache.reader(pieces, &files, &FILES)?.read_columns(COLUMNS)?;
        let text = |name: &str| typed_column::<StringArray>(&records, FILES.name, name);
        let (paths, languages, roles, reasons) =
            (text("path")?, text("language")?, text("role")?, text("skip_reason")?);
        for (at, reason) in reasons.iter().enumerate() {
            let language = languages.is_valid(at).then(|| languages.value(at));
            let admitted =
                || file_admitted(query, &segment.repo_name, paths.value(at), language, Some(roles.value(at)));
            count += u64::from(reason == Some(SkipReason::TooLarge.name()) && admitted());
        }
    }
    Ok(count)
}
