//! A plan is the run, and every action that ran has a reason that is true.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use proptest::prelude::*;
use sawmill::engine::{ActionDone, Change, Event, Forecast, Moved, Outcome, Reason, Recorded, Unit};

use crate::workbench::{Built, Workbench, plant, sample};

type Place = (String, String, Unit, String);

fn place(action: &Recorded) -> Place {
    let (repo, node, unit, id) = action.place();
    (repo.to_owned(), node.to_owned(), unit, id.to_owned())
}

fn ran(built: &Built) -> Vec<&ActionDone> {
    let ran = built.events.iter().filter_map(|event| match event {
        Event::ActionFinished(action) if action.outcome == Outcome::Ran => Some(action),
        _ => None,
    });
    ran.collect()
}

fn place_of(action: &ActionDone) -> Place {
    (action.repo.to_string(), action.node.to_string(), action.unit, action.id.to_string())
}

/// What a repository's build was made of.
#[derive(Clone, Debug)]
struct Stood {
    tree: BTreeMap<String, String>,
    max_chars: u64,
    mapped: bool,
    nodes: BTreeSet<&'static str>,
}

/// A workspace and what is known to have changed since its last build.
#[expect(clippy::struct_excessive_bools, reason = "four switches that a step turns, each on its own")]
struct Timeline {
    bench: Workbench,
    trees: BTreeMap<(&'static str, String), String>,
    /// What HEAD has, by repository.
    built: BTreeMap<&'static str, Stood>,
    max_chars: u64,
    mapped: bool,
    /// Is `docs/` left out of the first repository?
    excluded: bool,
    /// Is the second repository declared, and is its root there?
    declared: bool,
    rooted: bool,
    /// Which of [`PIPELINES`].
    pipeline: usize,
    /// Objects that were removed, by the first characters of their names.
    removed: BTreeSet<String>,
    /// Repositories whose actions the memo has forgotten, and no build has met since.
    forgotten: BTreeSet<&'static str>,
    /// Repositories whose newest build failed.
    failed: BTreeSet<&'static str>,
}

const REPOS: [&str; 2] = ["one", "two"];

const MAP: &str = "languages: { map: { \"*.md\": html } }\n";

/// Nodes beside `extract`: the plain pipeline, one with two chunkings and two indexes, and one with a node renamed.
const PIPELINES: [&[(&str, &str)]; 3] = [
    &[
        ("chunk", "{ kind: chunk, inputs: { outline: extract }, with: { max_chars: MAX } }"),
        ("index", "{ kind: index, inputs: { chunks: chunk, outline: extract } }"),
    ],
    &[
        ("chunk", "{ kind: chunk, inputs: { outline: extract }, with: { max_chars: MAX } }"),
        ("index", "{ kind: index, inputs: { chunks: chunk, outline: extract } }"),
        ("small", "{ kind: chunk, inputs: { outline: extract }, with: { max_chars: 210 } }"),
        ("terms", "{ kind: index, inputs: { chunks: small, outline: extract } }"),
    ],
    &[
        ("cut", "{ kind: chunk, inputs: { outline: extract }, with: { max_chars: MAX } }"),
        ("index", "{ kind: index, inputs: { chunks: cut, outline: extract } }"),
    ],
];

/// What a build is asked for: everything, one repository, a part of each pipeline, or of one.
const SELECTORS: [&str; 4] = ["one", "two", "kind:chunk", "one/extract"];

/// Withheld, because its name is that of secrets.
const SECRET: &str = "conf/.env";

#[derive(Clone, Debug)]
enum Step {
    Write {
        repo: usize,
        n: usize,
        edit: usize,
    },
    Delete {
        repo: usize,
        n: usize,
    },
    Rename {
        repo: usize,
        from: usize,
        to: usize,
    },
    Parameter {
        max_chars: u64,
    },
    /// Markdown is read as plain text, or as Markdown again.
    Remap,
    /// `docs/` is left out of the first repository, or is back.
    Exclude,
    /// The second repository is no longer declared, or is again.
    Declare,
    /// The root of the second repository is away, or is back.
    Root,
    Pipeline {
        which: usize,
    },
    /// A file that is not read for its name.
    Secret {
        repo: usize,
        edit: usize,
    },
    /// Removes an object of the cache.
    Lose {
        which: usize,
    },
    /// Removes the memo.
    Forget,
    /// Turns a byte of one piece of the memo over.
    Spoil {
        which: usize,
        at: usize,
    },
    Build,
    /// Builds a part.
    Part {
        which: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..2usize, 0..36usize, 0..3usize).prop_map(|(repo, n, edit)| Step::Write { repo, n, edit }),
        2 => (0..2usize, 0..36usize).prop_map(|(repo, n)| Step::Delete { repo, n }),
        1 => (0..2usize, 0..36usize, 40..44usize).prop_map(|(repo, from, to)| Step::Rename { repo, from, to }),
        1 => prop::sample::select(vec![200u64, 220, 600]).prop_map(|max_chars| Step::Parameter { max_chars }),
        1 => Just(Step::Remap),
        1 => (0..64usize).prop_map(|which| Step::Lose { which }),
        1 => Just(Step::Exclude),
        1 => Just(Step::Declare),
        1 => Just(Step::Root),
        1 => (0..PIPELINES.len()).prop_map(|which| Step::Pipeline { which }),
        1 => (0..2usize, 0..3usize).prop_map(|(repo, edit)| Step::Secret { repo, edit }),
        1 => Just(Step::Forget),
        1 => (0..16usize, 0..4096usize).prop_map(|(which, at)| Step::Spoil { which, at }),
        5 => Just(Step::Build),
        3 => (0..SELECTORS.len()).prop_map(|which| Step::Part { which }),
    ]
}

impl Timeline {
    fn new() -> Self {
        let bench = Workbench::new(&REPOS);
        let mut trees = BTreeMap::new();
        for (repo, count) in [("one", 30), ("two", 12)] {
            plant(&bench, repo, count);
            trees.extend((0..count).map(|n| sample(n, 0)).map(|(path, text)| ((repo, path), text)));
        }
        Self {
            bench,
            trees,
            built: BTreeMap::new(),
            max_chars: 600,
            mapped: false,
            excluded: false,
            declared: true,
            rooted: true,
            pipeline: 0,
            removed: BTreeSet::new(),
            forgotten: BTreeSet::new(),
            failed: BTreeSet::new(),
        }
    }

    /// Writes the workspace file and the pipeline.
    fn configure(&self) {
        let exclude = if self.excluded { ", exclude: [\"docs/**\"]" } else { "" };
        let two = if self.declared { "  - { name: two, root: two }\n" } else { "" };
        let map = if self.mapped { MAP } else { "" };
        let head = "version: 1\nname: bench\npipeline: code\nrepos:\n";
        let text = format!("{head}  - {{ name: one, root: one{exclude} }}\n{two}{map}");
        std::fs::write(self.bench.file(), text).unwrap();
        let mut text = "version: 1\nname: code\nserve: index\nnodes:\n  extract: { kind: extract }\n".to_owned();
        for (name, node) in PIPELINES[self.pipeline] {
            writeln!(text, "  {name}: {}", node.replace("MAX", &self.max_chars.to_string())).unwrap();
        }
        std::fs::write(self.bench.dir.path().join("pipelines/code.yaml"), text).unwrap();
    }

    /// Where a repository is; the second one may be away.
    fn root(&self, repo: &str) -> PathBuf {
        let away = repo == "two" && !self.rooted;
        self.bench.root(if away { "two.away" } else { repo })
    }

    fn write(&mut self, repo: &'static str, path: String, text: String) {
        let file = self.root(repo).join(&path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, &text).unwrap();
        self.trees.insert((repo, path), text);
    }

    fn remove(&mut self, repo: &'static str, path: &str) -> Option<String> {
        let text = self.trees.remove(&(repo, path.to_owned()))?;
        std::fs::remove_file(self.root(repo).join(path)).unwrap();
        Some(text)
    }

    /// What a build of a repository is made of now.
    fn stands(&self, repo: &'static str) -> Stood {
        let seen = |path: &str| !(self.excluded && repo == "one" && path.starts_with("docs/"));
        let tree = self.trees.iter().filter(|((of, path), _)| *of == repo && seen(path));
        let nodes = PIPELINES[self.pipeline].iter().map(|(name, _)| *name).chain(["extract"]);
        Stood {
            tree: tree.map(|((_, path), text)| (path.clone(), text.clone())).collect(),
            max_chars: self.max_chars,
            mapped: self.mapped,
            nodes: nodes.collect(),
        }
    }

    fn walk(&mut self, step: &Step) {
        match *step {
            Step::Write { repo, n, edit } => {
                let (path, text) = sample(n, edit);
                self.write(REPOS[repo], path, text);
            }
            Step::Secret { repo, edit } => self.write(REPOS[repo], SECRET.to_owned(), "x=".repeat(edit + 1)),
            Step::Delete { repo, n } => {
                self.remove(REPOS[repo], &sample(n, 0).0);
            }
            Step::Rename { repo, from, to } => {
                if let Some(text) = self.remove(REPOS[repo], &sample(from, 0).0) {
                    self.write(REPOS[repo], sample(to, 0).0, text);
                }
            }
            Step::Parameter { max_chars } => self.max_chars = max_chars,
            Step::Remap => self.mapped = !self.mapped,
            Step::Exclude => self.excluded = !self.excluded,
            Step::Declare => self.declared = !self.declared,
            Step::Pipeline { which } => self.pipeline = which,
            Step::Root => {
                let from = self.root("two");
                self.rooted = !self.rooted;
                std::fs::rename(from, self.root("two")).unwrap();
            }
            Step::Lose { which } => {
                let objects = self.files("cache/objects");
                if let Some(object) = objects.get(which % objects.len().max(1)) {
                    std::fs::remove_file(object).unwrap();
                    let dir = object.parent().unwrap().file_name().unwrap().to_str().unwrap().to_owned();
                    let name = object.file_name().unwrap().to_str().unwrap();
                    self.removed.insert((dir + name).chars().take(12).collect());
                }
            }
            Step::Forget => {
                for piece in self.files("cache/memo") {
                    std::fs::remove_file(piece).unwrap();
                }
                self.forgotten.extend(REPOS);
            }
            Step::Spoil { which, at } => {
                let pieces = self.files("cache/memo");
                if let Some(piece) = pieces.get(which % pieces.len().max(1)) {
                    let mut bytes = std::fs::read(piece).unwrap();
                    let at = at % bytes.len();
                    bytes[at] ^= 0x10;
                    std::fs::remove_file(piece).unwrap();
                    std::fs::write(piece, bytes).unwrap();
                    self.forgotten.extend(REPOS);
                }
            }
            Step::Build => self.build(&[]),
            Step::Part { which } => {
                if self.declared || SELECTORS[which] != "two" {
                    self.build(&SELECTORS[which..=which]);
                }
            }
        }
        self.configure();
    }

    /// The files somewhere below the state directory, sorted.
    fn files(&self, below: &str) -> Vec<PathBuf> {
        let (mut files, mut dirs) = (Vec::new(), vec![self.bench.dir.path().join(".sawmill").join(below)]);
        while let Some(dir) = dirs.pop() {
            for entry in std::fs::read_dir(dir).into_iter().flatten() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() { dirs.push(entry.path()) } else { files.push(entry.path()) }
            }
        }
        files.sort();
        files
    }

    /// Builds what `selectors` name, beside what the dry run said of it.
    fn build(&mut self, selectors: &[&str]) {
        let plan = self.bench.dry_run_of(selectors);
        let built = match self.bench.try_build_of(selectors) {
            Ok(built) => built,
            // Nothing that was asked for could be built, and nothing stands.
            Err(error) => {
                assert!(!plan.ok && self.built.is_empty() && !self.rooted, "{error:?}");
                return;
            }
        };
        let ran = ran(&built);
        let keys: BTreeSet<String> = ran.iter().map(|action| action.action.hex()).collect();
        let places: BTreeSet<Place> = ran.iter().map(|action| place_of(action)).collect();
        let will: BTreeSet<Place> = plan.will.iter().map(place).collect();
        let may: BTreeSet<Place> = plan.may.iter().map(place).collect();
        for action in &plan.will {
            let key = action.action.as_ref().expect("what will run is known by its key");
            assert!(places.contains(&place(action)) || keys.contains(key), "will run, and did not: {action:?}");
        }
        let will_keys: BTreeSet<&String> = plan.will.iter().filter_map(|action| action.action.as_ref()).collect();
        for action in &ran {
            let (place, key) = (place_of(action), action.action.hex());
            let foreseen = will.contains(&place) || may.contains(&place) || will_keys.contains(&key);
            assert!(foreseen, "ran, and was not foreseen: {action:?}");
            let reason = action.reason.as_deref().expect("what ran has a reason");
            self.check(&action.repo, reason, &place);
        }
        for action in &plan.taken {
            assert_eq!(action.forecast, Forecast::Hit);
            let reason = action.reason.as_ref().expect("what is behind something has a reason");
            self.check(&action.repo, reason, &place(action));
        }
        assert_eq!(plan.nothing_to_do, ran.is_empty() || plan.will.is_empty() && plan.may.is_empty());
        assert!(plan.will.iter().all(|action| action.forecast == Forecast::Will && action.reason.is_some()));
        self.note(&built, selectors);
    }

    /// What HEAD has after a build.
    fn note(&mut self, built: &Built, selectors: &[&str]) {
        let away = |repo: &str| repo == "two" && self.declared && !self.rooted;
        for repo in REPOS {
            if selectors.is_empty() || selectors.contains(&repo) {
                assert_eq!(built.report.failed.iter().any(|failed| failed.repo == repo), away(repo), "{repo}");
            }
            let part = built.report.repos.iter().find(|known| known.name == repo);
            let Some(part) = part.filter(|_| !away(repo)) else { continue };
            if !part.partial {
                self.built.insert(repo, self.stands(repo));
                self.failed.remove(repo);
            }
            // The null check looks at no memo, and a part of a pipeline not at all of it.
            if !part.current && !part.partial {
                self.forgotten.remove(repo);
            }
        }
        if built.report.repos.iter().any(|part| !part.partial) {
            if away("two") {
                self.failed.insert("two");
            }
            if !self.declared {
                self.built.remove("two");
                self.failed.remove("two");
            }
        }
    }

    /// Does the reason name a difference that is true?
    fn check(&self, repo: &str, reason: &Reason, place: &Place) {
        match reason {
            Reason::NeverBuilt => assert!(!self.built.contains_key(repo), "{place:?}"),
            Reason::Absent => assert!(self.forgotten.contains(repo), "{place:?}"),
            Reason::Lost { artifacts } => {
                assert!(!artifacts.is_empty());
                for artifact in artifacts {
                    assert!(!artifact.damaged && self.removed.contains(&artifact.artifact), "{artifact:?}");
                }
            }
            Reason::NewNode => assert!(!self.built[repo].nodes.contains(&*place.1), "{place:?}"),
            Reason::Failed { .. } => assert!(self.failed.contains(repo), "{place:?}"),
            Reason::Moved { moved, .. } => {
                assert!(!moved.is_empty(), "{place:?}");
                for moved in moved {
                    self.check_moved(repo, moved, place);
                }
            }
        }
    }

    fn check_moved(&self, repo: &str, moved: &Moved, place: &Place) {
        let repo = REPOS.into_iter().find(|known| *known == repo).unwrap();
        let (stood, stands) = (&self.built[repo], self.stands(repo));
        match moved {
            Moved::File { path, change, old, new } => {
                let (before, now) = (stood.tree.get(path), stands.tree.get(path));
                let is_true = match change {
                    Change::Added => before.is_none() && now.is_some(),
                    Change::Removed => before.is_some() && now.is_none(),
                    Change::Changed => before.is_some() && now.is_some() && before != now,
                    Change::Reclassified => before == now && stood.mapped != stands.mapped,
                    Change::Joined | Change::Left => before.is_some() && now.is_some(),
                };
                assert!(is_true, "{place:?}: {moved:?}");
                let unread = path == SECRET;
                assert!(unread || before.is_none() || old.is_some() || *change == Change::Added);
                assert!(!unread || old.is_none() && new.is_none(), "{moved:?}");
                assert!(old.is_none() || new.is_none() || *change != Change::Changed || old != new);
            }
            Moved::Parameter { name, old, new } => {
                assert_eq!(name, "max_chars");
                assert_eq!(old.as_deref(), Some(stood.max_chars.to_string().as_str()));
                assert_eq!(new.as_deref(), Some(self.max_chars.to_string().as_str()));
                assert_ne!(old, new);
            }
            Moved::Name { name, change, .. } => {
                let (before, now) = (stands_for(&stood.tree, name), stands_for(&stands.tree, name));
                // A file that was renamed may hold what its new language does not read as a definition, and what only that
                // reads as one (`use std::fmt` declares `std:` in Python).
                let is_strange =
                    before.is_empty() && now.is_empty() && (is_foreign(&stood.tree) || is_foreign(&stands.tree));
                let is_true = is_strange
                    || before != now
                        && match change {
                            Change::Added => !now.is_empty(),
                            Change::Removed => !before.is_empty(),
                            _ => !before.is_empty() && !now.is_empty(),
                        };
                assert!(is_true, "{place:?}: {moved:?}, {before:?}, {now:?}");
            }
            Moved::Input { old, new, .. } | Moved::Shard { old, new, .. } => assert_ne!(old, new, "{place:?}"),
            Moved::Files { old, new } => assert!(!self.removed.is_empty() && old != new, "{place:?}"),
            other => panic!("{place:?}: {other:?}"),
        }
    }
}

/// Is there Rust by another name?
fn is_foreign(tree: &BTreeMap<String, String>) -> bool {
    tree.iter().any(|(path, text)| text.starts_with("//! Module") && !path.starts_with("src/"))
}

/// The files that a name stands for: those of that name, in a directory of that name, or with a definition of it.
fn stands_for<'a>(tree: &'a BTreeMap<String, String>, name: &str) -> BTreeSet<&'a str> {
    let heads = ["def ", "fn ", "function ", "class ", "struct ", "interface "].map(|head| format!("{head}{name}"));
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let defines =
        |text: &str| heads.iter().any(|head| text.match_indices(head).any(|(at, _)| ends(&text[at + head.len()..])));
    let is = |(path, text): &(&'a String, &String)| {
        let path = format!("/{path}");
        if name.ends_with('/') {
            path.contains(name)
        } else if name.starts_with('/') {
            path.ends_with(name)
        } else {
            defines(text)
        }
    };
    tree.iter().filter(is).map(|(path, _)| path.as_str()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(10) })]

    #[test]
    fn what_will_run_runs_and_nothing_runs_that_was_not_foreseen(steps in prop::collection::vec(step(), 1..24)) {
        let mut timeline = Timeline::new();
        timeline.walk(&Step::Build);
        for step in &steps {
            timeline.walk(step);
        }
        timeline.walk(&Step::Build);
    }
}

#[test]
fn a_dry_run_writes_nothing_and_foresees_a_first_build() {
    let mut timeline = Timeline::new();
    let plan = timeline.bench.dry_run();
    assert!(!timeline.bench.dir.path().join(".sawmill").exists());
    assert!(plan.will.iter().all(|a| a.node == "extract" && a.reason == Some(Reason::NeverBuilt)));
    assert!(plan.will.len() > 3 && plan.nodes["chunk"].may > 3 && plan.nodes["index"].hit == 0);
    timeline.walk(&Step::Build);
    let plan = timeline.bench.dry_run();
    assert!(plan.nothing_to_do && plan.nodes.is_empty());
}
