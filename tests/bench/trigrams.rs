//! How long grams take to look up, and how many files they leave: exact search without its scan.
//!
//! `cargo bench --bench trigrams -- DIR [LITERAL…]`, where DIR is a view of an `index` node
//! (`.sawmill/latest/repo=NAME/node=index`), prints a table. One thread, everything in the page cache: the median of some rounds,
//! with the artifacts opened anew and with them open. The blocks are not verified, as a query would.
#![expect(clippy::disallowed_methods, reason = "a benchmark stands outside the doors")]
#![expect(clippy::print_stdout, reason = "its result is printed")]

use std::error::Error;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use sawmill::base::ByteSource;
use sawmill::nodes::index::trigrams::{Candidates, GramFiles, IndexedFiles, Need};
use sawmill::table::{INDEXED_FILES, TRIGRAMS, TableReader, TableSchema};

const ROUNDS: usize = 15;

/// Its first grams are looked up for the times.
const LONG: &str = "cpuset_update_active_cpus_affected";

const LITERALS: &[&str] = &["kmalloc_array", "return", "EXPORT_SYMBOL_GPL(kvm_"];

struct Artifact(File, u64);

impl ByteSource for Artifact {
    fn len(&self) -> u64 {
        self.1
    }

    fn read_at(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        self.0.read_exact_at(&mut bytes, offset)?;
        Ok(bytes)
    }
}

fn parts(dir: &Path, schema: &TableSchema) -> io::Result<Vec<PathBuf>> {
    let parts = std::fs::read_dir(dir.join(format!("table={}", schema.name)))?;
    let mut parts = parts.map(|part| Ok(part?.path())).collect::<io::Result<Vec<_>>>()?;
    parts.sort();
    Ok(parts)
}

fn open(part: &Path, schema: &'static TableSchema) -> Result<TableReader, Box<dyn Error>> {
    let file = File::open(part)?;
    let len = file.metadata()?.len();
    Ok(TableReader::open(Arc::new(Artifact(file, len)), schema)?)
}

fn grams(literal: &str) -> Vec<u32> {
    let folded = literal.to_ascii_lowercase().into_bytes();
    folded
        .windows(3)
        .filter_map(|w| <[u8; 3]>::try_from(w).ok())
        .map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
        .collect()
}

/// Milliseconds of the median round.
fn median(mut round: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        round()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(ROUNDS / 2).copied().unwrap_or_default())
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let dir = args.next().ok_or("usage: trigrams DIR [LITERAL…]")?;
    let literals: Vec<String> = args.collect();
    let literals = if literals.is_empty() { LITERALS.iter().map(ToString::to_string).collect() } else { literals };
    let tables = parts(Path::new(&dir), &TRIGRAMS)?;
    let open_all = || tables.iter().map(|part| open(part, &TRIGRAMS)).collect::<Result<Vec<_>, _>>();
    let readers = open_all()?;
    let mut files: Vec<u32> = Vec::new();
    for part in parts(Path::new(&dir), &INDEXED_FILES)? {
        files.push(IndexedFiles::read(&open(&part, &INDEXED_FILES)?)?.len() as u32);
    }
    let look = |readers: &[TableReader], grams: &[u32]| -> Result<Vec<GramFiles>, Box<dyn Error>> {
        let segments = readers.iter().zip(&files);
        segments.map(|(reader, files)| Ok(GramFiles::read(reader, grams, *files)?)).collect()
    };
    println!("{} segments, {} files", readers.len(), files.iter().sum::<u32>());
    println!("opening all: {:.2} ms", median(|| open_all().map(drop))?);
    println!("| grams | open | opened anew |\n|---|---|---|");
    for count in [1, 5, 20] {
        let grams: Vec<u32> = grams(LONG).into_iter().take(count).collect();
        let warm = median(|| look(&readers, &grams).map(drop))?;
        let cold = median(|| look(&open_all()?, &grams).map(drop))?;
        println!("| {count} | {warm:.2} ms | {cold:.2} ms |");
    }
    println!("| literal | grams | looked up | put together | files left |\n|---|---|---|---|---|");
    for literal in literals {
        let need = Need::And(grams(&literal).into_iter().map(Need::Gram).collect());
        let grams = need.grams();
        let warm = median(|| look(&readers, &grams).map(drop))?;
        let found = look(&readers, &grams)?;
        let mut left = 0;
        let joined = median(|| {
            left = 0;
            for (lists, files) in found.iter().zip(&files) {
                left += match need.candidates(lists) {
                    Candidates::All => *files as usize,
                    Candidates::Some(some) => some.len(),
                };
            }
            Ok(())
        })?;
        println!("| `{literal}` | {} | {warm:.2} ms | {joined:.2} ms | {left} |", grams.len());
    }
    Ok(())
}
