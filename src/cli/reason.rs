//! Reasons in words, grouped by what moved first.

use std::collections::{BTreeMap, BTreeSet};

use sawmill::ops::dry_run::{Change, Moved, Reason, Unit};
use sawmill::ops::why::WhyAction;

use super::human;
use super::page::Page;
use super::paint::Paint;
use super::sanitize;

/// Causes that are listed before the rest is counted.
const MOST: usize = 12;

/// What moved first, and how many actions of each node it leads to: node → [shards, segments, resolutions].
type Causes = BTreeMap<(u8, String), BTreeMap<String, [u64; 3]>>;

/// One paragraph a repository: each cause, and beneath it the actions that it leads to.
/// `about` is the path of the file that was asked about: what is said of it comes first.
pub fn page(page: &mut Page, actions: &[WhyAction], verb: &str, about: Option<&str>, paint: Paint, all: bool) {
    let mut repos: BTreeMap<&str, Causes> = BTreeMap::new();
    for action in actions {
        let causes = repos.entry(&action.action.repo).or_default();
        // A file can be an ingredient of several actions on the way.
        for cause in causes_of(action, about).into_iter().collect::<BTreeSet<_>>() {
            let counts = causes.entry(cause).or_default().entry(action.action.node.clone()).or_default();
            counts[match action.action.unit {
                Unit::Shard => 0,
                Unit::Segment => 1,
                Unit::Resolution => 2,
            }] += 1;
        }
    }
    for (repo, causes) in repos {
        page.line(paint.bold(&sanitize::name(repo)));
        let most = if all { usize::MAX } else { MOST };
        for ((_, cause), nodes) in causes.iter().take(most) {
            page.line(format!("  {cause}"));
            let counts: Vec<String> = nodes.iter().map(|(node, counts)| counted(node, *counts)).collect();
            page.line(paint.dim(&format!("    {verb} {}", counts.join(" · "))));
        }
        if let Some(more) = causes.len().checked_sub(most).filter(|more| *more > 0) {
            let more = human::counted(more as u64, "more cause", "more causes");
            page.line(paint.dim(&format!("  and {more}; --verbose lists them")));
        }
    }
}

fn causes_of(action: &WhyAction, about: Option<&str>) -> Vec<(u8, String)> {
    let mut causes = Vec::new();
    for root in &action.roots {
        match &root.reason {
            Reason::Moved { moved, more } => {
                causes.extend(moved.iter().map(|moved| (rank(moved, about), of(moved, &root.node))));
                if *more > 0 {
                    let more = human::counted(*more, "more file or shard", "more files or shards");
                    causes.push((9, format!("{more} beside these moved in one unit")));
                }
            }
            reason => causes.push((0, words(reason, &root.node))),
        }
    }
    causes
}

fn counted(node: &str, counts: [u64; 3]) -> String {
    let names = [("shard", "shards"), ("segment", "segments"), ("resolution", "resolutions")];
    let units = counts.into_iter().zip(names).filter(|(count, _)| *count > 0);
    let units: Vec<String> = units.map(|(count, (one, more))| human::counted(count, one, more)).collect();
    let last = units.len().saturating_sub(1);
    let units = [units.get(..last).unwrap_or_default().join(", "), units.get(last).cloned().unwrap_or_default()];
    format!("{} {}", sanitize::name(node), units.join(" and ").trim_start_matches(" and "))
}

/// A reason other than that ingredients moved.
fn words(reason: &Reason, node: &str) -> String {
    let node = sanitize::name(node);
    match reason {
        Reason::NeverBuilt => "the repository had no build before".to_owned(),
        Reason::NewNode => format!("the node `{node}` is new in its pipeline"),
        Reason::Absent => format!("the memo has no entry for `{node}` there any more"),
        Reason::Failed { message } => format!("it failed the last time: {}", sanitize::name(message)),
        Reason::Lost { artifacts } => {
            let one = |a: &sawmill::ops::dry_run::LostArtifact| {
                let state = if a.damaged { "damaged" } else { "missing" };
                format!("{} {} of `{node}` was {state}", sanitize::name(&a.table), a.artifact)
            };
            artifacts.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        Reason::Moved { .. } => String::new(),
    }
}

/// What concerns everything comes before what concerns a file, unless that is the one in question.
fn rank(moved: &Moved, about: Option<&str>) -> u8 {
    match moved {
        Moved::File { path, .. } if Some(path.as_str()) == about => 0,
        Moved::Kind { .. }
        | Moved::Format { .. }
        | Moved::Limits { .. }
        | Moved::Decisions { .. }
        | Moved::Parameter { .. } => 1,
        Moved::Language { .. } => 2,
        Moved::File { .. } | Moved::Files { .. } => 3,
        Moved::Name { .. } => 4,
        Moved::Input { .. } | Moved::Shard { .. } => 5,
    }
}

/// One ingredient of `node` that moved.
pub fn of(moved: &Moved, node: &str) -> String {
    let (node, dash) = (sanitize::name(node), "—".to_owned());
    let shown =
        |value: &Option<String>| value.as_deref().map_or_else(|| dash.clone(), |v| sanitize::name(v).into_owned());
    match moved {
        Moved::Kind { old, new } => {
            format!("`{node}` is of kind {}, not {} as before", sanitize::name(new), sanitize::name(old))
        }
        Moved::Format { old, new } => format!("FORMAT of `{node}`: {old} → {new}"),
        Moved::Limits { old, new } => format!("limits of `{node}`: {old} → {new}"),
        Moved::Decisions { old, new } => {
            format!("files that `{node}` does not read: {} → {}", shown(old), shown(new))
        }
        Moved::Parameter { name, old, new } => {
            format!("parameter `{}` of `{node}`: {} → {}", sanitize::name(name), shown(old), shown(new))
        }
        Moved::Language { language, old, new } => {
            let language = if language.is_empty() { "plain text".into() } else { sanitize::name(language) };
            format!("definition of {language} for `{node}`: {} → {}", shown(old), shown(new))
        }
        Moved::File { path, change, old, new } => {
            let path = sanitize::name(path);
            match change {
                Change::Added => format!("{path} is new"),
                Change::Removed => format!("{path} is gone"),
                Change::Changed => format!("{path} changed: {} → {}", shown(old), shown(new)),
                Change::Reclassified => format!("{path} is taken for something else: {} → {}", shown(old), shown(new)),
                Change::Joined => format!("{path} came from a neighbouring shard"),
                Change::Left => format!("{path} went to a neighbouring shard"),
            }
        }
        Moved::Files { old, new } => format!("the list of files: {} → {}", shown(old), shown(new)),
        Moved::Input { node: above, table, old, new, .. } => {
            let above = sanitize::name(above);
            format!(
                "{} of `{above}`, taken as it was made before: {} → {}",
                sanitize::name(table),
                shown(old),
                shown(new)
            )
        }
        Moved::Name { name, change, .. } => {
            let name = sanitize::name(name);
            match change {
                Change::Added => format!("`{name}` is defined now"),
                Change::Removed => format!("`{name}` is not defined any more"),
                _ => format!("what `{name}` stands for changed"),
            }
        }
        Moved::Shard { shard, change, old, new } => match change {
            Change::Added => format!("shard {shard} is new"),
            Change::Removed => format!("shard {shard} is gone"),
            Change::Joined => format!("shard {shard} came from a neighbouring segment"),
            Change::Left => format!("shard {shard} went to a neighbouring segment"),
            Change::Changed | Change::Reclassified => {
                format!("shard {shard}, taken as it was made before: {} → {}", shown(old), shown(new))
            }
        },
    }
}
