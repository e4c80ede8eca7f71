use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::{MemoryFs, PowerCut, Unsynced};
use crate::base::clock::Timestamp;
use crate::base::path::RelPath;
use crate::base::vfs::real::RealFs;
use crate::base::vfs::{LockKind, Vfs};

fn p(path: &str) -> &Path {
    Path::new(path)
}

const LOSE: PowerCut = PowerCut { data: Unsynced::Lost, names: Unsynced::Lost, seed: 1 };
const KEEP_NAMES: PowerCut = PowerCut { data: Unsynced::Lost, names: Unsynced::Kept, seed: 1 };

#[test]
fn a_power_cut_keeps_what_was_synced_and_nothing_else() {
    let fs = MemoryFs::new();
    fs.put("/d/a", "one").unwrap();
    assert!(!fs.crash(LOSE).exists(p("/d")).unwrap());
    fs.sync_file(p("/d/a")).unwrap();
    fs.sync_dir(p("/d")).unwrap();
    assert!(!fs.crash(LOSE).exists(p("/d/a")).unwrap(), "the name of /d itself was never synced");
    fs.sync_dir(p("/")).unwrap();
    fs.append(p("/d/a"), b"two").unwrap();
    fs.put("/d/b", "three").unwrap();
    let after = fs.crash(LOSE);
    assert_eq!(after.read(p("/d/a")).unwrap(), b"one");
    assert!(!after.exists(p("/d/b")).unwrap());
    assert_eq!(fs.crash(KEEP_NAMES).read(p("/d/b")).unwrap(), b"", "a name without its bytes");
    fs.sync_all(p("/d")).unwrap();
    assert_eq!(fs.crash(LOSE).read(p("/d/b")).unwrap(), b"three");
}

#[test]
fn a_replacing_rename_leaves_the_old_file_or_the_new_one() {
    let fs = MemoryFs::new();
    fs.put("/head", "old").unwrap();
    fs.put("/tmp", "new").unwrap();
    fs.sync_all(p("/")).unwrap();
    fs.rename(p("/tmp"), p("/head")).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..32 {
        for cut in PowerCut::all(seed) {
            seen.insert(fs.crash(cut).read(p("/head")).unwrap());
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [b"new".to_vec(), b"old".to_vec()]);
    fs.sync_dir(p("/")).unwrap();
    assert_eq!(fs.crash(LOSE).read(p("/head")).unwrap(), b"new");
}

#[test]
fn torn_and_zeroed_files_are_what_their_names_say_and_repeat_with_the_seed() {
    let fs = MemoryFs::new();
    fs.put("/f", "synced").unwrap();
    fs.sync_all(p("/")).unwrap();
    fs.append(p("/f"), b" and not").unwrap();
    for seed in 0..16 {
        let torn = PowerCut { data: Unsynced::Torn, names: Unsynced::Kept, seed };
        let bytes = fs.crash(torn).read(p("/f")).unwrap();
        assert!(b"synced and not".starts_with(&bytes) && bytes.len() >= 6 && bytes.len() < 14, "{bytes:?}");
        assert_eq!(fs.crash(torn).read(p("/f")).unwrap(), bytes);
    }
    let zeroed = PowerCut { data: Unsynced::Zeroed, names: Unsynced::Kept, seed: 0 };
    assert_eq!(fs.crash(zeroed).read(p("/f")).unwrap(), b"synced\0\0\0\0\0\0\0\0");
}

#[test]
fn a_power_cut_frees_every_lock() {
    let fs = MemoryFs::new();
    let held = fs.try_lock(p("/LOCK"), LockKind::Exclusive).unwrap();
    assert!(held.is_some());
    assert!(fs.try_lock(p("/LOCK"), LockKind::Shared).unwrap().is_none());
    assert!(fs.crash(KEEP_NAMES).try_lock(p("/LOCK"), LockKind::Exclusive).unwrap().is_some());
    drop(held);
    assert!(fs.try_lock(p("/LOCK"), LockKind::Exclusive).unwrap().is_some());
}

#[test]
fn time_moves_with_every_change_and_can_be_set_back() {
    let fs = MemoryFs::new();
    fs.put("/f", "a").unwrap();
    let first = fs.stat(p("/f")).unwrap();
    fs.append(p("/f"), b"b").unwrap();
    let second = fs.stat(p("/f")).unwrap();
    assert!(second.mtime > first.mtime && second.ctime > first.ctime);
    fs.set_mtime("/f", first.mtime).unwrap();
    let third = fs.stat(p("/f")).unwrap();
    assert_eq!(third.mtime, first.mtime);
    assert!(third.ctime > second.ctime);
    fs.advance(std::time::Duration::from_secs(5));
    assert!(fs.now() >= Timestamp(third.ctime.0 + 5_000_000_000));
}

#[test]
fn listings_are_shuffled_by_a_seed_and_hold_the_same_names() {
    let fs = MemoryFs::new();
    for n in 0..20 {
        fs.put(format!("/d/{n:02}"), "").unwrap();
    }
    let names = || fs.list(p("/d")).unwrap().into_iter().map(|e| e.name).collect::<Vec<_>>();
    let sorted = names();
    assert!(sorted.is_sorted());
    fs.shuffle_listings(Some(7));
    let mut shuffled = names();
    assert_ne!(shuffled, sorted);
    assert_eq!(shuffled, names());
    shuffled.sort();
    assert_eq!(shuffled, sorted);
}

#[test]
fn unreadable_files_and_foreign_devices_refuse() {
    let fs = MemoryFs::new();
    fs.put("/a/f", "x").unwrap();
    fs.set_unreadable("/a/f", true).unwrap();
    assert_eq!(fs.read(p("/a/f")).unwrap_err().kind(), ErrorKind::PermissionDenied);
    fs.create_dir_all(p("/b")).unwrap();
    fs.mount("/b", 2).unwrap();
    assert_eq!(fs.rename(p("/a/f"), p("/b/f")).unwrap_err().kind(), ErrorKind::CrossesDevices);
}

/// The same calls against the machine and against memory: equal answers, equal kinds of error.
#[test]
fn memory_answers_as_the_machine_does() {
    let dir = tempfile::tempdir().unwrap();
    let memory = MemoryFs::new();
    let real = script(&RealFs, dir.path());
    memory.create_dir_all(p("/base")).unwrap();
    let ours = script(&memory, p("/base"));
    assert_eq!(ours, real);
    assert!(real.len() > 30);
}

fn script(fs: &dyn Vfs, base: &Path) -> Vec<String> {
    let mut out = Vec::new();
    let at = |path: &str| base.join(path);
    let rel = |path: &str| RelPath::new(path).unwrap();
    let mut say = |what: &str, result: Result<String, std::io::Error>| {
        out.push(match result {
            Ok(answer) => format!("{what}: {answer}"),
            Err(e) => format!("{what}: error {:?} {:?}", e.kind(), e.raw_os_error()),
        });
    };
    let unit = |r: std::io::Result<()>| r.map(|()| "done".to_owned());
    let text = |r: std::io::Result<Vec<u8>>| r.map(|b| String::from_utf8(b).unwrap());
    say("mkdir", unit(fs.create_dir_all(&at("a/b"))));
    say("mkdir again", unit(fs.create_dir_all(&at("a/b"))));
    say("write", unit(fs.write_new(&at("a/b/f"), b"hello", 0o644)));
    say("write again", unit(fs.write_new(&at("a/b/f"), b"hello", 0o644)));
    say("write in nothing", unit(fs.write_new(&at("x/y"), b"", 0o644)));
    say("write in a file", unit(fs.write_new(&at("a/b/f/g"), b"", 0o644)));
    say("mkdir through a file", unit(fs.create_dir_all(&at("a/b/f/g"))));
    say("link", unit(fs.symlink(Path::new("b/f"), &at("a/link"))));
    say("link to a directory", unit(fs.symlink(Path::new("../a/b"), &at("a/dir"))));
    say("loop", unit(fs.symlink(Path::new("loop"), &at("a/loop"))));
    say("read", text(fs.read(&at("a/b/f"))));
    say("read a link", text(fs.read(&at("a/link"))));
    say("read through a link", text(fs.read(&at("a/dir/f"))));
    say("read a loop", text(fs.read(&at("a/loop/x"))));
    say("read a directory", text(fs.read(&at("a"))).map_err(|e| e.kind().into()));
    say("read nothing", text(fs.read(&at("a/none"))));
    for path in ["a/b/f", "a/link", "a/dir/f", "a/b/f/x", "none/x", "a/loop"] {
        say(&format!("beneath {path}"), text(fs.read_beneath(base, &rel(path), 5)));
    }
    say("beneath, limit", text(fs.read_beneath(base, &rel("a/b/f"), 4)));
    let link = |r: std::io::Result<PathBuf>| r.map(|t| t.display().to_string());
    say("read_link", link(fs.read_link(&at("a/link"))));
    say("read_link of a file", link(fs.read_link(&at("a/b/f"))));
    say("canonical", fs.canonicalize(&at("a/dir/f")).map(|t| t.strip_prefix(base).is_ok().to_string()));
    say("rename over nothing", unit(fs.rename_noreplace(&at("a/b/f"), &at("a/b/g"))));
    say("append", unit(fs.append(&at("a/b/g"), b" again")));
    say("append new", unit(fs.append(&at("a/b/f"), b"new")));
    say("rename over a file", unit(fs.rename_noreplace(&at("a/b/f"), &at("a/b/g"))));
    say("rename, replacing", unit(fs.rename(&at("a/b/f"), &at("a/b/g"))));
    say("read it", text(fs.read(&at("a/b/g"))));
    say("rename nothing", unit(fs.rename(&at("a/b/f"), &at("a/b/g"))));
    say("mkdir empty", unit(fs.create_dir_all(&at("a/e/e"))));
    say("rename a file over a directory", unit(fs.rename(&at("a/b/g"), &at("a/e/e"))));
    say("rename a directory over a file", unit(fs.rename(&at("a/e/e"), &at("a/b/g"))));
    say("rename a directory over a full one", unit(fs.rename(&at("a/e"), &at("a/b"))).map_err(|e| e.kind().into()));
    say("rename a directory", unit(fs.rename(&at("a/e"), &at("a/moved"))));
    say("stat", fs.stat(&at("a/link")).map(|s| format!("{:?} {}", s.kind, s.size)));
    say("stat file", fs.stat(&at("a/b/g")).map(|s| format!("{:?} {} {:o}", s.kind, s.size, s.mode)));
    let mut names: Vec<_> =
        fs.list(&at("a")).unwrap().into_iter().map(|e| format!("{:?} {:?}", e.name, e.kind)).collect();
    names.sort();
    say("list", Ok(names.join(",")));
    say("list a file", fs.list(&at("a/b/g")).map(|l| l.len().to_string()));
    say("lock a new file", fs.try_lock(&at("a/LOCK"), LockKind::Exclusive).map(|l| l.is_some().to_string()));
    say("remove a directory as a file", unit(fs.remove_file(&at("a/b"))));
    say("remove a link", unit(fs.remove_file(&at("a/dir"))));
    say("the target stands", fs.exists(&at("a/b")).map(|e| e.to_string()));
    say("remove a tree", unit(fs.remove_dir_all(&at("a"))));
    say("remove it again", unit(fs.remove_dir_all(&at("a"))));
    say("it is gone", fs.exists(&at("a")).map(|e| e.to_string()));
    out
}
