//! The one integration-test binary: rules of the house, documents that are compared, and the program end to end.
#![expect(clippy::disallowed_methods, reason = "tests stand outside the doors: they look at the tree as it is")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by failing")]

mod documents;
mod engine;
mod outside;
mod program;
mod tidy;
mod timeline;
mod trust;
mod workbench;
mod worker;
