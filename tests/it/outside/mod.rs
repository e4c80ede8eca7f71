//! Kinds from outside the crate: two of them, written with the public interface alone, and everything that a
//! workspace with them has to do. `docs/adding-a-node.md` walks through their files.

mod builds;
mod double;
mod program;
mod readers;
mod refused;
mod rooms;
mod todo;
mod words;
mod workspace;
