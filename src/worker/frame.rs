//! What goes over the pipes: frames.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | mark `SWF1` |
//! | 1 | what it is: 1 hello, 2 request, 3 answer, 4 refusal |
//! | 8 | number of the request that it is or answers; 0 in a hello |
//! | 4 | length of the rest |
//! | … | the rest |
//!
//! Numbers are little-endian. A length is checked before anything is allocated, and space grows only as bytes come.

use std::io::{self, Read, Write};

const MARK: [u8; 4] = *b"SWF1";
/// Bytes before the rest.
pub const HEAD: usize = 17;
/// Longest request: a file that may be parsed, and what is said of it.
pub const REQUEST_BYTES: usize = 8 << 20;
/// Longest answer.
pub const ANSWER_BYTES: usize = 64 << 20;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    /// The first of a worker: how it is confined.
    Hello = 1,
    Request = 2,
    Answer = 3,
    /// The worker could not answer and says why.
    Refusal = 4,
}

impl Tag {
    fn of(byte: u8) -> Option<Self> {
        [Self::Hello, Self::Request, Self::Answer, Self::Refusal].into_iter().find(|tag| *tag as u8 == byte)
    }
}

/// The first bytes of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub tag: Tag,
    pub number: u64,
    pub length: usize,
}

/// What is no frame, or one that is too long.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFrame {
    #[error("it does not begin like a frame")]
    Mark,
    #[error("no frame is of kind {0}")]
    Tag(u8),
    #[error("it says that it is {length} bytes long; {most} are allowed")]
    Length { length: usize, most: usize },
}

impl Head {
    pub fn encode(self) -> [u8; HEAD] {
        let mut out = [0; HEAD];
        let (mark, rest) = out.split_at_mut(4);
        mark.copy_from_slice(&MARK);
        let (tag, rest) = rest.split_at_mut(1);
        tag.copy_from_slice(&[self.tag as u8]);
        let (number, length) = rest.split_at_mut(8);
        number.copy_from_slice(&self.number.to_le_bytes());
        // Callers hold the bounds, which fit.
        length.copy_from_slice(&(self.length as u32).to_le_bytes());
        out
    }

    /// `most`: the longest rest that is taken.
    pub fn decode(bytes: [u8; HEAD], most: usize) -> Result<Self, BadFrame> {
        let [m0, m1, m2, m3, tag, n0, n1, n2, n3, n4, n5, n6, n7, l0, l1, l2, l3] = bytes;
        if [m0, m1, m2, m3] != MARK {
            return Err(BadFrame::Mark);
        }
        let tag = Tag::of(tag).ok_or(BadFrame::Tag(tag))?;
        let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
        if length > most {
            return Err(BadFrame::Length { length, most });
        }
        Ok(Self { tag, number: u64::from_le_bytes([n0, n1, n2, n3, n4, n5, n6, n7]), length })
    }
}

/// Writes a frame to a pipe that may block.
pub fn write(to: &mut impl Write, tag: Tag, number: u64, rest: &[u8]) -> io::Result<()> {
    to.write_all(&Head { tag, number, length: rest.len() }.encode())?;
    to.write_all(rest)?;
    to.flush()
}

/// Reads a frame from a pipe that may block; `None` at its end. A frame that is cut off or none is an error.
pub fn read(from: &mut impl Read, most: usize) -> io::Result<Option<(Head, Vec<u8>)>> {
    let mut head = [0; HEAD];
    let mut have = 0;
    while let Some(rest) = head.get_mut(have..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) if have == 0 => return Ok(None),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => have += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let head = Head::decode(head, most).map_err(|bad| io::Error::new(io::ErrorKind::InvalidData, bad))?;
    let mut rest = Vec::new();
    from.take(head.length as u64).read_to_end(&mut rest)?;
    if rest.len() < head.length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((head, rest)))
}
