//! What a worker tries, from inside, once it is confined.

use sawmill::base::Cancel;
use sawmill::worker::{ANSWER_BYTES, CallError, Guard, REQUEST_BYTES, Trouble};

use super::{ask, honest, trouble};

#[test]
fn one_worker_answers_many_requests() {
    let pool = honest();
    for size in [0, 1, 70_000, REQUEST_BYTES - 100] {
        let body = vec![b'x'; size];
        assert_eq!(ask(&pool, "echo", &body).unwrap(), body);
    }
    assert_eq!(pool.started(), 1);
}

#[test]
fn a_request_beyond_the_bound_is_refused_and_hurts_nobody() {
    let pool = honest();
    let body = vec![0; REQUEST_BYTES + 1];
    assert!(matches!(ask(&pool, "echo", &body), Err(CallError::Trouble(Trouble::Refused { .. }))));
    assert_eq!(ask(&pool, "echo", b"x").unwrap(), b"x");
    let Trouble::Refused { what } = trouble(&pool, "long") else { panic!("an answer beyond the bound") };
    assert!(what.contains(&ANSWER_BYTES.to_string()), "{what}");
    assert_eq!(pool.started(), 1);
}

#[test]
fn refusals_and_panics_are_answers_and_leave_the_worker_alive() {
    let pool = honest();
    assert_eq!(trouble(&pool, "refuse"), Trouble::Refused { what: "as asked".to_owned() });
    let Trouble::Refused { what } = trouble(&pool, "panic") else { panic!("a panic is a refusal") };
    assert!(what.starts_with("the parser panicked at") && what.ends_with(": as asked"), "{what}");
    assert!(what.contains(" at tests/probe/worker.rs:"), "{what}");
    assert_eq!(ask(&pool, "echo", b"x").unwrap(), b"x");
    assert_eq!(pool.started(), 1);
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_worker_gave_up_ends_it() {
    let pool = honest();
    ask(&pool, "echo", b"x").unwrap();
    let confinement = pool.confinement().unwrap();
    assert_eq!(confinement.limits, Guard::Whole);
    if confinement.seccomp != Guard::Whole {
        eprintln!("no seccomp here: {confinement:?}");
        return;
    }
    for room in ["open", "write", "connect", "fork", "exec", "thread", "kill-parent", "ptrace"] {
        assert_eq!(trouble(&pool, room), Trouble::Forbidden, "{room}");
    }
    assert!(!std::path::Path::new("/tmp/sawmill_canary_worker").exists());
}

#[test]
fn memory_stack_and_time_are_bounded_and_told_apart() {
    let pool = honest();
    assert!(matches!(trouble(&pool, "allocate"), Trouble::Memory { .. }));
    assert_eq!(trouble(&pool, "overflow"), Trouble::Stack);
    assert!(matches!(trouble(&pool, "loop"), Trouble::CpuTime { .. } | Trouble::WallTime { .. }));
    let hasty = super::pool(&[sawmill::worker::ARGUMENT]);
    assert!(matches!(trouble(&hasty, "sleep"), Trouble::WallTime { .. }));
    assert!(matches!(trouble(&hasty, "print"), Trouble::WallTime { .. }));
    assert!(matches!(trouble(&pool, "abort"), Trouble::Died { signal: Some(6), .. }));
    assert!(matches!(trouble(&pool, "exit"), Trouble::Died { code: Some(7), .. }));
    assert_eq!(ask(&pool, "echo", b"x").unwrap(), b"x");
}

#[test]
fn what_was_hurt_by_another_request_is_tried_again_alone() {
    let pool = honest();
    ask(&pool, "echo", b"x").unwrap();
    assert_eq!(pool.started(), 1);
    trouble(&pool, "abort");
    assert_eq!(pool.started(), 2, "once in the old worker, once in its own");
    trouble(&pool, "abort");
    assert_eq!(pool.started(), 4, "nobody was left");
}

#[test]
fn a_cancelled_request_is_no_trouble_of_its_file() {
    let (pool, cancel) = (honest(), Cancel::new());
    cancel.cancel();
    assert!(matches!(pool.call("loop", b"", &mut |_| Ok(()), &cancel), Err(CallError::Cancelled)));
}

#[cfg(target_os = "linux")]
#[test]
fn no_worker_outlives_its_pool() {
    let pool = honest();
    let answer = ask(&pool, "number", b"").unwrap();
    let process = format!("/proc/{}", String::from_utf8(answer).unwrap());
    assert!(std::path::Path::new(&process).exists());
    drop(pool);
    assert!(!std::path::Path::new(&process).exists());
}
