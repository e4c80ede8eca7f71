//! A worker's life.

use std::cell::RefCell;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use super::confine::{self, Confinement};
use super::frame::{self, ANSWER_BYTES, Head, REQUEST_BYTES, Tag};

/// The argument that makes the program a worker; behind it stands the address space that it may take, in bytes.
pub const ARGUMENT: &str = "__worker";

/// What a worker does with a request to a room. It may panic: that is a refusal.
pub type Answer<'a> = &'a mut dyn FnMut(&str, &[u8]) -> Result<Vec<u8>, String>;

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Gives up all rights, then answers requests until there are no more. `memory`: address space in bytes.
pub fn serve(memory: u64, answer: Answer<'_>) -> ExitCode {
    std::panic::set_hook(Box::new(|info| {
        let place = info.location().map(|at| format!("{}:{}", within_sources(at.file()), at.line()));
        let what = info.payload_as_str().unwrap_or("it said nothing");
        PANIC.with_borrow_mut(|said| *said = format!("the parser panicked at {}: {what}", place.unwrap_or_default()));
    }));
    let confinement = confine::confine(memory);
    run(&mut std::io::stdin().lock(), &mut std::io::stdout().lock(), confinement, answer)
}

/// A place without directories of the machine that built the program.
fn within_sources(file: &str) -> &str {
    file.rfind("src/").and_then(|at| file.get(at..)).unwrap_or(file)
}

fn run(input: &mut impl Read, output: &mut impl Write, confinement: Confinement, answer: Answer<'_>) -> ExitCode {
    if frame::write(output, Tag::Hello, 0, &confinement.encode()).is_err() {
        return ExitCode::from(3);
    }
    loop {
        let (head, rest) = match frame::read(input, REQUEST_BYTES) {
            Ok(Some(frame)) => frame,
            Ok(None) => return ExitCode::SUCCESS,
            Err(_) => return ExitCode::from(2),
        };
        let Some((room, body)) = request(head, &rest) else { return ExitCode::from(2) };
        let given = catch_unwind(AssertUnwindSafe(|| answer(room, body)));
        let given = given.unwrap_or_else(|_| Err(PANIC.with_borrow_mut(std::mem::take)));
        let sent = match given {
            Ok(bytes) if bytes.len() <= ANSWER_BYTES => frame::write(output, Tag::Answer, head.number, &bytes),
            Ok(bytes) => {
                let what = format!("its rows take {} bytes; {ANSWER_BYTES} are allowed", bytes.len());
                frame::write(output, Tag::Refusal, head.number, what.as_bytes())
            }
            Err(what) => frame::write(output, Tag::Refusal, head.number, short(&what).as_bytes()),
        };
        if sent.is_err() {
            return ExitCode::from(3);
        }
    }
}

/// The first kilobyte.
pub(super) fn short(text: &str) -> &str {
    let end = (0..=text.len().min(1024)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// A request names its room: a length byte, the name, the rest.
fn request(head: Head, rest: &[u8]) -> Option<(&str, &[u8])> {
    if head.tag != Tag::Request {
        return None;
    }
    let (length, rest) = rest.split_first()?;
    let (room, body) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(room).ok()?, body))
}
