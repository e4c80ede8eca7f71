//! A plan is the run, and every action that ran has a reason that is true.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use proptest::prelude::*;
use sawmill::engine::{ActionDone, Change, Event, Forecast, Moved, Outcome, Reason, Recorded, Unit};

use crate::workbench::{Built, PIPELINE, Workbench, plant, sample};

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

/// A workspace and what is known to have changed since its last build.
struct Timeline {
    bench: Workbench,
    trees: BTreeMap<(&'static str, String), String>,
    built: Option<BTreeMap<(&'static str, String), String>>,
    max_chars: u64,
    built_with: u64,
    mapped: bool,
    built_mapped: bool,
    /// Objects that were removed, by the first characters of their names.
    removed: BTreeSet<String>,
    /// Repositories whose actions the memo has forgotten, and no build has met since.
    forgotten: BTreeSet<&'static str>,
}

const REPOS: [&str; 2] = ["one", "two"];

const MAP: &str = "languages: { map: { \"*.md\": html } }\n";

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
    /// Removes an object of the cache.
    Lose {
        which: usize,
    },
    /// Removes the memo.
    Forget,
    Build,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (0..2usize, 0..36usize, 0..3usize).prop_map(|(repo, n, edit)| Step::Write { repo, n, edit }),
        2 => (0..2usize, 0..36usize).prop_map(|(repo, n)| Step::Delete { repo, n }),
        1 => (0..2usize, 0..36usize, 40..44usize).prop_map(|(repo, from, to)| Step::Rename { repo, from, to }),
        1 => prop::sample::select(vec![200u64, 220, 600]).prop_map(|max_chars| Step::Parameter { max_chars }),
        1 => Just(Step::Remap),
        1 => (0..64usize).prop_map(|which| Step::Lose { which }),
        1 => Just(Step::Forget),
        5 => Just(Step::Build),
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
            built: None,
            max_chars: 600,
            built_with: 600,
            mapped: false,
            built_mapped: false,
            removed: BTreeSet::new(),
            forgotten: BTreeSet::new(),
        }
    }

    fn walk(&mut self, step: &Step) {
        match *step {
            Step::Write { repo, n, edit } => {
                let (path, text) = sample(n, edit);
                self.bench.write(REPOS[repo], &path, &text);
                self.trees.insert((REPOS[repo], path), text);
            }
            Step::Delete { repo, n } => {
                let path = sample(n, 0).0;
                if self.trees.remove(&(REPOS[repo], path.clone())).is_some() {
                    std::fs::remove_file(self.bench.root(REPOS[repo]).join(path)).unwrap();
                }
            }
            Step::Rename { repo, from, to } => {
                let (from, to) = (sample(from, 0).0, sample(to, 0).0);
                let repo = REPOS[repo];
                if let Some(text) = self.trees.remove(&(repo, from.clone())) {
                    std::fs::remove_file(self.bench.root(repo).join(from)).unwrap();
                    self.bench.write(repo, &to, &text);
                    self.trees.insert((repo, to), text);
                }
            }
            Step::Parameter { max_chars } => {
                self.max_chars = max_chars;
                let text = PIPELINE.replace("max_chars: 600", &format!("max_chars: {max_chars}"));
                std::fs::write(self.bench.dir.path().join("pipelines/code.yaml"), text).unwrap();
            }
            Step::Remap => {
                self.mapped = !self.mapped;
                let text = std::fs::read_to_string(self.bench.file()).unwrap();
                let text = if self.mapped { text + MAP } else { text.replace(MAP, "") };
                std::fs::write(self.bench.file(), text).unwrap();
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
            Step::Build => self.build(),
        }
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

    fn build(&mut self) {
        let plan = self.bench.dry_run();
        let built = self.bench.build();
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
        assert_eq!(plan.nothing_to_do, ran.is_empty() || plan.will.is_empty() && plan.may.is_empty());
        assert!(plan.will.iter().all(|action| action.forecast == Forecast::Will && action.reason.is_some()));
        self.built = Some(self.trees.clone());
        (self.built_with, self.built_mapped) = (self.max_chars, self.mapped);
        // The null check looks at no memo.
        let current = |repo: &str| built.report.repos.iter().any(|r| r.name == repo && r.current);
        self.forgotten.retain(|repo| current(repo));
    }

    /// Does the reason name a difference that is true?
    fn check(&self, repo: &str, reason: &Reason, place: &Place) {
        match reason {
            Reason::NeverBuilt => assert!(self.built.is_none()),
            Reason::Absent => assert!(self.forgotten.contains(repo), "{place:?}"),
            Reason::Lost { artifacts } => {
                assert!(!artifacts.is_empty());
                for artifact in artifacts {
                    assert!(!artifact.damaged && self.removed.contains(&artifact.artifact), "{artifact:?}");
                }
            }
            Reason::NewNode | Reason::Failed { .. } => panic!("{place:?}: {reason:?}"),
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
        match moved {
            Moved::File { path, change, old, new } => {
                let key = (repo, path.clone());
                let before = self.built.as_ref().and_then(|built| built.get(&key));
                let now = self.trees.get(&key);
                let is_true = match change {
                    Change::Added => before.is_none() && now.is_some(),
                    Change::Removed => before.is_some() && now.is_none(),
                    Change::Changed => before.is_some() && now.is_some() && before != now,
                    Change::Reclassified => before == now && self.mapped != self.built_mapped,
                    Change::Joined | Change::Left => before.is_some() && now.is_some(),
                };
                assert!(is_true, "{place:?}: {moved:?}");
                assert!(before.is_none() || old.is_some() || *change == Change::Added);
                assert!(old.is_none() || new.is_none() || *change != Change::Changed || old != new);
            }
            Moved::Parameter { name, old, new } => {
                assert_eq!(name, "max_chars");
                assert_eq!(old.as_deref(), Some(self.built_with.to_string().as_str()));
                assert_eq!(new.as_deref(), Some(self.max_chars.to_string().as_str()));
                assert_ne!(old, new);
            }
            Moved::Input { old, new, .. } | Moved::Shard { old, new, .. } => assert_ne!(old, new, "{place:?}"),
            Moved::Files { old, new } => assert!(!self.removed.is_empty() && old != new, "{place:?}"),
            other => panic!("{place:?}: {other:?}"),
        }
    }
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
