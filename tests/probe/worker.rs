//! A worker that does what no worker should: the tests start it to see each attempt contained.
//!
//! It reads files as `sawmill` does, too, and does what no worker should where a file asks for it.
//!
//! It also is the shortest program with workers of its own: `main` looks for [`worker::ARGUMENT`] before anything else.

#![expect(clippy::disallowed_methods, clippy::exit, reason = "doing what is not done is what it is for")]

use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

use sawmill::nodes::Kind;
use sawmill::worker;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some(worker::ARGUMENT), Some(memory)) => {
            let memory = memory.parse().unwrap_or(1 << 30);
            worker::serve(memory, &mut |room, body| probe(room, body))
        }
        // Does nothing that a file asks for.
        (Some("sound"), Some(memory)) => sawmill::ops::worker::serve(Some(&memory), sawmill::nodes::KINDS),
        (Some("liar"), _) => lie(&std::env::args().nth(2).unwrap_or_default()),
        _ => ExitCode::from(2),
    }
}

/// Does what the room's name says.
fn probe(room: &str, body: &[u8]) -> Result<Vec<u8>, String> {
    let said = |error: std::io::Error| error.to_string();
    match room {
        "echo" => Ok(body.to_vec()),
        "number" => Ok(std::process::id().to_string().into_bytes()),
        "refuse" => Err("as asked".to_owned()),
        "panic" => panic!("as asked"),
        "open" => std::fs::read("/etc/passwd").map_err(said),
        "write" => std::fs::write("/tmp/sawmill_canary_worker", b"x").map(|()| Vec::new()).map_err(said),
        "connect" => std::net::TcpStream::connect("127.0.0.1:9").map(|_| Vec::new()).map_err(said),
        "exec" => {
            Err(std::os::unix::process::CommandExt::exec(&mut std::process::Command::new("/bin/true")).to_string())
        }
        "ptrace" => ptrace_parent(),
        "fork" => std::process::Command::new("/bin/true").status().map(|_| Vec::new()).map_err(said),
        "thread" => std::thread::Builder::new().spawn(|| {}).map(|_| Vec::new()).map_err(said),
        "kill-parent" => kill_parent(),
        "allocate" => {
            let mut all: Vec<Vec<u8>> = Vec::new();
            for _ in 0..2048 {
                all.push(vec![1; 1 << 20]);
            }
            Ok(vec![all.len() as u8])
        }
        "loop" => loop {
            std::hint::black_box(body);
        },
        "sleep" => {
            // Without a system call that it may not make: it waits for a lock that nobody gives back.
            let lock = std::sync::Mutex::new(());
            let _held = lock.lock();
            let _again = lock.lock();
            Ok(Vec::new())
        }
        "print" => {
            let line = vec![b'x'; 1 << 20];
            for _ in 0..1024 {
                std::io::stderr().write_all(&line).map_err(said)?;
            }
            Ok(Vec::new())
        }
        "abort" => std::process::abort(),
        "exit" => std::process::exit(7),
        "overflow" => Ok(vec![descend(body.first().copied().unwrap_or(1))]),
        "long" => Ok(vec![0; worker::ANSWER_BYTES + 1]),
        "extract" => extract(body),
        _ => Err(format!("no room is called `{room}`")),
    }
}

thread_local! {
    static LAST: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Reads a file as the kind does, unless its text asks for something else: `probe: NAME`.
fn extract(body: &[u8]) -> Result<Vec<u8>, String> {
    let text = String::from_utf8_lossy(body);
    let asked = text.split("probe: ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let honest = || sawmill::nodes::extract::KIND.answer(body);
    match asked {
        None => {
            let answer = honest()?;
            LAST.set(answer.clone());
            Ok(answer)
        }
        Some("of-another-file") => Ok(LAST.take()),
        Some("nothing") => Ok(Vec::new()),
        Some("noise") => Ok(vec![0xA5; 1000]),
        Some("too-much") => Ok([honest()?, b"and more".to_vec()].concat()),
        Some("huge") => Ok(vec![0; 8 << 20]),
        Some(name) => probe(name, body),
    }
}

#[expect(unconditional_recursion, reason = "that is the probe")]
fn descend(depth: u8) -> u8 {
    let space = std::hint::black_box([depth; 4096]);
    descend(space.iter().fold(depth, |sum, byte| sum.wrapping_add(*byte))).wrapping_add(1)
}

#[cfg(target_os = "linux")]
fn kill_parent() -> Result<Vec<u8>, String> {
    use rustix::process::{Signal, getppid, kill_process};
    let parent = getppid().ok_or("there is no parent")?;
    kill_process(parent, Signal::KILL).map(|()| Vec::new()).map_err(|error| error.to_string())
}

#[cfg(target_os = "linux")]
fn ptrace_parent() -> Result<Vec<u8>, String> {
    nix::sys::ptrace::attach(nix::unistd::getppid()).map(|()| Vec::new()).map_err(|error| error.to_string())
}

#[cfg(not(target_os = "linux"))]
fn ptrace_parent() -> Result<Vec<u8>, String> {
    Err("there is no guard against it here".to_owned())
}

#[cfg(not(target_os = "linux"))]
fn kill_parent() -> Result<Vec<u8>, String> {
    Err("there is no guard against it here".to_owned())
}

/// A worker that is well in nothing but its first frame, or not even there.
fn lie(how: &str) -> ExitCode {
    let mut out = std::io::stdout().lock();
    let frame = |tag: u8, number: u64, length: u32, rest: &[u8]| {
        let mut bytes = b"SWF1".to_vec();
        bytes.push(tag);
        bytes.extend_from_slice(&number.to_le_bytes());
        bytes.extend_from_slice(&length.to_le_bytes());
        bytes.extend_from_slice(rest);
        bytes
    };
    let hello = frame(1, 0, 3, &[2, 2, 2]);
    let answer = match how {
        "mute" => {
            std::thread::sleep(Duration::from_mins(1));
            return ExitCode::SUCCESS;
        }
        "no-hello" => b"HTTP/1.1 200 OK\r\n\r\n and more".to_vec(),
        "hello-of-nobody" => frame(1, 0, 3, &[9, 9, 9]),
        "too-long" => [hello, frame(3, 1, u32::MAX, b"")].concat(),
        "short" => [hello, frame(3, 1, 100, b"only this")].concat(),
        "other-request" => [hello, frame(3, 2, 2, b"ok")].concat(),
        "two-answers" => [hello, frame(3, 1, 2, b"ok"), frame(3, 1, 2, b"no")].concat(),
        "noise" => [hello, vec![0xA5; 4096]].concat(),
        "deaf" => hello,
        _ => return ExitCode::from(2),
    };
    let written = out.write_all(&answer).and_then(|()| out.flush());
    if how == "deaf" {
        // Neither reads nor answers.
        std::thread::sleep(Duration::from_mins(1));
    }
    if written.is_ok() && how != "short" {
        std::thread::sleep(Duration::from_secs(2));
    }
    ExitCode::SUCCESS
}
