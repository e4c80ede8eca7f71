//! One writer builds in a loop, eight readers read, a second writer tries: every read is of one whole generation.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use sawmill::base::Cancel;
use sawmill::base::clock::SystemClock;
use sawmill::base::vfs::real::RealFs;
use sawmill::ops::build::{BuildRequest, run};
use sawmill::ops::{Context, search, show};
use serde_json::Value;

use crate::program::world::{Ran, World};

const REPOS: [&str; 2] = ["one", "two"];
const FILES: usize = 12;

/// What all threads share.
struct Stage {
    world: World,
    stop: AtomicBool,
    /// Held by whoever edits the trees, and by the second writer so that it builds no half-edited ones.
    editing: Mutex<()>,
    generations: AtomicUsize,
    reads: AtomicUsize,
    versions_seen: Mutex<BTreeSet<u64>>,
}

impl Stage {
    fn new() -> Self {
        let world = World::empty();
        let repos = REPOS.map(|repo| format!("  - {{ name: {repo}, root: {repo} }}\n")).concat();
        world.write("workspace.yaml", format!("version: 1\nname: busy\npipeline: code\nrepos:\n{repos}"));
        std::fs::create_dir(world.path("pipelines")).unwrap();
        world.write("pipelines/code.yaml", crate::workbench::PIPELINE);
        for repo in REPOS {
            std::fs::create_dir(world.path(repo)).unwrap();
        }
        Self {
            world,
            stop: AtomicBool::new(false),
            editing: Mutex::default(),
            generations: AtomicUsize::new(0),
            reads: AtomicUsize::new(0),
            versions_seen: Mutex::default(),
        }
    }

    fn context(&self) -> Context {
        Context::new(Arc::new(RealFs), Arc::new(SystemClock), Cancel::new(), self.world.path("workspace.yaml"))
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Every file says the same version.
    fn edit(&self, version: u64) {
        let _editing = self.editing.lock().unwrap();
        for repo in REPOS {
            for file in 0..FILES {
                let text = format!("# Page {file}\n\nThe stamp of this page is edition{version}edition.\n");
                self.world.write(format!("{repo}/page_{file}.md"), text);
            }
        }
    }

    fn build(&self) {
        let request = BuildRequest { jobs: Some(2), wait: Duration::from_mins(1), ..BuildRequest::default() };
        let report = run(&self.context(), &request, Arc::new(|_| {})).unwrap();
        assert!(report.ok, "{:?}", report.failed);
        self.generations.fetch_add(1, Ordering::SeqCst);
    }

    /// Edits and builds until it is over.
    fn write(&self) {
        let mut version = 1;
        while !self.is_over() {
            version += 1;
            self.edit(version);
            self.build();
        }
    }

    fn read(&self, reader: usize) {
        while !self.is_over() {
            let texts = if reader.is_multiple_of(2) { self.show() } else { self.search() };
            let versions: BTreeSet<u64> = texts.iter().map(|text| version_in(text)).collect();
            assert_eq!(versions.len(), 1, "a mixed generation was read: {versions:?}");
            assert_eq!(texts.len(), REPOS.len() * FILES, "half a generation was read: {texts:?}");
            self.versions_seen.lock().unwrap().extend(versions);
            self.reads.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// The text of every chunk.
    fn show(&self) -> Vec<String> {
        let columns = vec!["text".to_owned()];
        let request = show::ShowRequest { table: "chunks".to_owned(), columns, ..show::ShowRequest::default() };
        let answer = show::run(&self.context(), &request).unwrap();
        answer.answer.rows.iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
    }

    /// The snippets of every chunk that says `stamp`.
    fn search(&self) -> Vec<String> {
        let request = search::SearchRequest { limit: 100, ..search::SearchRequest::new("stamp") };
        let answer = search::run(&self.context(), &request).unwrap();
        assert!(answer.answer.repos.iter().all(|repo| repo.message.is_none()), "{:?}", answer.answer.repos);
        answer.answer.hits.iter().map(|hit| hit.snippet.lines.join("\n")).collect()
    }

    /// Runs the program as a second writer until it is over: without patience, then with. Says how often it was told
    /// that another build runs, and how often it came through.
    fn second_writer(&self) -> (usize, usize) {
        let (mut refused, mut built) = (0, 0);
        while !self.is_over() {
            let ran = {
                let _editing = self.editing.lock().unwrap();
                self.world.run(&["build", "--json"])
            };
            match ran.code {
                0 => built += 1,
                3 => {
                    let error = &ran.object()["error"];
                    assert_eq!(error["code"], "sawmill::store::locked", "{error}");
                    let message = error["message"].as_str().unwrap();
                    assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
                    refused += 1;
                }
                code => panic!("the second writer ends with {code}: {}{}", ran.out, ran.err),
            }
            // The first writer's turn: a mutex is not fair.
            std::thread::sleep(Duration::from_millis(120));
            let editing = self.editing.lock().unwrap();
            let ran = self.world.run(&["build", "--wait", "60", "--json"]);
            assert_eq!(ran.code, 0, "a writer that waits comes through: {}{}", ran.out, ran.err);
            built += 1;
            drop(editing);
            std::thread::sleep(Duration::from_millis(120));
        }
        (refused, built)
    }
}

fn version_in(text: &str) -> u64 {
    let inside = text.split("edition").nth(1).unwrap_or_else(|| panic!("no stamp in {text:?}"));
    inside.parse().unwrap()
}

fn play(length: Duration) {
    let stage = Stage::new();
    stage.edit(1);
    stage.build();
    let (refused, built) = std::thread::scope(|scope| {
        // A thread that fails ends the play, and the scope tells of it.
        let over_at = Instant::now() + length;
        let writer = scope.spawn(|| stage.write());
        let second = scope.spawn(|| stage.second_writer());
        let readers: Vec<_> =
            (0..8).map(|reader| (reader, &stage)).map(|(r, s)| scope.spawn(move || s.read(r))).collect();
        let failed =
            || writer.is_finished() || second.is_finished() || readers.iter().any(ScopedJoinHandle::is_finished);
        while Instant::now() < over_at && !failed() {
            std::thread::sleep(Duration::from_millis(20));
        }
        stage.stop.store(true, Ordering::SeqCst);
        second.join().unwrap()
    });
    let (generations, reads) = (stage.generations.load(Ordering::SeqCst), stage.reads.load(Ordering::SeqCst));
    let versions = stage.versions_seen.lock().unwrap().len();
    println!(
        "readers: {length:?}, {generations} generations, {reads} whole reads of {versions} of them, a second writer: \
         {refused} times refused, {built} builds"
    );
    assert!(generations > 3 && reads > 20 && versions > 1 && built > 0);
}

#[test]
fn readers_of_a_store_that_is_written_see_whole_generations() {
    play(Duration::from_secs(3));
}

#[test]
#[ignore = "ten seconds: cargo test --test it -- --ignored every_read_in_ten_seconds_is_of_one_whole_generation --nocapture"]
fn every_read_in_ten_seconds_is_of_one_whole_generation() {
    play(Duration::from_secs(10));
}

/// A lock that is surely held, unlike that of a build which may just have ended.
#[test]
fn a_second_writer_is_told_who_holds_the_lock_or_waits_until_it_is_free() {
    let world = World::built();
    let context = Context::new(Arc::new(RealFs), Arc::new(SystemClock), Cancel::new(), world.path("workspace.yaml"));
    let workspace = context.workspace().unwrap();
    let store = context.store(&workspace).unwrap();
    let writer = store.writer(&SystemClock, Duration::ZERO).unwrap();
    let ran = world.run(&["build"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains(&format!("process {}", std::process::id())), "{}", ran.err);
    let told: Value = world.run(&["build", "--json"]).object();
    assert_eq!(told["error"]["code"], "sawmill::store::locked");
    let mut waiting = world.command(&["build", "--wait", "60"]);
    let waiting = waiting.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(world.run(&["search", "order"]).code, 0, "readers wait for nobody");
    drop(writer);
    let ran = Ran::of(&waiting.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("nothing to do"), "{}", ran.out);
}
