//! Workers that lie: about lengths, about whom they answer, about being workers at all.

use proptest::prelude::*;
use sawmill::base::Cancel;
use sawmill::worker::{CallError, Trouble};

use super::{pool, trouble};

#[test]
fn what_is_no_worker_is_told_as_the_machines_trouble() {
    for how in ["no-hello", "hello-of-nobody", "mute", "unknown"] {
        let pool = pool(&["liar", how]);
        let answer = pool.call("echo", b"x", &Cancel::new());
        assert!(matches!(answer, Err(CallError::Unavailable(_))), "{how}: {answer:?}");
    }
    let nobody = sawmill::worker::Program { path: "/nonexistent/sawmill".into(), arguments: Vec::new() };
    let pool = sawmill::worker::Pool::new(nobody, super::SHORT);
    assert!(matches!(pool.call("echo", b"", &Cancel::new()), Err(CallError::Unavailable(_))));
}

#[test]
fn a_lying_answer_costs_its_request_and_nothing_else() {
    for (how, expected) in [
        ("too-long", "it says that it is 4294967295 bytes long"),
        ("other-request", "it answers request 2, not 1"),
        ("noise", "it does not begin like a frame"),
    ] {
        let Trouble::Garbled { what } = trouble(&pool(&["liar", how]), "echo") else { panic!("{how}") };
        assert!(what.contains(expected), "{how}: {what}");
    }
    assert!(matches!(trouble(&pool(&["liar", "short"]), "echo"), Trouble::Died { code: Some(0), .. }));
}

#[test]
fn a_worker_that_stalls_is_ended() {
    let deaf = pool(&["liar", "deaf"]);
    assert!(matches!(trouble(&deaf, "echo"), Trouble::WallTime { .. }));
    let body = vec![0; 4 << 20];
    let answer = deaf.call("echo", &body, &Cancel::new());
    assert!(matches!(answer, Err(CallError::Trouble(Trouble::WallTime { .. }))), "{answer:?}");
}

#[test]
fn an_answer_too_many_is_found_out_with_the_next_request() {
    let pool = pool(&["liar", "two-answers"]);
    assert_eq!(pool.call("echo", b"x", &Cancel::new()).unwrap(), b"ok");
    // The second frame is no answer to the second request; a fresh worker answers that.
    assert_eq!(pool.call("echo", b"x", &Cancel::new()).unwrap(), b"ok");
    assert_eq!(pool.started(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_reach_a_worker_as_they_are(body in prop::collection::vec(any::<u8>(), 0..3000)) {
        let pool = super::honest();
        prop_assert_eq!(pool.call("echo", &body, &Cancel::new()).unwrap(), body);
    }
}
