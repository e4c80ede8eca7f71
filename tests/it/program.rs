//! The program end to end: what a person types, what comes out, and what stays on the disk.

mod first_use;
mod interrupt;
mod output;
mod rebuild;
mod world;
