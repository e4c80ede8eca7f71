//! `graph`: the plan, drawn.
//!
//! [`run()`] compiles the plan into a [`GraphReport`]: nodes, edges with their ports and tables, and the repositories
//! that share each drawing. Repositories of one pipeline are one drawing unless each one's copy is asked for. The
//! report is the JSON answer; [`dot()`], [`mermaid()`], [`svg()`] and [`rails()`] draw it. All are functions of the report
//! alone: equal plans give equal bytes.

mod across;
mod counts;
mod dot;
mod foreseen;
mod mermaid;
mod rails;
mod report;
mod run;
mod svg;
mod words;

pub use dot::dot;
pub(super) use dot::quoted;
pub use foreseen::foreseen;
pub use mermaid::mermaid;
pub use rails::{Rail, rails};
pub use report::{Amount, Drawing, GraphEdge, GraphNode, GraphRepo, GraphReport, NodeState};
pub use run::{GraphRequest, run};
pub use svg::svg;

#[cfg(test)]
mod tests;
