//! Claims about plans and lines: by example, against naive models, and against `rg`.

mod bounds;
mod lines;
mod patterns;
mod plans;
mod ripgrep;

use super::{BadPattern, Budget, Case, Pattern};

fn regex(pattern: &str, case: Case) -> Result<Pattern, BadPattern> {
    Pattern::regex(pattern, case, &mut Budget::default())
}
