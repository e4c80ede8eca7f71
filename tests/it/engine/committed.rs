//! Builds of commits: what they come to, and what they leave alone.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::io::Errno;
use sawmill::base::clock::SystemClock;
use sawmill::base::vfs::fault::{Failure, Fault, FaultFs};
use sawmill::base::vfs::real::RealFs;
use sawmill::engine::{Event, Unit};
use sawmill::ops::build::BuildRequest;
use sawmill::ops::committed::{CommittedRequest, run};
use sawmill::ops::{At, OpsError, Ref, inspect};
use sawmill::store::{Pinned, Store};

use crate::workbench::{Built, Workbench, copy_tree, manifest, plant, sample};

/// Runs git in a directory.
pub fn git(dir: &Path, args: &[&str]) -> Vec<u8> {
    git_fed(dir, args, b"")
}

fn git_fed(dir: &Path, args: &[&str], input: &[u8]) -> Vec<u8> {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"];
    let mut git = Command::new("git");
    git.arg("-C").arg(dir).args(identity).args(args).stdin(Stdio::piped());
    let mut git = git.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("git is installed");
    git.stdin.take().unwrap().write_all(input).unwrap();
    let done = git.wait_with_output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

pub fn told(dir: &Path, args: &[&str]) -> String {
    String::from_utf8(git(dir, args)).unwrap().trim().to_owned()
}

/// Commits all files, the ignored ones too.
fn commit(bench: &Workbench, repo: &str) -> String {
    let root = bench.root(repo);
    if !root.join(".git").exists() {
        git(&root, &["init", "-q", "-b", "trunk"]);
    }
    git(&root, &["add", "-A", "-f", "."]);
    git(&root, &["commit", "-q", "--allow-empty", "-m", "one"]);
    told(&root, &["rev-parse", "HEAD"])
}

/// Writes a commit's blobs into a directory, as they are.
pub fn export(root: &Path, commit: &str, inside: &str, to: &Path) {
    let listing = git(root, &["ls-tree", "-r", "-z", &format!("{commit}:{inside}")]);
    for line in listing.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        let tab = line.iter().position(|byte| *byte == b'\t').unwrap();
        let words: Vec<&str> = std::str::from_utf8(&line[..tab]).unwrap().split(' ').collect();
        let path = to.join(OsStr::from_bytes(&line[tab + 1..]));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let blob = || git(root, &["cat-file", "blob", words[2]]);
        match words[0] {
            "160000" => std::fs::create_dir(path).unwrap(),
            "120000" => std::os::unix::fs::symlink(OsStr::from_bytes(&blob()), path).unwrap(),
            _ => std::fs::write(path, blob()).unwrap(),
        }
    }
}

fn try_at(bench: &Workbench, rev: &str, repos: &[&str]) -> Result<Built, OpsError> {
    let events: Arc<Mutex<Vec<Event>>> = Arc::default();
    let sink = Arc::clone(&events);
    let build = BuildRequest {
        jobs: Some(bench.jobs),
        reuse: bench.reuse,
        wait: Duration::from_secs(20),
        ..BuildRequest::default()
    };
    let repos = repos.iter().map(|repo| (*repo).to_owned()).collect();
    let request = CommittedRequest { rev: rev.to_owned(), repos, build };
    let report = run(&bench.context(), &request, Arc::new(move |event| sink.lock().unwrap().push(event)))?;
    let events = std::mem::take(&mut *events.lock().unwrap());
    Ok(Built { report, events })
}

fn at(bench: &Workbench, rev: &str) -> Built {
    let built = try_at(bench, rev, &[]).unwrap();
    assert!(built.report.ok, "{:?}", built.report.failed);
    built
}

fn store(bench: &Workbench) -> Store {
    let context = bench.context();
    context.store(&context.workspace().unwrap()).unwrap()
}

fn pinned(bench: &Workbench, repo: &str, commit: &str) -> Pinned {
    store(bench).pin_commit(&Ref::Git(commit.to_owned()), repo, commit).unwrap()
}

/// The manifest of the build that the export of a commit has, as a directory without a git.
fn of_export(bench: &Workbench, repo: &str, commit: &str, inside: &str) -> String {
    let mut other = Workbench::new(&[repo]);
    other.cut = bench.cut;
    export(&bench.root(repo), commit, inside, &other.root(repo));
    other.build();
    other.manifests().remove(repo).unwrap()
}

/// Every file of the state that a build of a commit has no business with, and its bytes.
fn standing(bench: &Workbench) -> BTreeMap<String, Vec<u8>> {
    let state = bench.dir.path().join(".sawmill");
    let mut found = BTreeMap::new();
    let mut dirs = vec![state.join("generations"), state.join("stat"), state.join("ledger"), state.join("views")];
    found.insert("HEAD".to_owned(), std::fs::read(state.join("HEAD.json")).unwrap());
    found.insert(
        "latest".to_owned(),
        std::fs::read_link(state.join("latest")).unwrap().into_os_string().into_encoded_bytes(),
    );
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).unwrap().map(Result::unwrap) {
            let (path, kind) = (entry.path(), entry.file_type().unwrap());
            if kind.is_dir() {
                dirs.push(path);
            } else if !path.ends_with("one@git") {
                let bytes = if kind.is_symlink() { Vec::new() } else { std::fs::read(&path).unwrap() };
                found.insert(path.display().to_string(), bytes);
            }
        }
    }
    found
}

/// A tree with something of everything.
fn furnish(bench: &Workbench) {
    plant(bench, "one", 12);
    bench.write("one", "dos.py", "def f():\r\n    pass\r\n");
    bench.write("one", ".gitattributes", "*.py text eol=crlf\n*.rs filter=lfs\n");
    bench.write("one", ".gitignore", "ignored/\n");
    bench.write("one", "ignored/x.rs", "fn added_all_the_same() {}\n");
    bench.write("one", "sub/.sawmillignore", "skip.rs\n");
    bench.write("one", "sub/skip.rs", "fn skip() {}\n");
    bench.write("one", "sub/deep/er/b.ts", "export const b = 1;\n");
    bench.write("one", "sub/id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    bench.write("one", "bin", [0_u8, 159, 146, 150]);
    std::fs::write(bench.root("one").join(OsStr::from_bytes(b"odd\xff.rs")), "fn odd() {}\n").unwrap();
    std::os::unix::fs::symlink("dos.py", bench.root("one").join("link.py")).unwrap();
}

#[test]
fn a_commit_is_built_as_its_export_is() {
    let bench = Workbench::new(&["one"]);
    furnish(&bench);
    let first = commit(&bench, "one");
    let (path, text) = sample(3, 1);
    bench.write("one", &path, text);
    std::fs::rename(bench.root("one").join("sub/deep"), bench.root("one").join("moved")).unwrap();
    std::fs::remove_file(bench.root("one").join(sample(0, 0).0)).unwrap();
    let second = commit(&bench, "one");
    bench.write("one", "only_in_the_work_tree.rs", "fn here() {}\n");
    // The later one first, so that the first build before another one is no accident of order.
    for commit in [&second, &first] {
        let built = at(&bench, commit);
        let (told, repo) = (&built.report.at[0], &built.report.repos[0]);
        assert_eq!((told.repo.as_str(), &told.commit, &told.rev), ("one", commit, commit));
        assert_eq!(told.build, repo.build);
        assert_eq!(manifest(&pinned(&bench, "one", commit), "one"), of_export(&bench, "one", commit, ""));
    }
    let record = store(&bench).git_build("one", &first).unwrap().unwrap();
    let provenance = &record.provenance;
    assert_eq!((provenance.commit.as_ref(), provenance.dirty, &provenance.branch), (Some(&first), Some(false), &None));
    assert!(provenance.files > 12 && provenance.bytes > 0);
    assert_eq!(store(&bench).head().unwrap(), None, "nothing was promoted");
}

#[test]
fn a_root_inside_a_git_repository_is_built_as_that_part_of_the_commit() {
    let bench = Workbench::new(&["one"]);
    furnish(&bench);
    plant(&bench, "one/sub", 7);
    let commit = commit(&bench, "one");
    let yaml = std::fs::read_to_string(bench.file()).unwrap().replace("root: one", "root: one/sub");
    std::fs::write(bench.file(), yaml).unwrap();
    at(&bench, "HEAD");
    let export = of_export(&bench, "one", &commit, "sub");
    assert_eq!(manifest(&pinned(&bench, "one", &commit), "one"), export);
    assert!(export.contains("\"app/part_01.py\""));
}

#[test]
fn nothing_that_stands_is_touched() {
    let bench = Workbench::new(&["one"]);
    furnish(&bench);
    let first = commit(&bench, "one");
    let (path, text) = sample(1, 2);
    bench.write("one", &path, &text);
    let second = commit(&bench, "one");
    bench.build();
    let (before, manifests) = (standing(&bench), bench.manifests());
    bench.write("one", &path, "edited = True\n");
    for rev in [&first, &second, &first] {
        at(&bench, rev);
        assert_eq!(standing(&bench), before);
    }
    assert_eq!(bench.manifests(), manifests);
    // The null check of HEAD still holds, though objects came.
    bench.write("one", &path, &text);
    assert!(bench.build().report.nothing_to_do);
    assert!(store(&bench).stamp_holds(&store(&bench).head().unwrap().unwrap()).unwrap());
}

#[test]
fn what_was_built_before_is_answered_at_once_as_long_as_it_stands() {
    let bench = Workbench::new(&["one"]);
    furnish(&bench);
    let commit = commit(&bench, "one");
    let first = at(&bench, "trunk");
    assert!(!first.report.nothing_to_do && first.ran_any() > 0);
    let again = at(&bench, &commit[..9]);
    assert!(again.report.nothing_to_do && again.report.at[0].current && again.ran_any() == 0);
    assert_eq!(again.report.at[0].build, first.report.at[0].build);
    assert!(again.events.iter().any(|e| matches!(e, Event::Scanned { hashed: 0, .. })), "no blob was read again");
    // Another configuration is another build of the commit.
    let pipeline = bench.dir.path().join("pipelines/code.yaml");
    let text = std::fs::read_to_string(&pipeline).unwrap();
    std::fs::write(&pipeline, text.replace("max_chars: 600", "max_chars: 700")).unwrap();
    let other = at(&bench, &commit);
    assert!(!other.report.nothing_to_do);
    assert_ne!(other.report.at[0].build, first.report.at[0].build);
    std::fs::write(&pipeline, text).unwrap();
    assert_eq!(at(&bench, &commit).report.at[0].build, first.report.at[0].build);
    // An object is lost.
    let manifest_before = manifest(&pinned(&bench, "one", &commit), "one");
    let root = pinned(&bench, "one", &commit).build("one").unwrap();
    let list = pinned(&bench, "one", &commit).list("one", &root.segments[0].list).unwrap();
    let object = store(&bench).object_path(&list.shards[0].pieces[0].artifact);
    std::fs::remove_file(&object).unwrap();
    let healed = at(&bench, &commit);
    assert!(!healed.report.nothing_to_do && healed.report.healed > 0);
    assert!(object.exists());
    assert_eq!(manifest(&pinned(&bench, "one", &commit), "one"), manifest_before);
    assert!(at(&bench, &commit).report.nothing_to_do);
}

#[test]
fn a_damaged_record_is_written_again_by_building_again() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 5);
    let commit = commit(&bench, "one");
    let built = at(&bench, &commit);
    let record = bench.dir.path().join(format!(".sawmill/git/one/{commit}.json"));
    let whole = std::fs::read_to_string(&record).unwrap();
    for damage in ["", "{}", &whole.replace("\"build\":\"b-", "\"build\":\"c-"), &whole[..whole.len() / 2]] {
        std::fs::write(&record, damage).unwrap();
        assert!(store(&bench).git_build("one", &commit).is_err(), "{damage:?}");
        let again = at(&bench, &commit);
        assert!(!again.report.at[0].current && again.ran_any() == 0, "what it made is still there");
        assert!(again.events.iter().any(|e| matches!(e, Event::Notice { .. })), "and it is told");
        assert_eq!(again.report.at[0].build, built.report.at[0].build);
        assert_eq!(
            store(&bench).git_build("one", &commit).unwrap().unwrap().build,
            built.report.at[0].build.clone().unwrap()
        );
    }
}

#[test]
fn twenty_commits_make_anew_what_they_change() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 60);
    let mut commits = vec![commit(&bench, "one")];
    for step in 1..=20 {
        let (path, text) = sample(step * 3, step % 3 + 1);
        bench.write("one", &path, format!("{text}\n"));
        commits.push(commit(&bench, "one"));
    }
    let shards = at(&bench, &commits[0]).ran("extract", Unit::Shard).len();
    assert!(shards >= 10, "{shards}");
    for commit in &commits[1..] {
        let built = at(&bench, commit);
        assert_eq!(built.ran("extract", Unit::Shard).len(), 1, "one file, one shard");
        assert_eq!(built.report.fresh_files.get("extract"), Some(&1), "and of that shard one file");
        assert_eq!(built.report.reused["extract"] as usize, shards - 1);
        assert!(built.events.iter().any(|e| matches!(e, Event::Scanned { hashed: 1, .. })), "one blob was read");
    }
    for commit in [&commits[7], &commits[20]] {
        assert_eq!(manifest(&pinned(&bench, "one", commit), "one"), of_export(&bench, "one", commit, ""));
    }
    let store = store(&bench);
    assert_eq!(store.git_commits("one").unwrap().len(), 21);
    let writer = store.writer(&SystemClock, Duration::from_secs(20)).unwrap();
    let held = pinned(&bench, "one", &commits[3]);
    assert!(!writer.remove_git_build("one", &commits[3]).unwrap(), "a reader holds it");
    drop(held);
    assert!(writer.remove_git_build("one", &commits[3]).unwrap());
    assert!(writer.remove_git_build("one", &commits[3]).unwrap(), "it is gone already");
    assert_eq!(store.git_build("one", &commits[3]).unwrap(), None);
    assert_eq!(store.git_commits("one").unwrap().len(), 20);
}

#[test]
fn the_nearest_build_in_time_lends_its_rows() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 20);
    let mut commits = Vec::new();
    for step in 0..3 {
        // All files change a little, so that only the neighbour has the rows of most.
        for n in (0..20).filter(|n| n % 3 == step || step == 0) {
            let (path, text) = sample(n, step);
            bench.write("one", &path, text);
        }
        let root = bench.root("one");
        if step == 0 {
            git(&root, &["init", "-q"]);
        }
        git(&root, &["add", "-A"]);
        let date = format!("2020-01-0{}T00:00:00Z", step + 1);
        let made = Command::new("git")
            .arg("-C")
            .arg(&root)
            .args(["-c", "user.name=t", "-c", "user.email=t@e.org"])
            .args(["commit", "-qm", "x", "--date", &date])
            .env("GIT_COMMITTER_DATE", &date)
            .status()
            .unwrap();
        assert!(made.success());
        commits.push(told(&root, &["rev-parse", "HEAD"]));
    }
    at(&bench, &commits[0]);
    at(&bench, &commits[2]);
    let fresh = at(&bench, &commits[1]).report.fresh_files["extract"];
    assert!(fresh <= 7, "{fresh} files were made anew");
    assert_eq!(manifest(&pinned(&bench, "one", &commits[1]), "one"), of_export(&bench, "one", &commits[1], ""));
}

#[test]
fn several_repositories_are_built_in_one_run_and_one_that_fails_stops_no_other() {
    let bench = Workbench::new(&["one", "two"]);
    for repo in ["one", "two"] {
        plant(&bench, repo, 5);
        commit(&bench, repo);
    }
    let error = try_at(&bench, "HEAD", &[]).err().unwrap();
    assert_eq!(miette::Diagnostic::code(&error).unwrap().to_string(), "sawmill::refs::repository");
    let both = try_at(&bench, "HEAD", &["two", "one"]).unwrap();
    assert!(both.report.ok && both.report.at.len() == 2);
    let lost = told(&bench.root("one"), &["rev-parse", "HEAD:app/part_01.py"]);
    let object = bench.root("one").join(".git/objects").join(&lost[..2]).join(&lost[2..]);
    bench.write("two", "new.rs", "fn new() {}\n");
    let two = commit(&bench, "two");
    std::fs::remove_file(object).unwrap();
    bench.write("one", "new.rs", "fn new() {}\n");
    git(&bench.root("one"), &["add", "new.rs"]);
    let tree = told(&bench.root("one"), &["write-tree", "--missing-ok"]);
    let one = told(&bench.root("one"), &["commit-tree", "-m", "x", &tree]);
    git(&bench.root("one"), &["update-ref", "HEAD", &one]);
    let ran = try_at(&bench, "HEAD", &["one", "two"]).unwrap();
    assert!(!ran.report.ok);
    assert_eq!(ran.report.failed[0].code, "sawmill::source::missing_object");
    assert!(ran.report.failed[0].message.contains("`app/part_01.py`"), "{}", ran.report.failed[0].message);
    assert_eq!(store(&bench).git_build("one", &one).unwrap(), None);
    assert!(store(&bench).git_build("two", &two).unwrap().is_some());
    for (rev, repos, code) in [
        ("nope", vec!["one"], "sawmill::source::no_revision"),
        ("HEAD", vec!["three"], "sawmill::ops::unknown_repository"),
    ] {
        let error = try_at(&bench, rev, &repos).err().unwrap();
        assert_eq!(miette::Diagnostic::code(&error).unwrap().to_string(), code);
    }
}

#[test]
fn the_paths_of_a_commit_are_those_of_its_build() {
    let bench = Workbench::new(&["one"]);
    plant(&bench, "one", 5);
    commit(&bench, "one");
    at(&bench, "trunk");
    let mut context = bench.context();
    context.at = Some(At { moment: Ref::Git("trunk".to_owned()), repo: None, from: bench.dir.path().to_owned() });
    let shown = || inspect::run_with_view(&context, &inspect::Wanted::default(), Duration::ZERO).unwrap().view;
    let view = inspect::run(&context, &inspect::Wanted::default()).unwrap().view;
    assert!(!view.dir.exists(), "made by nobody who was not asked for it");
    let chunks = view.dir.join("node=chunk/table=chunks");
    let part = chunks.join("part-00000.parquet");
    let lose: [&dyn Fn(); 4] =
        [&|| {}, &|| std::fs::remove_dir_all(&view.dir).unwrap(), &|| std::fs::remove_file(&part).unwrap(), &|| {
            std::fs::remove_file(&part).unwrap();
            std::os::unix::fs::symlink("nowhere", &part).unwrap();
        }];
    for lose in lose {
        lose();
        assert_eq!((shown().above, shown().dir), ("*", view.dir.clone()));
        let parts: Vec<_> =
            std::fs::read_dir(&chunks).unwrap().map(|part| part.unwrap().path().canonicalize().unwrap()).collect();
        let dir = bench.dir.path().canonicalize().unwrap();
        assert!(!parts.is_empty() && parts.iter().all(|part| part.starts_with(&dir)));
    }
    // Where it stands, no writer is needed.
    let _writer = store(&bench).writer(&SystemClock, Duration::ZERO).unwrap();
    assert_eq!(shown().dir, view.dir);
}

/// Every operation of a commit's build that changes something fails, once and from then on.
#[test]
fn a_fault_at_any_operation_leaves_head_whole_and_every_record_readable() {
    let mut bench = Workbench::new(&["one"]);
    bench.jobs = 1;
    plant(&bench, "one", 3);
    let first = commit(&bench, "one");
    bench.build();
    at(&bench, &first);
    let (path, text) = sample(2, 1);
    bench.write("one", &path, text);
    let second = commit(&bench, "one");
    let (before, head) = (standing(&bench), bench.manifests());
    let state = bench.dir.path().join(".sawmill");
    let kept = tempfile::tempdir().unwrap();
    copy_tree(&state, kept.path());
    let faulty = FaultFs::new(Arc::new(RealFs));
    bench.vfs = Arc::new(faulty.clone());
    faulty.arm(None);
    let build = at(&bench, &second).report.at[0].build.clone();
    let (_, operations) = faulty.counts();
    assert!(operations > 30, "{operations}");
    let (mut failed, mut noted) = (0, 0);
    for number in 0..operations {
        for lasting in [false, true].into_iter().take(if number % 4 == 0 { 2 } else { 1 }) {
            let what = format!("operation {number}, lasting {lasting}");
            faulty.arm(None);
            std::fs::remove_dir_all(&state).unwrap();
            std::fs::create_dir(&state).unwrap();
            copy_tree(kept.path(), &state);
            faulty.arm(Some(Fault { at: number, mutating: true, lasting, failure: Failure::Errno(Errno::IO) }));
            let result = try_at(&bench, &second, &[]);
            let done = result.is_ok_and(|built| built.report.ok);
            faulty.arm(None);
            failed += usize::from(!done);
            assert_eq!(standing(&bench).get("HEAD"), before.get("HEAD"), "{what}");
            assert_eq!(bench.manifests(), head, "{what}");
            let store = store(&bench);
            for commit in store.git_commits("one").unwrap() {
                let record = store.git_build("one", &commit).unwrap().unwrap();
                assert!(store.build_stands("one", &record.build).unwrap(), "{what}");
                noted += usize::from(commit == second);
            }
            if number % 3 == 0 {
                let healed = at(&bench, &second);
                assert_eq!(healed.report.at[0].build, build, "{what}");
                assert!(store.build_stands("one", build.as_deref().unwrap()).unwrap(), "{what}");
            }
        }
    }
    assert!(failed > operations / 2 && noted > 0, "{failed} of {operations} failed, {noted} records");
}
