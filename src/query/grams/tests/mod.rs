//! Claims about plans and lines: by example, against naive models, and against `rg`.

mod bounds;
mod lines;
mod patterns;
mod plans;
mod ripgrep;
