//! `--cohort [mode:]KEY`: the cohort that is to be searched, by the beginning of its key.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::Mode;
use crate::query::error::QueryError;

/// Mode → the key that is asked for. `standing` has the keys that there are, and how many repositories bear each.
pub fn wanted(
    asked: &[String],
    standing: &BTreeMap<Mode, BTreeMap<&str, usize>>,
) -> Result<BTreeMap<Mode, String>, QueryError> {
    let mut out = BTreeMap::new();
    for text in asked {
        let (mode, key) = match text.split_once(':') {
            Some((mode, key)) => (Some(mode.parse::<Mode>().map_err(|_| not_found(text, standing))?), key),
            None => (None, text.as_str()),
        };
        let begins =
            |known: &str| known.starts_with(key) || known.strip_prefix("c1-").is_some_and(|k| k.starts_with(key));
        let of_mode = standing.iter().filter(|(known, _)| mode.is_none_or(|mode| mode == **known));
        let found: Vec<(Mode, &str)> = of_mode
            .flat_map(|(mode, keys)| keys.keys().filter(|known| begins(known)).map(|known| (*mode, *known)))
            .collect();
        let keys: BTreeSet<&str> = found.iter().map(|(_, known)| *known).collect();
        if key.is_empty() || keys.len() != 1 {
            return Err(not_found(text, standing));
        }
        out.extend(found.into_iter().map(|(mode, known)| (mode, known.to_owned())));
    }
    Ok(out)
}

fn not_found(asked: &str, standing: &BTreeMap<Mode, BTreeMap<&str, usize>>) -> QueryError {
    let all = standing.iter().flat_map(|(mode, keys)| {
        keys.iter().map(move |(key, repos)| {
            format!("{mode}:{key} ({repos} {})", if *repos == 1 { "repository" } else { "repositories" })
        })
    });
    let all: Vec<String> = all.collect();
    let help = if all.is_empty() {
        "no repository of the selection serves an index".to_owned()
    } else {
        format!("give the beginning of one key: {}", all.join(", "))
    };
    QueryError::CohortNotFound { asked: asked.to_owned(), help }
}
