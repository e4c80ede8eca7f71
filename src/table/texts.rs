//! The values of a text column one after the other, from the decoded pages, without an array of them.
//!
//! Reading file text is most of what an exact search does. Arrow's reader copies every value into an array and decodes
//! what stands before the wanted rows of a page value by value; here a page is decompressed and walked.

use std::ops::Range;
use std::sync::Arc;

use parquet::arrow::arrow_reader::RowSelection;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageReader};
use parquet::errors::ParquetError;
use parquet::file::page_index::offset_index::PageLocation;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::file::statistics::Statistics;

use super::batch::TableError;
use super::read::{TableReader, decode, page_ranges, unreadable};
/// Bytes of the length before a plain value.
const LENGTH: usize = 4;

impl TableReader {
    /// Calls `visit` with each of `rows` and the bytes of its value in `column`, in order. Only the pages that hold them
    /// are read. `rows` are ascending, disjoint, and within [`rows`](Self::rows); otherwise [`TableError::Invalid`].
    ///
    /// Errors: [`TableError::Column`] where there is no such column, [`TableError::Read`] where the bytes cannot be read
    /// or are not what the writer writes for a text column without nulls.
    pub fn visit_texts(
        &self,
        column: &str,
        rows: &[Range<usize>],
        mut visit: impl FnMut(usize, &[u8]),
    ) -> Result<(), TableError> {
        let place = self.place(column)?;
        let meta = self.meta.metadata();
        let total = self.check_rows(rows)?;
        let mut bytes = self.bytes.clone();
        let ranges = decode(self.schema, || {
            let selection = RowSelection::from_consecutive_ranges(rows.iter().cloned(), total);
            page_ranges(meta, &[place], selection)
        })?;
        bytes.fetch(ranges).map_err(|e| unreadable(self.schema, e))?;
        let bytes = Arc::new(bytes);
        decode(self.schema, || {
            let mut first = 0;
            let mut wanted = Wanted { rows, at: 0 };
            for (at, group) in meta.row_groups().iter().enumerate() {
                let count = usize::try_from(group.num_rows())?;
                let chunk = group.column(place);
                let locations = meta.offset_index().and_then(|i| i.get(at)?.get(place));
                let locations = locations.ok_or_else(|| odd("no page index"))?.page_locations();
                let descriptor = chunk.column_descr();
                if descriptor.max_def_level() > 0 || descriptor.max_rep_level() > 0 {
                    return Err(odd("a column with nulls or lists"));
                }
                let mut pages = SerializedPageReader::new(Arc::clone(&bytes), chunk, count, Some(locations.clone()))?;
                for page in spans(locations, count)? {
                    let page = first + page.start..first + page.end;
                    if wanted.touch(&page) {
                        let decoded = pages.get_next_page()?.ok_or_else(|| odd("a page is missing"))?;
                        walk(&decoded, &page, &mut wanted, &mut visit)?;
                    } else {
                        pages.skip_next_page()?;
                    }
                }
                first += count;
            }
            Ok(())
        })
    }

    /// The value of `column`, if the file says that every row has the same.
    pub fn only_text(&self, column: &str) -> Result<Option<String>, TableError> {
        let place = self.place(column)?;
        let mut only: Option<&[u8]> = None;
        for group in self.meta.metadata().row_groups() {
            let Some(Statistics::ByteArray(bounds)) = group.column(place).statistics() else { return Ok(None) };
            let exact = bounds.min_is_exact() && bounds.max_is_exact() && bounds.null_count_opt() == Some(0);
            let same = bounds.min_bytes_opt().filter(|min| exact && Some(*min) == bounds.max_bytes_opt());
            match same.filter(|value| only.is_none_or(|only| only == *value)) {
                Some(value) => only = Some(value),
                None => return Ok(None),
            }
        }
        Ok(only.and_then(|value| String::from_utf8(value.to_vec()).ok()))
    }

    /// Has any row a value in `column`? Where the file does not say, it may.
    pub fn has_values(&self, column: &str) -> Result<bool, TableError> {
        let place = self.place(column)?;
        Ok(self.meta.metadata().row_groups().iter().any(|group| {
            let nulls = group.column(place).statistics().and_then(Statistics::null_count_opt);
            nulls.is_none_or(|nulls| i64::try_from(nulls).is_ok_and(|nulls| nulls < group.num_rows()))
        }))
    }
}

/// Ascending row ranges, of which some are behind us.
struct Wanted<'a> {
    rows: &'a [Range<usize>],
    at: usize,
}

impl Wanted<'_> {
    /// The first range that ends behind `row`. Rows never go back.
    fn from(&mut self, row: usize) -> Option<&Range<usize>> {
        while self.rows.get(self.at).is_some_and(|range| range.end <= row) {
            self.at += 1;
        }
        self.rows.get(self.at)
    }

    fn touch(&mut self, page: &Range<usize>) -> bool {
        self.from(page.start).is_some_and(|range| range.start < page.end)
    }
}

/// Rows of each page within its row group.
fn spans(pages: &[PageLocation], rows: usize) -> Result<Vec<Range<usize>>, ParquetError> {
    let mut out = Vec::with_capacity(pages.len());
    for (at, page) in pages.iter().enumerate() {
        let start = usize::try_from(page.first_row_index)?;
        let end = pages.get(at + 1).map_or(Ok(rows), |next| usize::try_from(next.first_row_index))?;
        out.push(start..end);
    }
    Ok(out)
}

/// A plain page: each value is its length, four bytes, the lowest first, and its bytes
/// (<https://parquet.apache.org/docs/file-format/data-pages/encodings/>, "Plain").
fn walk(
    page: &Page,
    rows: &Range<usize>,
    wanted: &mut Wanted<'_>,
    visit: &mut impl FnMut(usize, &[u8]),
) -> Result<(), ParquetError> {
    let Page::DataPage { buf, num_values, encoding: Encoding::PLAIN, .. } = page else {
        return Err(odd("a page of another encoding"));
    };
    if *num_values as usize != rows.len() {
        return Err(odd("a page of another length"));
    }
    let mut rest: &[u8] = buf;
    for row in rows.clone() {
        let Some(range) = wanted.from(row).filter(|range| range.start < rows.end) else { return Ok(()) };
        let (length, behind) = rest.split_first_chunk::<LENGTH>().ok_or_else(|| odd("a page is cut short"))?;
        let length = u32::from_le_bytes(*length) as usize;
        let (value, behind) = behind.split_at_checked(length).ok_or_else(|| odd("a page is cut short"))?;
        if range.start <= row {
            visit(row, value);
        }
        rest = behind;
    }
    Ok(())
}

fn odd(what: &str) -> ParquetError {
    ParquetError::General(format!("not as it was written: {what}"))
}
