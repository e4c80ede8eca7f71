//! The program end to end: what a person types, what comes out, and what stays on the disk.

mod completions;
mod first_use;
mod hostile;
mod interrupt;
mod mistakes;
mod output;
mod progress;
mod rebuild;
mod schemas;
mod shapes;
mod stale;
mod world;
