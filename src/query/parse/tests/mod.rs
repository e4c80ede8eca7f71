//! Claims about the query language: construct by construct, mistakes with their places, and over random queries.

mod filters;
mod grammar;
mod ignored;
mod mistakes;
mod properties;
