//! Claims about search: by example, against a naive model, and over random distributions.

mod examples;
mod federation;
mod limits;
mod model;
mod paths;
