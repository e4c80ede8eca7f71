//! The rules of the house, read from the source tree as text. `docs/architecture.md` says why each is there.
//!
//! A rule that has exceptions keeps them in a list beside it. A list may only shrink: an exception that is not
//! needed any more fails the test just as a missing one does.

mod furniture;
mod layers;
mod sizes;
pub mod text;
pub mod tree;

/// Fails with all findings at once, one a line.
fn hold(rule: &str, findings: &[String]) {
    assert!(findings.is_empty(), "{rule}:\n  {}\n", findings.join("\n  "));
}
