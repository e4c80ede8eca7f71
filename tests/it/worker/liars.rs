//! Workers that lie: about lengths, about whom they answer, about being workers at all.

use proptest::prelude::*;
use sawmill::base::Cancel;
use sawmill::worker::{CallError, Trouble};

use super::{ask, pool, trouble};

#[test]
fn what_is_no_worker_is_told_as_the_machines_trouble() {
    for how in ["no-hello", "hello-of-nobody", "mute", "unknown"] {
        let pool = pool(&["liar", how]);
        let answer = ask(&pool, "echo", b"x");
        assert!(matches!(answer, Err(CallError::Unavailable(_))), "{how}: {answer:?}");
    }
    let nobody = sawmill::worker::Program { path: "/nonexistent/sawmill".into(), arguments: Vec::new() };
    let pool = sawmill::worker::Pool::new(nobody, super::SHORT);
    assert!(matches!(ask(&pool, "echo", b""), Err(CallError::Unavailable(_))));
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
    let answer = ask(&deaf, "echo", &body);
    assert!(matches!(answer, Err(CallError::Trouble(Trouble::WallTime { .. }))), "{answer:?}");
}

#[test]
fn an_answer_too_many_is_found_out_with_the_next_request() {
    let pool = pool(&["liar", "two-answers"]);
    assert_eq!(ask(&pool, "echo", b"x").unwrap(), b"ok");
    // The second frame is no answer to the second request; a fresh worker answers that.
    assert_eq!(ask(&pool, "echo", b"x").unwrap(), b"ok");
    assert_eq!(pool.started(), 2);
}

#[test]
fn an_answer_that_nobody_believes_is_asked_for_once_more_of_somebody_else() {
    let (pool, mut asked) = (super::honest(), 0);
    let mut accept = |answer: Vec<u8>| {
        asked += 1;
        if asked == 1 { Err(format!("{} bytes of lies", answer.len())) } else { Ok(()) }
    };
    pool.call("echo", b"abc", &mut accept, &Cancel::new()).unwrap();
    assert_eq!((asked, pool.started()), (2, 2));
    let never = pool.call("echo", b"abc", &mut |_| Err("lies".to_owned()), &Cancel::new());
    assert!(matches!(never, Err(CallError::Trouble(Trouble::Garbled { what })) if what == "lies"));
    assert_eq!(pool.started(), 3, "none of the liars is asked again");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_reach_a_worker_as_they_are(body in prop::collection::vec(any::<u8>(), 0..3000)) {
        let pool = super::honest();
        prop_assert_eq!(ask(&pool, "echo", &body).unwrap(), body);
    }
}
