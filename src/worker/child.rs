//! One worker, as its parent sees it.

use std::cell::Cell;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStderr, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::base::Cancel;
use crate::base::clock::Stopwatch;

use super::confine::Confinement;
use super::frame::{ANSWER_BYTES, HEAD, Head, REQUEST_BYTES, Tag};
use super::meter::{Allowance, cpu_time};
use super::pool::Program;
use super::serve::short;
use super::trouble::Trouble;

/// So often a waiting parent looks at the meter.
const TICK: Duration = Duration::from_millis(100);
/// So much of what a worker said is read once it has ended.
const SAID: u64 = 64 << 10;
/// So much is read at once.
const PIECE: usize = 64 << 10;

/// Why a call gave no answer.
#[derive(Debug)]
pub enum Failed {
    Cancelled,
    Trouble(Trouble),
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

/// A running worker. Dropping it ends it.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    input: ChildStdin,
    output: ChildStdout,
    errors: ChildStderr,
    /// Number of the last request.
    number: u64,
    allowance: Allowance,
    pub confinement: Confinement,
}

/// What one request has taken so far.
struct Meter {
    since: Stopwatch,
    /// Processor time of the worker when the request began. Asked for at the first look, less what it can have taken
    /// since: nearly all requests are done before anybody looks.
    before: Cell<Option<Duration>>,
    pid: u32,
    allowance: Allowance,
}

impl Meter {
    fn new(pid: u32, allowance: Allowance) -> Self {
        Self { since: Stopwatch::start(), before: Cell::new(None), pid, allowance }
    }

    /// Looks at both clocks.
    fn check(&self) -> Result<(), Trouble> {
        let elapsed = self.since.elapsed();
        if elapsed > self.allowance.wall {
            return Err(Trouble::WallTime { limit: self.allowance.wall });
        }
        let Some(now) = cpu_time(self.pid) else { return Ok(()) };
        let before = self.before.get().unwrap_or_else(|| now.saturating_sub(elapsed));
        self.before.set(Some(before));
        if now.saturating_sub(before) > self.allowance.cpu {
            return Err(Trouble::CpuTime { limit: self.allowance.cpu });
        }
        Ok(())
    }
}

impl Child {
    /// Starts a worker and waits until it is confined.
    #[expect(clippy::disallowed_methods, reason = "the owner of workers")]
    pub fn start(program: &Program, allowance: Allowance) -> io::Result<Self> {
        let mut process = std::process::Command::new(&program.path)
            .args(&program.arguments)
            .arg(allowance.memory.to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let pipes = (process.stdin.take(), process.stdout.take(), process.stderr.take());
        let (Some(input), Some(output), Some(errors)) = pipes else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let confinement = Confinement::NONE;
        let mut child = Self { process, input, output, errors, number: 0, allowance, confinement };
        rustix::io::ioctl_fionbio(&child.input, true)?;
        rustix::io::ioctl_fionbio(&child.output, true)?;
        let meter = Meter::new(child.process.id(), allowance);
        let hello = child.receive(Tag::Hello, 16, &meter, &Cancel::new()).map_err(|failed| match failed {
            Failed::Cancelled => io::Error::from(io::ErrorKind::Interrupted),
            Failed::Trouble(trouble) => io::Error::other(trouble.to_string()),
        })?;
        child.confinement = Confinement::decode(&hello)
            .ok_or_else(|| io::Error::other("the worker does not say how it is confined"))?;
        Ok(child)
    }

    /// Asks. After a failure the worker is of no use any more.
    pub fn call(&mut self, room: &str, body: &[u8], allowance: Allowance, cancel: &Cancel) -> Result<Vec<u8>, Failed> {
        self.number += 1;
        let length = 1 + room.len() + body.len();
        if length > REQUEST_BYTES || room.len() > 255 {
            let what = format!("the request takes {length} bytes; {REQUEST_BYTES} are allowed");
            return Err(Trouble::Refused { what }.into());
        }
        let meter = Meter::new(self.process.id(), allowance);
        let head = Head { tag: Tag::Request, number: self.number, length };
        let mut start = head.encode().to_vec();
        start.push(room.len() as u8);
        start.extend_from_slice(room.as_bytes());
        self.send(&start, &meter, cancel)?;
        self.send(body, &meter, cancel)?;
        self.receive(Tag::Answer, ANSWER_BYTES, &meter, cancel)
    }

    fn send(&mut self, bytes: &[u8], meter: &Meter, cancel: &Cancel) -> Result<(), Failed> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.input.write(rest) {
                Ok(sent) => rest = rest.get(sent..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    wait(self.input.as_fd(), PollFlags::OUT, meter, cancel)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(self.ended().into()),
            }
        }
        Ok(())
    }

    /// The next frame, which must be a `tag` that answers the last request, or a refusal of it.
    fn receive(&mut self, tag: Tag, most: usize, meter: &Meter, cancel: &Cancel) -> Result<Vec<u8>, Failed> {
        let mut head = [0; HEAD];
        let bytes = self.take(HEAD, meter, cancel)?;
        head.copy_from_slice(&bytes);
        let garbled = |what: String| Failed::Trouble(Trouble::Garbled { what });
        let head = Head::decode(head, most).map_err(|bad| garbled(bad.to_string()))?;
        if head.number != self.number {
            return Err(garbled(format!("it answers request {}, not {}", head.number, self.number)));
        }
        if head.tag != tag && (head.tag, tag) != (Tag::Refusal, Tag::Answer) {
            return Err(garbled("it is no answer".to_owned()));
        }
        let rest = self.take(head.length, meter, cancel)?;
        if head.tag == Tag::Refusal {
            let what = short(&String::from_utf8_lossy(&rest)).to_owned();
            return Err(Trouble::Refused { what }.into());
        }
        Ok(rest)
    }

    /// Exactly so many bytes. Space grows as they come.
    fn take(&mut self, length: usize, meter: &Meter, cancel: &Cancel) -> Result<Vec<u8>, Failed> {
        let mut bytes = Vec::with_capacity(length.min(PIECE));
        while bytes.len() < length {
            let have = bytes.len();
            bytes.resize(length.min(have + PIECE.max(have)), 0);
            let read = self.output.read(bytes.get_mut(have..).unwrap_or_default());
            bytes.truncate(have + *read.as_ref().unwrap_or(&0));
            match read {
                Ok(0) => return Err(self.ended().into()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    wait(self.output.as_fd(), PollFlags::IN, meter, cancel)?;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(self.ended().into()),
            }
        }
        Ok(bytes)
    }

    /// How it ended. Where it only closed its pipes, it is ended now.
    fn ended(&mut self) -> Trouble {
        let quiet = Stopwatch::start();
        let status = loop {
            match self.process.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if quiet.elapsed() < TICK => std::thread::sleep(Duration::from_millis(1)),
                Ok(None) | Err(_) => break None,
            }
        };
        let Some(status) = status else {
            self.end();
            return Trouble::Garbled { what: "the worker closed its pipes and went on".to_owned() };
        };
        let mut said = Vec::new();
        // What cannot be read was not said.
        let _read = (&mut self.errors).take(SAID).read_to_end(&mut said);
        trouble_of(status, &String::from_utf8_lossy(&said), self.allowance)
    }

    fn end(&mut self) {
        // It may have ended already.
        let _killed = self.process.kill();
        let _status = self.process.wait();
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

fn trouble_of(status: ExitStatus, said: &str, allowance: Allowance) -> Trouble {
    // Linux, macOS and the BSDs do not agree on the number of SIGSYS.
    let sys = if cfg!(target_os = "linux") { 31 } else { 12 };
    match status.signal() {
        Some(signal) if signal == sys => Trouble::Forbidden,
        _ if said.contains("memory allocation of") || said.contains("failed to allocate") => {
            Trouble::Memory { limit: allowance.memory }
        }
        _ if said.contains("has overflowed its stack") => Trouble::Stack,
        signal => {
            let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            Trouble::Died { signal, code: status.code(), said: short(last.trim()).to_owned() }
        }
    }
}

/// Waits until the pipe is ready, the meter says stop, or somebody does.
fn wait(pipe: BorrowedFd<'_>, ready: PollFlags, meter: &Meter, cancel: &Cancel) -> Result<(), Failed> {
    let tick = Timespec { tv_sec: 0, tv_nsec: i64::from(TICK.subsec_nanos()) };
    loop {
        let mut pipes = [PollFd::from_borrowed_fd(pipe, ready)];
        match poll(&mut pipes, Some(&tick)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(Trouble::Garbled { what: format!("its pipe cannot be watched: {error}") }.into()),
        }
        if cancel.is_cancelled() {
            return Err(Failed::Cancelled);
        }
        meter.check()?;
    }
}
