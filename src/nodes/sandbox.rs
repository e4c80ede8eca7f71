//! Where a kind reads what it does not trust.
//!
//! A kind whose parsers are not to be trusted asks [`Task::sandbox`](super::Task::sandbox) about a file instead of reading
//! it itself: what goes in and comes out is bytes, in a form of the kind's own, and [`Kind::answer`](super::Kind::answer)
//! is what runs on the other side. Where there is none, the kind does the same work at home: the rows are the same.

use std::fmt;

use crate::base::Digest;

use super::kind::NodeError;

/// What is asked: a file's content, and what reads it.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// Of the file's bytes.
    pub content: &'a Digest,
    pub language: Option<&'a str>,
    /// The request, as the kind reads it.
    pub body: &'a [u8],
}

/// Why there will be no answer about a file: it was tried, twice, and is not tried again before something moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    /// A short stable word, as `files.skip_reason` keeps it.
    pub reason: String,
    /// For people.
    pub message: String,
}

/// Takes an answer, or says what is wrong with it.
pub type Accept<'a> = &'a mut dyn FnMut(Vec<u8>) -> Result<(), String>;

/// A process apart, as a kind sees it.
pub trait Sandbox: Sync {
    /// Asks, and hands the answer to `accept`, at most twice: an answer that is refused is asked for once more, of
    /// somebody else. `Ok(Some)` where the file is denied one. `Err` where nobody can be asked, or the run was stopped.
    fn ask(&self, question: &Question<'_>, accept: Accept<'_>) -> Result<Option<Denied>, NodeError>;
}

impl fmt::Debug for dyn Sandbox + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sandbox")
    }
}
