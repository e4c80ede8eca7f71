//! extract
mod params;
mod run;
mod schema;

pub use run::KIND;
