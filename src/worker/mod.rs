//! Processes that read what nobody trusts.
//!
//! A file from somewhere is parsed by C code (grammars, their scanners) that may loop, eat memory, abort or worse. So it is
//! parsed in a process of its own kind: the same program, started with [`ARGUMENT`], which gives up every right that it does
//! not need before it reads a byte of the file. One process serves many files, one after the other.
//!
//! Reading order: [`frame`] (what goes over the pipes), [`confine`] (what a worker gives up), [`serve`] (a worker's life),
//! [`trouble`] (how a file can fail), [`meter`] (what one file may take), [`child`] (one worker as its parent sees it),
//! [`pool`] (as many as there are threads that ask; a file that fails is tried once more, alone).
//!
//! Nothing here knows what is asked: a request is the name of a room and bytes, an answer is bytes. Neither end believes the
//! other: every length is bounded, every answer names its request.
//!
//! What remains: an answer is bound to its request by a number that the worker knows. A file that takes its worker over
//! without ending it could have that worker lie about itself, and about files that the same process reads later, as
//! far as a lie has the form of a true answer. It cannot change what a file's text is, whose hash and bytes never come
//! from a worker, nor whether it is read.

mod child;
mod confine;
mod frame;
mod meter;
mod pool;
mod serve;
mod trouble;

pub use confine::{Confinement, Guard};
pub use frame::{ANSWER_BYTES, REQUEST_BYTES};
pub use meter::Allowance;
pub use pool::{Accept, CallError, Pool, Program};
pub use serve::{ARGUMENT, serve};
pub use trouble::Trouble;

#[cfg(test)]
mod tests;
