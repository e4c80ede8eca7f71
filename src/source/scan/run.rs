//! The scan, step by step.

use crate::base::suggest::nearest;
use crate::base::vfs::Vfs;
use crate::base::{Timestamp, parallel};
use crate::source::language::{BadMap, LanguageMap, known_languages};
use crate::source::model::{Scan, ScanRequest};
use crate::source::rules::Rules;
use crate::source::stat_cache::{StatCache, StatCacheBuilder};

use super::error::{SourceError, UserRule};
use super::settle::{Settler, withhold_collisions};
use super::walk::{Found, Walk};
use super::{confine, notices};

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
    let languages = language_map(request.languages)?;
    let include = user_rules(request.include, UserRule::Include)?;
    let exclude = user_rules(request.exclude, UserRule::Exclude)?;
    let narrowed = !request.include.is_empty() || !request.exclude.is_empty();
    let root = confine::resolve_root(vfs, request.root)?;
    let (threads, cancel) = (request.threads, request.cancel);
    let never = confine::never_entered(vfs, &root, request.never)?;
    let include = (!request.include.is_empty()).then_some(include);

    let mut told = Vec::new();
    let listings = Walk { vfs, root: &root, never, include, exclude, threads, cancel }.run(&mut told)?;
    let mut found: Vec<Found<'_>> = listings.iter().flat_map(super::walk::Listing::files).collect();
    found.sort_unstable_by_key(|file| file.path);

    let settle = Settler { vfs, root: &root, limits: request.limits, languages: &languages, cache, cancel };
    let pieces: Vec<&[Found<'_>]> = found.chunks(PIECE).collect();
    let settled = parallel::map(threads, &pieces, |piece| settle.piece(piece));

    let mut remembered = StatCacheBuilder::new(now, found.len());
    let mut scan = Scan { files: Vec::with_capacity(found.len()), ..Scan::default() };
    for piece in settled {
        let (files, notices) = piece?;
        told.extend(notices);
        for settled in files {
            if let Some((hash, first_line)) = settled.hash {
                remembered.push(settled.found.path, settled.found.stat, &hash, first_line);
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
        told.push(notices::nothing_there(narrowed));
    }
    told.sort_by(|a, b| (&a.path, a.code).cmp(&(&b.path, b.code)));
    scan.notices = told;
    Ok((scan, remembered.finish()))
}

fn user_rules(lines: &[String], list: UserRule) -> Result<Rules, SourceError> {
    Rules::of_root(lines.iter().map(String::as_str)).map_err(|(rule, source)| SourceError::BadRule {
        list,
        rule: rule.to_owned(),
        source,
    })
}

fn language_map(entries: &[(String, String)]) -> Result<LanguageMap, SourceError> {
    LanguageMap::new(entries).map_err(|(at, why)| {
        let (glob, language) = entries.get(at).cloned().unwrap_or_default();
        if why != BadMap::Language {
            return SourceError::BadLanguageGlob { glob };
        }
        let help = match nearest(&language, known_languages()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known languages: {}", known_languages().collect::<Vec<_>>().join(", ")),
        };
        SourceError::UnknownLanguage { glob, language, help }
    })
}
