//! From what was written to what it means: defaults, names, directories, patterns, parameters.

mod params;
mod pipeline;
mod repos;
mod roots;
mod settings;

pub use params::Overrides;
pub use pipeline::pipeline;
pub use repos::{Draft, repositories};
pub use roots::lexical;
pub use settings::{check_language_map, check_name, retention, unknown_language, version};
