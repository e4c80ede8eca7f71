//! Locks, and what the file systems promise.

use std::io;

use crate::base::process;
use crate::store::Store;
use crate::store::probe::{LockState, Promises, Tried};
use crate::worker::{Guard, Pool};

use super::report::Check;
use super::run::failed;

/// Less than this free is a problem whatever the size of the store.
const LEAST_FREE: u64 = 64 << 20;

pub fn lock(store: &Store) -> Check {
    let name = "lock";
    match store.lock_state() {
        Ok(LockState::NoFile) => Check::ok(name, "nothing was built yet, so nobody holds it"),
        Ok(LockState::Free) => Check::ok(name, "free"),
        Ok(LockState::Held(Some((pid, since)))) if process::is_alive(pid) => {
            Check::warning(name, format!("held by process {pid}, since {since}"), "builds wait for it or stop")
        }
        Ok(LockState::Held(Some((pid, since)))) => Check::warning(
            name,
            format!("held, and process {pid}, which took it {since}, is gone or on another machine"),
            "look for a process that it started, or for another machine that uses this cache",
        ),
        Ok(LockState::Held(None)) => {
            Check::warning(name, "held by a process that did not say which", "builds wait for it or stop")
        }
        Err(error) => failed(name, &error),
    }
}

/// Starts a worker and asks what it gave up.
pub fn workers(pool: &Pool) -> Check {
    let name = "workers";
    let confinement = match pool.try_one() {
        Ok(confinement) => confinement,
        Err(error) => {
            let source = std::error::Error::source(&error).map(|source| format!(": {source}")).unwrap_or_default();
            let help =
                "is the number of processes or the memory limited here? `--in-process` reads files without workers";
            return Check::problem(name, format!("{error}{source}"), help);
        }
    };
    let word = |(name, guard): (&str, Guard)| match guard {
        Guard::Whole => name.to_owned(),
        Guard::Partial => format!("{name} as far as this kernel goes"),
        Guard::Absent => format!("no {name}"),
    };
    let guards = [("limits", confinement.limits), ("seccomp", confinement.seccomp), ("landlock", confinement.landlock)];
    let told = guards.map(word).join(", ");
    if confinement.needs().is_empty() {
        Check::ok(name, format!("files are read in confined processes: {told}"))
    } else {
        let help = "build trees that you do not trust on another machine, or in a container that is as confined";
        Check::warning(name, format!("files are read in processes that are not confined: {told}"), help)
    }
}

/// Tries locks, renames and syncs where the store's files are.
pub fn promises(store: &Store, checks: &mut Vec<Check>) {
    for (area, tried) in store.try_promises() {
        let name = format!("file system of the {area}");
        match tried {
            Tried::NotBuilt => checks.push(Check::ok(name, "not tried: nothing was built yet")),
            Tried::ReadOnly(e) => {
                let help = "searching works and builds do not: check the permissions, or use another directory";
                checks.push(Check::warning(name, format!("it cannot be written: {e}"), help));
            }
            Tried::Seen(seen) => checks.extend(judge(&name, &seen)),
        }
    }
}

fn judge(name: &str, seen: &Promises) -> Vec<Check> {
    let mut bad = Vec::new();
    let mut expect = |promise: &io::Result<bool>, broken: &str, help: &str| match promise {
        Ok(true) => {}
        Ok(false) => bad.push(Check::problem(name, broken, help)),
        Err(e) => bad.push(Check::problem(name, format!("{broken}: {e}"), help)),
    };
    let elsewhere = "use a local file system: `cache:` in workspace.yaml, or SAWMILL_CACHE";
    expect(&seen.locks, "its locks do not hold, so that two builds could run at once", elsewhere);
    expect(&seen.refuses, "a rename there does not refuse to replace", elsewhere);
    if !bad.is_empty() {
        return bad;
    }
    let case = match &seen.case_sensitive {
        Ok(true) => "case-sensitive",
        Ok(false) => "not case-sensitive",
        Err(_) => "case unknown",
    };
    match &seen.syncs_all {
        Ok(true) => {
            vec![Check::ok(name, format!("writable; locks hold, renames refuse to replace, syncs at once, {case}"))]
        }
        Ok(false) => {
            vec![Check::ok(
                name,
                format!("writable; locks hold, renames refuse to replace, syncs file by file, {case}"),
            )]
        }
        Err(e) => vec![Check::problem(name, format!("it cannot be synced: {e}"), "check the disk")],
    }
}

/// Free space against what is there: a rebuild after `clear` writes as much again.
pub fn space(store: &Store, objects: u64, checks: &mut Vec<Check>) {
    for (area, free) in store.free_space() {
        let name = format!("space of the {area}");
        let needed = if area == "cache" { objects } else { 0 };
        checks.push(match free {
            Ok(None) => Check::ok(name, "not known on this file system"),
            Ok(Some(free)) if free < LEAST_FREE => Check::problem(
                name,
                format!("{} MB are free", free >> 20),
                "free some space; `sawmill clear` drops what was built",
            ),
            Ok(Some(free)) if free < needed => Check::warning(
                name,
                format!("{} MB are free, and the objects take {} MB", free >> 20, objects >> 20),
                "free some space before everything has to be built anew",
            ),
            Ok(Some(free)) => Check::ok(name, format!("{} MB are free", free >> 20)),
            Err(e) => Check::problem(name, format!("it cannot be asked: {e}"), "check the path and the permissions"),
        });
    }
}
