//! Block hashes that need no trust.
//!
//! BLAKE3 is a tree over chunks of 1 KiB, and 64 KiB of input at a multiple of 64 KiB is a complete subtree. So
//! the chaining values of all blocks, joined pairwise up to the root, give the hash of the whole: the name of the
//! object vouches for its block hashes. Source: the BLAKE3 paper, section 2.1; `blake3::hazmat`.

use std::io;

use blake3::hazmat::{ChainingValue, HasherExt, Mode, left_subtree_len, merge_subtrees_non_root, merge_subtrees_root};

use super::super::layout::BLOCK;
use crate::base::bytes::ByteSource;
use crate::base::hash::Digest;

/// What is read at once; a whole number of blocks.
const PIECE: usize = 16 * BLOCK;

/// Chaining values of the blocks of one object larger than a block.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Blocks(Vec<ChainingValue>);

fn value(index: usize, block: &[u8]) -> ChainingValue {
    blake3::Hasher::new().set_input_offset((index * BLOCK) as u64).update(block).finalize_non_root()
}

/// Splits `values` of `len` bytes where BLAKE3's tree does.
fn halves(values: &[ChainingValue], len: u64) -> Option<(&[ChainingValue], u64, &[ChainingValue], u64)> {
    let left_len = left_subtree_len(len);
    let (left, right) = values.split_at_checked(usize::try_from(left_len / BLOCK as u64).ok()?)?;
    Some((left, left_len, right, len - left_len))
}

fn join(values: &[ChainingValue], len: u64) -> Option<ChainingValue> {
    if let [one] = values {
        return Some(*one);
    }
    let (left, left_len, right, right_len) = halves(values, len)?;
    Some(merge_subtrees_non_root(&join(left, left_len)?, &join(right, right_len)?, Mode::Hash))
}

impl Blocks {
    /// The hash of `bytes`, and their blocks where there is more than one.
    pub(super) fn of(bytes: &[u8]) -> (Digest, Option<Self>) {
        if bytes.len() <= BLOCK {
            return (Digest::of(bytes), None);
        }
        let blocks = Self(bytes.chunks(BLOCK).enumerate().map(|(at, block)| value(at, block)).collect());
        match blocks.root(bytes.len() as u64) {
            Some(root) => (root, Some(blocks)),
            None => (Digest::of(bytes), None),
        }
    }

    /// [`of`](Self::of) for bytes that are read a piece at a time.
    pub(super) fn of_source(source: &dyn ByteSource) -> io::Result<(Digest, Option<Self>)> {
        let len = source.len();
        if len <= BLOCK as u64 {
            return Ok((Digest::of(&source.read_at(0, len as usize)?), None));
        }
        let (mut blocks, mut offset) = (Self(Vec::new()), 0);
        while offset < len {
            let piece = source.read_at(offset, (len - offset).min(PIECE as u64) as usize)?;
            for block in piece.chunks(BLOCK) {
                blocks.0.push(value(blocks.0.len(), block));
            }
            offset += piece.len() as u64;
        }
        let root = blocks.root(len).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok((root, Some(blocks)))
    }

    /// The hash of the object of `len` bytes that has these blocks; `None` when their number does not fit.
    fn root(&self, len: u64) -> Option<Digest> {
        if self.0.len() < 2 || self.0.len() as u64 != len.div_ceil(BLOCK as u64) {
            return None;
        }
        let (left, left_len, right, right_len) = halves(&self.0, len)?;
        Some(Digest(*merge_subtrees_root(&join(left, left_len)?, &join(right, right_len)?, Mode::Hash).as_bytes()))
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        self.0.concat()
    }

    /// Believed only if they join to `hash`.
    pub(super) fn decode(bytes: &[u8], hash: &Digest, len: u64) -> Option<Self> {
        let (values, rest) = bytes.as_chunks::<32>();
        let blocks = Self(values.to_vec());
        (rest.is_empty() && blocks.root(len)? == *hash).then_some(blocks)
    }

    /// Is `block` what the object holds there?
    pub(super) fn fits(&self, index: usize, block: &[u8]) -> bool {
        self.0.get(index).is_some_and(|known| *known == value(index, block))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_join_to_the_plain_hash_at_every_awkward_length() {
        let bytes: Vec<u8> = (0..BLOCK * 9 + 77).map(|n| (n % 251) as u8).collect();
        for blocks in 1..=9 {
            for extra in [0, 1, 1023, 1024, 1025, BLOCK - 1] {
                let bytes = &bytes[..(blocks * BLOCK + extra).min(bytes.len())];
                let (hash, found) = Blocks::of(bytes);
                assert_eq!(Blocks::of_source(&bytes.to_vec()).unwrap(), Blocks::of(bytes));
                assert_eq!(hash, Digest::of(bytes), "{blocks} blocks and {extra} bytes");
                if let Some(found) = found {
                    let len = bytes.len() as u64;
                    assert_eq!(Blocks::decode(&found.encode(), &hash, len), Some(found));
                }
            }
        }
    }

    #[test]
    fn a_changed_block_list_is_not_believed() {
        let bytes = vec![7; BLOCK * 5 + 1];
        let (hash, blocks) = Blocks::of(&bytes);
        let encoded = blocks.unwrap().encode();
        let len = bytes.len() as u64;
        for at in 0..encoded.len() {
            let mut bad = encoded.clone();
            bad[at] ^= 1;
            assert_eq!(Blocks::decode(&bad, &hash, len), None, "byte {at}");
        }
        assert_eq!(Blocks::decode(&encoded[..encoded.len() - 32], &hash, len), None);
        assert_eq!(Blocks::decode(&encoded[..encoded.len() - 1], &hash, len), None);
        assert_eq!(Blocks::decode(&encoded, &hash, len + BLOCK as u64), None);
        assert_eq!(Blocks::decode(&[], &hash, 0), None);
    }
}
