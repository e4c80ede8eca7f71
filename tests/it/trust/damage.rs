//! Every stored file is damaged, in every byte and in every way: it is found before anything believes it, never
//! answered with, and made again by a build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sawmill::base::Digest;
use sawmill::base::vfs::Vfs;
use sawmill::base::vfs::memory::MemoryFs;
use sawmill::ops::OpsError;
use sawmill::query::QueryError;
use sawmill::source::StatCache;
use sawmill::store::{LedgerTable, Provenance, Store, StoreError};

use super::bench::{Bench, HOME, READERS, Standing, edit, files, on_each, planted, standing};
use super::fault_cases::area;
use super::lens::Lens;

/// A store with two generations, and everything that it answers.
struct Scene {
    bench: Bench,
    memory: MemoryFs,
    stands: Standing,
    answers: Vec<String>,
    /// Of the store, locks aside.
    stored: BTreeMap<PathBuf, Vec<u8>>,
}

fn scene() -> Scene {
    let bench = Bench::default();
    let memory = planted(Path::new(HOME));
    bench.built(&memory);
    edit(&memory, Path::new(HOME));
    bench.built(&memory);
    assert!(bench.built(&memory).report.nothing_to_do);
    let stands = standing(&bench, Arc::new(memory.clone())).unwrap().unwrap();
    let answers = READERS.iter().map(|(_, read)| read(&bench.context(Arc::new(memory.clone()))).unwrap()).collect();
    let mut stored = files(&memory, &bench.dirs().state);
    stored.retain(|path, _| !path.ends_with("LOCK"));
    Scene { bench, memory, stands, answers, stored }
}

/// The artifact that a path holds.
fn object(path: &Path) -> Option<Digest> {
    let inside = path.strip_prefix(HOME).ok()?.strip_prefix(".sawmill/cache/objects").ok()?;
    inside.with_extension("").to_string_lossy().replace('/', "").parse().ok()
}

/// What a person learns of damage.
fn tells_damage(error: &OpsError) -> bool {
    match error {
        OpsError::Store(error) | OpsError::Query(QueryError::Store(error)) => error.is_damage(),
        OpsError::Query(QueryError::Unreadable { source, .. }) => {
            matches!(&**source, QueryError::Store(error) if error.is_damage())
        }
        _ => false,
    }
}

/// Was the damage seen?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Found,
    /// Nothing of this file was read.
    NotRead,
    /// It was read and is of no consequence by design: its writer looks at it.
    Inert,
}

/// Everything that a reader of records may learn, or the damage that keeps it from that.
fn records(store: &Store, stands: &Standing) -> Result<bool, StoreError> {
    let Some(pinned) = store.pin()? else { panic!("HEAD is gone, and nobody was told") };
    assert_eq!(pinned.generation(), &stands.generation);
    for (repo, expected) in &stands.manifests {
        let root = pinned.build(repo)?;
        let mut text = String::from_utf8(sawmill::base::json::canonical(&root).unwrap()).unwrap();
        for segment in &root.segments {
            let list = pinned.list(repo, &segment.list)?;
            text.push_str(std::str::from_utf8(&sawmill::base::json::canonical(&list).unwrap()).unwrap());
        }
        assert_eq!(&text, expected);
    }
    let told = !pinned.notices().is_empty();
    assert!(told || *pinned.provenance() != Provenance::default());
    Ok(told)
}

/// Reads whatever covers the file at `path`, which `lens` shows damaged.
fn look(scene: &Scene, lens: &Lens, path: &Path, bytes: &[u8]) -> Seen {
    let text = path.to_string_lossy();
    if text.contains("/stat/") {
        return if StatCache::decode(bytes).is_err() {
            Seen::Found
        } else {
            panic!("a damaged stat cache is believed")
        };
    }
    let store = scene.bench.store(Arc::new(lens.clone())).unwrap();
    if let Some(hash) = object(path) {
        let error = store.object(&hash).map(|_| ()).expect_err("damaged bytes were handed out");
        assert!(error.is_damage(), "{error}");
        return Seen::Found;
    }
    let found = if text.ends_with(".memo") {
        store.memo().unwrap().notices().len() == 1
    } else if text.contains("/ledger/") && text.ends_with(".parquet") {
        let told = LedgerTable::ALL.map(|table| store.ledger(table).unwrap().notices.len());
        told.iter().sum::<usize>() == 1
    } else if text.ends_with("stamp.json") {
        !store.stamp_holds(&scene.stands.generation.id).unwrap()
    } else {
        match records(&store, &scene.stands) {
            Ok(told) => told,
            Err(error) => error.is_damage() || panic!("{error} is no damage"),
        }
    };
    match (found, lens.looks()) {
        (true, _) => Seen::Found,
        (false, 0) => Seen::NotRead,
        // Every record carries its own format; this one is written again by the next writer.
        (false, _) if text.ends_with("format.json") => Seen::Inert,
        (false, _) => panic!("{text} is damaged, was read, and nobody noticed"),
    }
}

/// Flips a bit in every `step`-th byte of every file.
fn flip_everywhere(step: usize) -> (usize, BTreeMap<Seen, usize>) {
    let scene = scene();
    let all: Vec<(&PathBuf, &Vec<u8>)> = scene.stored.iter().collect();
    let of_file = |(path, bytes): &(&PathBuf, &Vec<u8>)| {
        let lens = Lens::new(Arc::new(scene.memory.clone()));
        let mut seen: BTreeMap<Seen, usize> = BTreeMap::new();
        for at in (0..bytes.len()).step_by(step) {
            let mut bad = (*bytes).clone();
            bad[at] ^= 1 << (at % 8);
            lens.show(path, bad.clone());
            *seen.entry(look(&scene, &lens, path, &bad)).or_default() += 1;
        }
        seen
    };
    let mut total: BTreeMap<Seen, usize> = BTreeMap::new();
    for seen in on_each(&all, of_file) {
        for (seen, count) in seen {
            *total.entry(seen).or_default() += count;
        }
    }
    println!("damage: {} files, every {step}. byte: {total:?}", all.len());
    (all.len(), total)
}

#[test]
fn a_flipped_bit_is_found_before_anything_believes_it() {
    let (files, seen) = flip_everywhere(11);
    assert!(files > 40 && seen.get(&Seen::Found).is_some_and(|count| *count > 10_000), "{seen:?}");
}

#[test]
#[ignore = "a hundred thousand reads: cargo test --test it -- --ignored every_byte_of_every_stored_file_flipped_is_found_before_anything_believes_it --nocapture"]
fn every_byte_of_every_stored_file_flipped_is_found_before_anything_believes_it() {
    let (_, seen) = flip_everywhere(1);
    assert!(seen.get(&Seen::Found).is_some_and(|count| *count > 50_000), "{seen:?}");
}

/// How a file is hurt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hurt {
    Flip,
    Half,
    Empty,
    Zeroed,
    /// It holds what another file of its kind holds.
    Swapped,
    Removed,
}

const HURTS: [Hurt; 6] = [Hurt::Flip, Hurt::Half, Hurt::Empty, Hurt::Zeroed, Hurt::Swapped, Hurt::Removed];

/// Hurts the file; false where this hurt changes nothing in it.
fn hurt(scene: &Scene, memory: &MemoryFs, path: &Path, how: Hurt) -> bool {
    let bytes = &scene.stored[path];
    let place = |path: &Path| (area(path, Path::new(HOME)), path.extension().map(ToOwned::to_owned));
    let twin = || {
        scene
            .stored
            .iter()
            .find(|(other, there)| place(other) == place(path) && there != &bytes && other.as_path() != path)
    };
    let bad = match how {
        Hurt::Removed => {
            memory.remove_file(path).unwrap();
            return true;
        }
        Hurt::Flip => bytes.iter().enumerate().map(|(at, b)| if at == bytes.len() / 3 { b ^ 4 } else { *b }).collect(),
        Hurt::Half => bytes[..bytes.len() / 2].to_vec(),
        Hurt::Empty => Vec::new(),
        Hurt::Zeroed => vec![0; bytes.len()],
        Hurt::Swapped => match twin() {
            Some((other, theirs)) => {
                memory.put(other, bytes).unwrap();
                theirs.clone()
            }
            None => return false,
        },
    };
    if bad == *bytes {
        return false;
    }
    memory.put(path, bad).unwrap();
    true
}

/// Does a search say which repository it could not read, and why?
fn tells_of_a_repository(answer: &str) -> bool {
    let statuses = ["\"status\":\"error\"", "\"status\":\"invalid-pointer\""];
    statuses.iter().any(|status| answer.contains(status)) && answer.contains("(sawmill::store::")
}

/// Every reading command gives the right answer or tells of damage. Says whether all gave the right one.
fn readers_are_honest(scene: &Scene, memory: &MemoryFs, what: &str) -> bool {
    let mut all_right = true;
    for ((name, read), right) in READERS.iter().zip(&scene.answers) {
        match read(&scene.bench.context(Arc::new(memory.clone()))) {
            Ok(answer) if answer == *right => {}
            // The repositories that can be read are searched; the answer says which was not, and why.
            Ok(answer) if tells_of_a_repository(&answer) => all_right = false,
            // `status` says of what it does not know that it does not, and why.
            Ok(answer) if *name == "status" && answer.contains("\"notices\":[\"`g-") => all_right = false,
            Ok(answer) => panic!("{what}: `{name}` answers {answer}\nand not {right}"),
            Err(error) if tells_damage(&error) => all_right = false,
            Err(error) => panic!("{what}: `{name}` says {error}"),
        }
    }
    all_right
}

/// Hurts one file in one way, reads, builds, and reads again. `None` where there is nothing to hurt so.
fn hurt_and_heal(scene: &Scene, path: &Path, how: Hurt) -> Option<bool> {
    let memory = scene.memory.fork();
    if !hurt(scene, &memory, path, how) {
        return None;
    }
    let what = format!("{}, {how:?}", path.strip_prefix(HOME).unwrap().display());
    let unseen = readers_are_honest(scene, &memory, &what);
    let built = scene.bench.built(&memory);
    assert_eq!(built.report.generation.as_deref(), Some(scene.stands.generation.id.as_str()), "{what}");
    if standing(&scene.bench, Arc::new(memory.clone())).is_err() {
        // The build had no reason to read it. Whoever does sets it aside, as `verify` does; the next build heals.
        let clock = sawmill::base::clock::FixedClock(scene.bench.now);
        let store = scene.bench.store(Arc::new(memory.clone())).unwrap();
        let writer = store.writer(&clock, std::time::Duration::ZERO).unwrap();
        for (path, bytes) in files(&memory, &scene.bench.dirs().cache.join("objects")) {
            match object(&path) {
                Some(hash) if Digest::of(&bytes) != hash => writer.quarantine(&hash).unwrap(),
                _ => {}
            }
        }
        drop(writer);
        assert!(scene.bench.built(&memory).report.healed > 0, "{what}");
    }
    assert_eq!(standing(&scene.bench, Arc::new(memory.clone())).unwrap().as_ref(), Some(&scene.stands), "{what}");
    let again = scene.bench.built(&memory);
    assert!(again.report.nothing_to_do, "{what}: the second build had work to do");
    assert!(readers_are_honest(scene, &memory, &what), "{what}: not healed");
    Some(!unseen)
}

fn heal_all(choose: impl Fn(usize) -> Vec<Hurt>) -> usize {
    let scene = scene();
    let paths = scene.stored.keys().enumerate();
    let cases: Vec<(&PathBuf, Hurt)> =
        paths.flat_map(|(n, path)| choose(n).into_iter().map(move |h| (path, h))).collect();
    let done = on_each(&cases, |(path, how)| hurt_and_heal(&scene, path, *how));
    let healed = done.iter().flatten().count();
    let seen = done.iter().flatten().filter(|seen| **seen).count();
    println!(
        "damage: {} files, {healed} hurt and healed, {seen} of them seen by a reading command",
        scene.stored.len()
    );
    healed
}

#[test]
fn a_damaged_file_is_never_answered_with_and_heals() {
    let healed = heal_all(|n| vec![HURTS[n % 6]]);
    assert!(healed > 40, "{healed}");
}

#[test]
#[ignore = "hundreds of builds: cargo test --test it -- --ignored every_file_damaged_in_every_way_is_never_answered_with_and_heals --nocapture"]
fn every_file_damaged_in_every_way_is_never_answered_with_and_heals() {
    let healed = heal_all(|_| HURTS.to_vec());
    assert!(healed > 200, "{healed}");
}

#[test]
fn a_damaged_artifact_that_a_build_uses_is_made_again() {
    let scene = scene();
    let clean = scene.memory.fork();
    let change = |memory: &MemoryFs| {
        memory.put(format!("{HOME}/api/app/more.py"), "def more():\n    return 2\n").unwrap();
        memory.put(format!("{HOME}/web/docs/more.md"), "# More\n\nWords.\n").unwrap();
        memory.put(format!("{HOME}/web/src/money.ts"), "export const CENTS = 101;\n").unwrap();
    };
    change(&clean);
    scene.bench.built(&clean);
    let expected = standing(&scene.bench, Arc::new(clean)).unwrap();
    let objects: Vec<&PathBuf> = scene.stored.keys().filter(|path| object(path).is_some()).collect();
    let used = on_each(&objects, |path| {
        let memory = scene.memory.fork();
        hurt(&scene, &memory, path, Hurt::Flip);
        change(&memory);
        scene.bench.built(&memory);
        let set_aside = !memory.list(&scene.bench.dirs().cache.join("quarantine")).unwrap().is_empty();
        match standing(&scene.bench, Arc::new(memory)) {
            Ok(stands) => assert_eq!(stands, expected, "{}", path.display()),
            // What the build neither read nor made is still damaged, and nobody is given it.
            Err(error) => assert!(error.is_damage() && !set_aside, "{}: {error}", path.display()),
        }
        set_aside
    });
    let found = used.iter().filter(|set_aside| **set_aside).count();
    println!("damage: {} artifacts, {found} of them used by the build and set aside", objects.len());
    assert!(found > 3);
}
