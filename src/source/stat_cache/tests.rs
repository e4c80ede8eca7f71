use proptest::prelude::*;

use super::*;
use crate::base::vfs::{FileKind, Stat};
use crate::base::{Digest, Timestamp};
use crate::source::language::{Told, ToldBy, known_languages, language};
use crate::source::model::Clues;
use crate::source::role::Mark;

const SECOND: i64 = 1_000_000_000;

fn stat(size: u64, mtime: i64, ctime: i64) -> Stat {
    let (mtime, ctime) = (Timestamp(mtime), Timestamp(ctime));
    Stat { kind: FileKind::File, size, mode: 0o644, mtime, ctime, dev: 1, ino: 7 }
}

fn cache(paths: &[&str], start: i64) -> StatCache {
    let mut builder = StatCacheBuilder::new(Timestamp(start), paths.len());
    for path in paths {
        let by = if path.contains("!!") { ToldBy::Content } else { ToldBy::Shebang };
        let language = path.contains('!').then(|| Told { language: language("bash").unwrap(), by });
        let role =
            if path.contains('g') { Some(Mark::Generated) } else { path.contains('m').then_some(Mark::Minified) };
        let clues = Clues { language, role };
        builder.push(path.as_bytes(), &stat(path.len() as u64, 0, 0), &Digest::of(path.as_bytes()), clues);
    }
    builder.finish()
}

#[test]
fn what_was_written_is_read() {
    let written = cache(&["a", "a/b!", "b", "c!!", "g", "m"], 100);
    let read = StatCache::decode(&written.encode()).unwrap();
    assert_eq!(read, written);
    let mut cursor = read.cursor(b"a");
    assert_eq!(cursor.find(b"a").unwrap().hash, Digest::of(b"a"));
    assert!(cursor.find(b"a/a").is_none());
    assert_eq!(cursor.find(b"a/b!").unwrap().clues.language.unwrap().language.name, "bash");
    assert!(cursor.find(b"b").unwrap().clues.language.is_none());
    assert!(cursor.find(b"c").is_none());
    assert_eq!(cursor.find(b"c!!").map(|entry| entry.clues.language.unwrap().by), Some(ToldBy::Content));
    assert_eq!(cursor.find(b"g").unwrap().clues.role, Some(Mark::Generated));
    assert_eq!(cursor.find(b"m").unwrap().clues.role, Some(Mark::Minified));
    assert!(read.cursor(b"b").find(b"b").is_some());
}

#[test]
fn an_entry_is_believed_only_of_an_unchanged_file_that_had_settled() {
    let recorded = stat(3, 5 * SECOND, 6 * SECOND);
    let trusts = |start: i64, now: &Stat| {
        let mut builder = StatCacheBuilder::new(Timestamp(start), 1);
        builder.push(b"a", &recorded, &Digest::of(b"a"), Clues::default());
        let cache = builder.finish();
        cache.cursor(b"a").find(b"a").unwrap().is_trusted(now)
    };
    assert!(trusts(8 * SECOND + 1, &recorded));
    assert!(!trusts(8 * SECOND, &recorded), "the ctime lies within two seconds of the scan");
    assert!(!trusts(0, &recorded), "written after the scan began, or under a clock that went back");
    for changed in [
        Stat { size: 4, ..recorded },
        Stat { mtime: Timestamp(5 * SECOND + 1), ..recorded },
        Stat { ctime: Timestamp(6 * SECOND + 1), ..recorded },
        Stat { ino: 8, ..recorded },
    ] {
        assert!(!trusts(100 * SECOND, &changed));
    }
    assert!(trusts(100 * SECOND, &Stat { dev: 2, mode: 0o755, ..recorded }));
}

#[test]
fn any_flipped_bit_and_any_cut_is_noticed() {
    let good = cache(&["a", "b!"], 100).encode();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        assert!(StatCache::decode(&bad).is_err(), "byte {at}");
        assert!(StatCache::decode(&good[..at]).is_err(), "cut at {at}");
    }
    assert_eq!(StatCache::decode(b""), Err(Unusable::Foreign));
    let mut other = good.clone();
    other[12] = 99;
    assert_eq!(StatCache::decode(&other), Err(Unusable::OtherVersion));
    let last = good.len() - 1;
    other.clone_from(&good);
    other[last] ^= 1;
    assert_eq!(StatCache::decode(&other), Err(Unusable::Damaged));
}

#[test]
fn a_cache_is_news_when_something_was_read_or_other_files_are_there() {
    let old = cache(&["a", "b"], 100);
    assert!(!cache(&["a", "b"], 200).is_news(&old, 0));
    assert!(cache(&["a", "b"], 200).is_news(&old, 1));
    assert!(cache(&["a"], 200).is_news(&old, 0));
}

#[test]
fn language_names_fit_their_length_byte() {
    assert!(known_languages().all(|name| name.len() < 256));
}

proptest! {
    #[test]
    fn a_well_summed_but_nonsensical_file_does_no_harm(body in prop::collection::vec(any::<u8>(), 0..400), cut in 0_usize..120) {
        // An honest header before nonsense, so that decoding gets past the checks.
        let honest = cache(&["a"], 1).encode();
        let mut bytes = honest[..cut.min(honest.len() - 32)].to_vec();
        bytes.extend_from_slice(&body);
        let sum = Digest::of(&bytes);
        bytes.extend_from_slice(&sum.0);
        if let Ok(cache) = StatCache::decode(&bytes) {
            for path in [&b""[..], b"a", b"\xff"] {
                let _ = cache.cursor(path).find(path);
                let _ = cache.cursor(b"").find(path);
            }
        }
    }
}
