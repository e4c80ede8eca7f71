//! Operations: one file a use-case, from a plain request to a plain report.
//!
//! The terminal, and later HTTP, MCP and a TUI, share these. Nothing here prints, parses arguments or opens a
//! socket.

pub mod check;
pub mod init;
pub mod schema;
