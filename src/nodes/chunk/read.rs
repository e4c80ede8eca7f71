//! Readers of `chunks` and `symbols` for queries.
