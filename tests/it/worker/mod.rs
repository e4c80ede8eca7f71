//! Workers as real processes: what they may not do, and what a parent makes of one that is hurt or lies.
//!
//! The worker is `tests/probe/worker.rs`, which Cargo builds beside the tests.

mod liars;
mod probes;

use std::path::PathBuf;
use std::time::Duration;

use sawmill::base::Cancel;
use sawmill::worker::{ARGUMENT, Allowance, CallError, Pool, Program, Trouble};

/// Where the machine has much else to do, a clock tells little of a worker: only what shall run into it is held to one.
pub const PATIENT: Allowance = Allowance { wall: Duration::from_mins(1), ..SHORT };

pub const SHORT: Allowance =
    Allowance { cpu: Duration::from_millis(400), wall: Duration::from_millis(2500), memory: 512 << 20 };

/// The worker of the tests.
pub fn program() -> Program {
    Program { path: probe(), arguments: vec![ARGUMENT.to_owned()] }
}

fn probe() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    let path = path.join("examples/worker_probe");
    assert!(path.exists(), "run `cargo build --example worker_probe` first, or `cargo test` without `--test`");
    path
}

fn pool(arguments: &[&str]) -> Pool {
    pool_within(SHORT, arguments)
}

fn pool_within(allowance: Allowance, arguments: &[&str]) -> Pool {
    let arguments = arguments.iter().map(|a| (*a).to_owned()).collect();
    Pool::new(Program { path: probe(), arguments }, allowance)
}

fn honest() -> Pool {
    pool_within(PATIENT, &[ARGUMENT])
}

fn ask(pool: &Pool, room: &str, body: &[u8]) -> Result<Vec<u8>, CallError> {
    let mut given = Vec::new();
    let mut accept = |answer| {
        given = answer;
        Ok(())
    };
    pool.call(room, body, &mut accept, &Cancel::new())?;
    Ok(given)
}

fn trouble(pool: &Pool, room: &str) -> Trouble {
    match ask(pool, room, b"body") {
        Err(CallError::Trouble(trouble)) => trouble,
        other => panic!("{room}: {other:?}"),
    }
}
