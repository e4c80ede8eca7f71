//! Claims about frames and the worker's end. What real processes do is held by `tests/it/worker`.

use proptest::prelude::*;

use super::frame::{self, ANSWER_BYTES, HEAD, Head, REQUEST_BYTES, Tag};

fn frame_of(tag: Tag, number: u64, rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame::write(&mut bytes, tag, number, rest).unwrap();
    bytes
}

#[test]
fn a_length_beyond_the_bound_is_refused_before_anything_is_allocated() {
    let head = Head { tag: Tag::Answer, number: 1, length: ANSWER_BYTES + 1 }.encode();
    assert!(Head::decode(head, ANSWER_BYTES).is_err());
    assert!(frame::read(&mut &head[..], ANSWER_BYTES).is_err());
}

#[test]
fn a_frame_that_is_cut_off_is_an_error_and_none_is_the_end() {
    let whole = frame_of(Tag::Request, 7, b"body");
    for at in 1..whole.len() {
        assert!(frame::read(&mut &whole[..at], REQUEST_BYTES).is_err(), "cut at {at}");
    }
    assert!(frame::read(&mut &b""[..], REQUEST_BYTES).unwrap().is_none());
}

proptest! {
    #[test]
    fn frames_come_out_as_they_went_in(number in any::<u64>(), rest in prop::collection::vec(any::<u8>(), 0..300)) {
        let bytes = frame_of(Tag::Answer, number, &rest);
        let (head, read) = frame::read(&mut &bytes[..], ANSWER_BYTES).unwrap().unwrap();
        prop_assert_eq!((head.tag, head.number, head.length), (Tag::Answer, number, rest.len()));
        prop_assert_eq!(read, rest);
    }

    #[test]
    fn any_bytes_are_a_frame_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let mut with_mark = b"SWF1".to_vec();
        with_mark.extend_from_slice(&bytes);
        for bytes in [bytes, with_mark] {
            if let Ok(Some((head, rest))) = frame::read(&mut &bytes[..], 64) {
                prop_assert!(head.length <= 64 && rest.len() == head.length && bytes.len() >= HEAD + rest.len());
            }
        }
    }
}
