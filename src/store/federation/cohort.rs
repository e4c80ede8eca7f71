//! What two repositories must have in common in a mode, so that their scores can be compared.
//!
//! A parameter belongs here if it moves what a term or a field means: then frequencies and lengths of the two cannot be
//! summed. How large chunks are does not: the score is normalized by length.
//!
//! | parameter | from |
//! |---|---|
//! | `format.KIND` | the record of a node of that kind |
//! | `table.NAME` | the format of a table that search reads |
//! | `chunk_id`, `tokenizer`, `fields`, `languages`, `definitions` | what the kinds said when the build was made |
//! | `recorded` | `no` where a node on the way did not say: the build is older than cohorts |

use super::model::Parameters;
use super::served::Served;
use crate::base::hash::KeyHasher;
use crate::base::{ContentHash, Mode};

/// The parameter of a build that is older than cohorts.
pub const NOT_RECORDED: (&str, &str) = ("recorded", "no");

/// What the cohort of `mode` is made of.
pub fn parameters(served: &Served<'_>, mode: Mode) -> Parameters {
    let mut out = Parameters::new();
    for node in served.nodes() {
        out.insert(format!("format.{}", node.kind), node.format.to_string());
        match node.cohort.get(&mode) {
            Some(recorded) => out.extend(recorded.clone()),
            None => drop(out.insert(NOT_RECORDED.0.into(), NOT_RECORDED.1.into())),
        }
    }
    out.extend(served.tables().into_iter().map(|(_, table, format)| (format!("table.{table}"), format.to_string())));
    out
}

/// `c1-` and twelve hexadecimal characters over the parameters. The mode is not in it: modes that agree share a key.
pub fn cohort_key(parameters: &Parameters) -> String {
    let mut hasher = KeyHasher::new("sawmill.cohort.v1");
    parameters.write(&mut hasher);
    format!("c1-{}", hasher.finish().short())
}
