//! Two workspaces with one cache: builds, collections and snapshots at once, killed at random moments. After each round
//! both are whole, and a build of either ends where a clean build ends.
//!
//! `SEED=…` plays a run again, as far as the machine's timing lets it.

use std::collections::BTreeSet;
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::program::world::{Ran, World};

const NAMES: [&str; 2] = ["a", "b"];
const FILES: u64 = 16;

/// A small generator of numbers (`SplitMix64`): the same everywhere for one seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

#[derive(Debug, Default)]
struct Counts {
    killed: u64,
    ended: u64,
    refused: u64,
    deleted: u64,
    reads: u64,
}

struct Stage {
    world: World,
    dice: Dice,
    counts: Counts,
    /// The version of the page that each workspace has.
    version: u64,
    /// Workspaces in which a `clear` began in this round: what it left of the old builds says nothing.
    cleared: BTreeSet<&'static str>,
}

impl Stage {
    fn new(seed: u64) -> Self {
        let world = World::empty();
        for name in NAMES {
            let yaml = format!(
                "version: 1\nname: {name}\npipeline: code\ncache: ../cache\nbuilds: {{ keep: 1, max_age_days: 1 }}\nsnapshots: {{ keep_pointer: 1 }}\nrepos:\n  - {{ name: api, root: api }}\n"
            );
            world.plant(name, &yaml);
            std::fs::create_dir_all(world.path(name).join("api")).unwrap();
        }
        let mut stage =
            Self { world, dice: Dice(seed), counts: Counts::default(), version: 0, cleared: BTreeSet::new() };
        for name in NAMES {
            for file in 0..FILES {
                stage.write(name, file);
            }
            stage.mark(name);
            stage.world.ok_in(name, &["build"]);
        }
        stage
    }

    /// A file whose text both workspaces may have, now or later.
    fn write(&mut self, name: &str, file: u64) {
        let text = self.dice.below(3);
        let text = format!("def made_{file}_{text}(order):\n    return order + {text}\n");
        self.world.write(format!("{name}/api/made_{file}.py"), text);
    }

    /// What a reader looks for.
    fn mark(&mut self, name: &str) {
        self.version += 1;
        let text = format!("# Page\n\nThe stamp of this page is edition{}edition of {name}.\n", self.version);
        self.world.write(format!("{name}/api/page.md"), text);
    }

    fn edit(&mut self, name: &str) {
        for _ in 0..self.dice.below(4) {
            let file = self.dice.below(FILES);
            self.write(name, file);
        }
        let gone = self.dice.below(FILES);
        match std::fs::remove_file(self.world.path(format!("{name}/api/made_{gone}.py"))) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => panic!("{e}"),
            _ => {}
        }
        self.mark(name);
    }

    /// Starts something in a workspace.
    fn start(&mut self, name: &str) -> (&'static [&'static str], Child) {
        const WORK: [&[&str]; 6] = [
            &["build", "--wait", "30", "--json"],
            &["build", "--wait", "30", "--jobs", "1", "--json"],
            &["gc", "--grace", "0", "--wait", "30", "--json"],
            &["gc", "--grace", "0", "--json"],
            &["snapshot", "create", "--wait", "30", "--json"],
            &["clear", "--wait", "30", "--json"],
        ];
        let dice = self.dice.below(12) as usize;
        // Mostly builds and collections.
        let work = WORK[[0, 1, 2, 3, 0, 1, 2, 3, 0, 2, 4, 5][dice]];
        let mut command = self.world.command_in(name, work);
        (work, command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    fn round(&mut self) {
        let mut playing = Vec::new();
        self.cleared.clear();
        for name in NAMES {
            self.edit(name);
            let started = self.start(name);
            if started.0[0] == "clear" {
                self.cleared.insert(name);
            }
            playing.push((name, started));
        }
        let reader = NAMES[self.dice.below(2) as usize];
        std::thread::sleep(Duration::from_millis(self.dice.below(25)));
        if self.dice.below(3) == 0 {
            self.read(reader);
        }
        for (name, (work, mut child)) in playing {
            let spared = self.dice.below(4) == 0;
            if !spared {
                std::thread::sleep(Duration::from_millis(self.dice.below(30)));
                child.kill().unwrap();
            }
            let output = child.wait_with_output().unwrap();
            match output.status.code() {
                None => self.counts.killed += 1,
                Some(0) => {
                    self.counts.ended += 1;
                    let told = Ran::of(&output).object();
                    self.counts.deleted += told["removed"]["objects"]["files"].as_u64().unwrap_or(0);
                }
                Some(3) => {
                    let ran = Ran::of(&output);
                    assert_eq!(ran.object()["error"]["code"], "sawmill::store::locked", "{name} {work:?}: {}", ran.out);
                    self.counts.refused += 1;
                }
                // A snapshot of what `clear` took away in the round before.
                Some(2) if work[0] == "snapshot" => self.counts.refused += 1,
                Some(code) => panic!("{name} {work:?} ends with {code}: {}", String::from_utf8_lossy(&output.stdout)),
            }
        }
    }

    /// A reader has the old page or the new one, or is told that nothing was built since `clear`.
    fn read(&mut self, name: &'static str) {
        if self.cleared.contains(name) {
            return;
        }
        let ran = self.world.run_in(name, &["search", "stamp", "--json"]);
        let told = ran.object();
        match ran.code {
            0 => {
                let texts = told["hits"].to_string();
                let owned = texts.contains("edition of ") == texts.contains(&format!("edition of {name}"));
                assert!(owned, "{name} reads another one's page: {texts}");
                assert!(told["repos"][0]["message"].is_null(), "{told}");
            }
            _ => assert_eq!(told["error"]["code"], "sawmill::ops::not_built", "{told}"),
        }
        self.counts.reads += 1;
    }

    /// Both are whole as they are, and end right with the next build.
    fn check(&mut self, round: u64) {
        for name in NAMES {
            let built = self.world.run_in(name, &["status", "--no-scan"]).code == 0;
            if built && !self.cleared.contains(name) {
                self.whole(name, round, &["state/latest"]);
            }
        }
        for name in NAMES {
            let built = self.world.json_in(name, &["build", "--wait", "30"]);
            assert_eq!(built["ok"], true, "round {round}, {name}: {built}");
        }
        for name in NAMES {
            self.whole(name, round, &[]);
            assert_eq!(self.generation(name), self.clean(name), "round {round}, {name}: not what a clean build gives");
            let texts = self.world.json_in(name, &["search", "stamp"])["hits"].to_string();
            assert!(texts.contains(&format!("edition of {name}")), "round {round}, {name}: {texts}");
        }
        assert_eq!(std::fs::read_dir(self.world.path("cache/tmp")).unwrap().count(), 0, "round {round}: temporaries");
    }

    /// Nothing is damaged but what a kill may leave for the next writer: `latest` is swapped after HEAD.
    fn whole(&self, name: &str, round: u64, left: &[&str]) {
        let verified = self.world.json_in(name, &["verify", "--deep", "--all"]);
        if verified["error"]["code"] == "sawmill::ops::not_built" {
            return;
        }
        let findings = verified["findings"].as_array().unwrap_or_else(|| panic!("round {round}, {name}: {verified}"));
        let bad = findings.iter().find(|finding| !left.iter().any(|left| finding["name"] == *left));
        assert!(bad.is_none(), "round {round}, {name}: {}", bad.unwrap());
    }

    fn generation(&self, name: &str) -> Value {
        self.world.json_in(name, &["status", "--no-scan"])["generation"].clone()
    }

    /// The generation of a clean build of the same files: its name covers the bytes of all artifacts.
    fn clean(&self, name: &str) -> Value {
        let clean = World::empty();
        clean.plant("w", &self.world.read(&format!("{name}/workspace.yaml")));
        std::fs::create_dir(clean.path("w/api")).unwrap();
        for entry in std::fs::read_dir(self.world.path(name).join("api")).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), clean.path("w/api").join(entry.file_name())).unwrap();
        }
        clean.json_in("w", &["build"])["generation"].clone()
    }
}

fn play(rounds: u64) {
    let seed = std::env::var("SEED").ok().map_or(20_261_122, |seed| seed.parse().unwrap());
    println!("two workspaces: SEED={seed}, {rounds} rounds");
    let mut stage = Stage::new(seed);
    // A fast machine ends its builds before they are killed: then it plays on.
    let mut round = 0;
    while round < rounds || (stage.counts.killed < rounds / 2 && round < 8 * rounds) {
        stage.round();
        stage.check(round);
        round += 1;
    }
    println!("two workspaces: {:?}", stage.counts);
    assert!(stage.counts.killed >= rounds / 2, "{:?}", stage.counts);
    // What nobody needs goes in the end, and nothing else does: records of one, then what only they named.
    for name in [NAMES; 4].concat() {
        stage.world.ok_in(name, &["gc", "--grace", "0"]);
    }
    stage.check(round);
    for name in NAMES {
        let left = stage.world.json_in(name, &["gc", "--dry-run"]);
        assert!(left["waiting"]["objects"].is_null() && left["unknown"] == Value::Array(Vec::new()), "{left}");
    }
}

#[test]
fn two_workspaces_that_are_killed_at_random_over_one_cache_stay_whole() {
    play(6);
}

#[test]
#[ignore = "a minute: cargo test --test it -- --ignored every_round_of_kills_leaves_two_workspaces_whole --nocapture"]
fn every_round_of_kills_leaves_two_workspaces_whole() {
    play(60);
}
