//! Scans of real trees, for measurements.

use std::path::Path;

use super::scan;
use crate::base::clock::{Clock, Stopwatch, SystemClock};
use crate::base::vfs::Vfs;
use crate::base::vfs::real::RealFs;
use crate::base::{Cancel, Limits, parallel};
use crate::source::{Scan, ScanRequest, StatCache};

pub(crate) fn scan_with(root: &Path, cache: &StatCache, threads: usize) -> (Scan, StatCache) {
    let request = ScanRequest {
        root,
        include: &[],
        exclude: &[],
        languages: &[],
        limits: &Limits::default(),
        never: &[],
        threads,
        cancel: &Cancel::new(),
    };
    scan(&RealFs, &request, cache, SystemClock.now()).unwrap()
}

pub(crate) fn scan_tree(root: &Path) -> Scan {
    scan_with(root, &StatCache::default(), parallel::available()).0
}

/// User and system time of this process in hundredths of a second; see `proc_pid_stat(5)`.
fn cpu_ticks() -> u64 {
    let stat = RealFs.read(Path::new("/proc/self/stat")).unwrap();
    let stat = String::from_utf8(stat).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

/// Prints what a first scan, a null scan and the cache's own coding cost.
#[test]
#[ignore = "SAWMILL_CORPUS=DIR cargo test --lib -- --ignored measure_null_scan --nocapture"]
fn measure_null_scan() {
    #[expect(clippy::disallowed_methods, reason = "a measurement is told its corpus by the environment")]
    let root = std::path::PathBuf::from(std::env::var_os("SAWMILL_CORPUS").expect("SAWMILL_CORPUS names a tree"));
    let threads = parallel::available();
    let clock = Stopwatch::start();
    let (first, cache) = scan_with(&root, &StatCache::default(), threads);
    println!("first scan: {} files, {} bytes, {:?}", first.files.len(), first.bytes, clock.elapsed());
    let clock = Stopwatch::start();
    let bytes = cache.encode();
    println!("encode: {} bytes, {:?}", bytes.len(), clock.elapsed());
    let clock = Stopwatch::start();
    let cache = StatCache::decode(&bytes).unwrap();
    println!("decode: {:?}", clock.elapsed());
    for threads in [threads, 1, threads] {
        let (clock, cpu) = (Stopwatch::start(), cpu_ticks());
        let (null, _) = scan_with(&root, &cache, threads);
        let (wall, cpu) = (clock.elapsed(), cpu_ticks() - cpu);
        println!("null scan, {threads} threads: {wall:?}, CPU {} ms, {} files read", cpu * 10, null.hashed);
        assert_eq!(null.files, first.files);
        assert_eq!(null.hashed, 0, "the corpus stands still");
    }
}
