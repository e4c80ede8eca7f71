//! Root causes. An action's reason names its own ingredients. Where one of them is what another action made, that
//! action's reason is asked, and so on up to what no action made: a file, a parameter, a FORMAT, a lost artifact.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::engine::{Forecast, Moved, Reason, Recorded, Unit};

/// Something that moved first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Root {
    /// The node whose ingredient it is.
    pub node: String,
    pub unit: Unit,
    pub id: String,
    /// The reason there, with nothing in it that another action of the same run made.
    #[serde(flatten)]
    pub reason: Reason,
}

type Place<'a> = (&'a str, &'a str, Unit, &'a str);

/// The actions of one run, by place: those that ran, and those that were taken from the memo and of which others
/// took what is not what it was.
pub struct Causes<'a> {
    actions: BTreeMap<Place<'a>, &'a Recorded>,
}

impl<'a> Causes<'a> {
    pub fn new(actions: &'a [Recorded], taken: &'a [Recorded]) -> Self {
        Self { actions: taken.iter().chain(actions).map(|action| (action.place(), action)).collect() }
    }

    /// What moved first, for `action`: in the order of nodes and units, each once.
    pub fn roots(&self, action: &'a Recorded) -> Vec<Root> {
        let (mut roots, mut seen) = (Vec::new(), BTreeSet::new());
        let mut ask = vec![action];
        while let Some(action) = ask.pop() {
            if !seen.insert(action.place()) {
                continue;
            }
            if let Forecast::May { node } = &action.forecast {
                ask.extend(self.actions.get(&(action.repo.as_str(), node.as_str(), Unit::Shard, action.id.as_str())));
                continue;
            }
            let Some(reason) = &action.reason else { continue };
            let own = match reason {
                Reason::Moved { moved, more } => {
                    let (above, own): (Vec<&Moved>, Vec<&Moved>) =
                        moved.iter().partition(|moved| self.made_by(action, moved).is_some());
                    ask.extend(above.iter().filter_map(|moved| self.made_by(action, moved)));
                    if own.is_empty() {
                        continue;
                    }
                    Reason::Moved { moved: own.into_iter().cloned().collect(), more: *more }
                }
                other => other.clone(),
            };
            roots.push(Root { node: action.node.clone(), unit: action.unit, id: action.id.clone(), reason: own });
        }
        roots.sort_by(|a, b| (&a.node, a.unit, &a.id).cmp(&(&b.node, b.unit, &b.id)));
        roots
    }

    /// The action of this run that gave what moved.
    fn made_by(&self, action: &'a Recorded, moved: &'a Moved) -> Option<&'a Recorded> {
        let place = match moved {
            Moved::Input { node, .. } => (action.repo.as_str(), node.as_str(), Unit::Shard, action.id.as_str()),
            Moved::Shard { shard, .. } => (action.repo.as_str(), action.node.as_str(), Unit::Shard, shard.as_str()),
            _ => return None,
        };
        self.actions.get(&place).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Change;

    fn action(node: &str, unit: Unit, id: &str, moved: Vec<Moved>) -> Recorded {
        Recorded {
            repo: "api".into(),
            node: node.into(),
            unit,
            id: id.into(),
            action: None,
            forecast: Forecast::Ran,
            reason: Some(Reason::Moved { moved, more: 0 }),
            files: 1,
            rows: 1,
            bytes: 1,
        }
    }

    fn input(node: &str) -> Moved {
        Moved::Input { node: node.into(), port: "p".into(), table: "t".into(), old: None, new: None }
    }

    #[test]
    fn a_merge_is_led_back_to_the_file_that_moved() {
        let file = Moved::File { path: "a.rs".into(), change: Change::Changed, old: None, new: None };
        let parameter = Moved::Parameter { name: "max".into(), old: None, new: None };
        let shard = Moved::Shard { shard: "s1".into(), change: Change::Changed, old: None, new: None };
        let reused = Moved::Shard { shard: "s2".into(), change: Change::Changed, old: None, new: None };
        let all = [
            action("extract", Unit::Shard, "s1", vec![file.clone()]),
            action("chunk", Unit::Shard, "s1", vec![input("extract"), parameter.clone()]),
            action("index", Unit::Shard, "s1", vec![input("chunk")]),
            action("index", Unit::Segment, "g1", vec![shard, reused.clone()]),
        ];
        let roots = Causes::new(&all, &[]).roots(&all[3]);
        let found: Vec<(&str, &str, Vec<Moved>)> = roots
            .iter()
            .map(|root| match &root.reason {
                Reason::Moved { moved, .. } => (root.node.as_str(), root.id.as_str(), moved.clone()),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            found,
            [
                ("chunk", "s1", vec![parameter]),
                ("extract", "s1", vec![file]),
                // Of what was taken from the memo no reason was kept.
                ("index", "g1", vec![reused]),
            ]
        );
    }

    #[test]
    fn what_was_taken_from_the_memo_is_led_back_to_what_moved() {
        let parameter = Moved::Parameter { name: "max".into(), old: None, new: None };
        let ran = [action("index", Unit::Shard, "s1", vec![input("chunk")])];
        let chunk = action("chunk", Unit::Shard, "s1", vec![parameter.clone()]);
        let taken = [Recorded { forecast: Forecast::Hit, ..chunk }];
        let roots = Causes::new(&ran, &taken).roots(&ran[0]);
        let reason = Reason::Moved { moved: vec![parameter], more: 0 };
        assert_eq!(roots, [Root { node: "chunk".into(), unit: Unit::Shard, id: "s1".into(), reason }]);
    }
}
