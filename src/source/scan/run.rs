//! The scan, step by step.

use crate::base::vfs::Vfs;
use crate::base::{Timestamp, parallel};
use crate::source::model::{Scan, ScanRequest};
use crate::source::stat_cache::{StatCache, StatCacheBuilder};

use super::error::SourceError;
use super::ground::Ground;
use super::notices;
use super::settle::withhold_collisions;
use super::walk::Found;

/// Files settled by one thread at a time.
const PIECE: usize = 128;

/// The repository at `request.root` as it stands, and what to remember of it for the next scan.
///
/// `cache` is what the previous scan of this root gave, or empty; it saves reading and changes no result. `now`
/// is the time on the clock of the repository's file system (see [`StatCache`]'s module).
pub fn scan(
    vfs: &dyn Vfs,
    request: &ScanRequest<'_>,
    cache: &StatCache,
    now: Timestamp,
) -> Result<(Scan, StatCache), SourceError> {
    let ground = Ground::of(vfs, request)?;
    let threads = request.threads;

    let mut told = Vec::new();
    let listings = ground.walk.run(&mut told)?;
    let mut found: Vec<Found<'_>> = listings.iter().flat_map(super::walk::Listing::files).collect();
    found.sort_unstable_by_key(|file| file.path);

    let settle = ground.settler(cache);
    let pieces: Vec<&[Found<'_>]> = found.chunks(PIECE).collect();
    let settled = parallel::map(threads, &pieces, |piece| settle.piece(piece));

    let mut remembered = StatCacheBuilder::new(now, found.len());
    let mut scan = Scan { files: Vec::with_capacity(found.len()), ..Scan::default() };
    for piece in settled {
        let (files, notices) = piece?;
        told.extend(notices);
        for settled in files {
            if let Some((hash, clues)) = settled.hash {
                remembered.push(settled.found.path, settled.found.stat, &hash, clues);
            }
            scan.hashed += usize::from(settled.was_read);
            scan.bytes = scan.bytes.saturating_add(settled.file.size);
            scan.files.push(settled.file);
        }
    }
    // Nearly in order already: only paths that are no UTF-8 sort otherwise by text than by bytes.
    scan.files.sort_by(|a, b| a.path.cmp(&b.path));
    withhold_collisions(&mut scan.files);
    if scan.files.is_empty() {
        let narrowed = !request.include.is_empty() || !request.exclude.is_empty();
        told.push(notices::nothing_there(narrowed));
    }
    told.sort_by(|a, b| (&a.path, a.code).cmp(&(&b.path, b.code)));
    scan.notices = told;
    Ok((scan, remembered.finish()))
}
