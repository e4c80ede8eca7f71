//! The program end to end: what a person types, what comes out, and what stays on the disk.

mod first_use;
mod interrupt;
mod mistakes;
mod output;
mod progress;
mod rebuild;
mod store_health;
mod world;
