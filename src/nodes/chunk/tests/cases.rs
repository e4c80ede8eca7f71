//! Literate cases.
