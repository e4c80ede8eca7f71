//! Git's ignore rules, exactly and in linear time.
//!
//! The syntax is that of `gitignore(5)`: wildcards, classes (`[a-z]`, `[[:digit:]]`), `**`, negation, rules for
//! directories only, rules anchored at their directory. Names are bytes; nothing needs to be UTF-8.
//!
//! Matching is our own because both crates that offer it fail a promise here. Over 1 500 generated rules
//! `ignore` 0.4 disagrees with git on 106: it reads `{a,b}` as a choice, does not know `[[:alpha:]]` nor
//! `\` in a class, trims tabs, and compiles regular expressions for each ignore file of a tree. `gix-glob` 0.29
//! agrees with git but does not end on `**/**/…/*` in reasonable time, and a repository is untrusted input.
//! Here a match costs at most length of rule × length of path.

mod class;
mod glob;
mod list;
mod parse;

pub use list::{Deciding, Rules, Verdict};
pub use parse::{BadRule, Rule};

#[cfg(test)]
mod git_tests;
#[cfg(test)]
mod tests;
