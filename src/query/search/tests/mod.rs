//! Claims about search: by example, against a naive model, and over random distributions.

mod answers;
mod examples;
mod federation;
mod limits;
mod model;
mod paths;
mod spared;
