//! Selectors over small plans, and closures against a model.

use std::collections::{BTreeMap, BTreeSet};

use miette::Diagnostic as _;
use proptest::prelude::*;
use serde_json::Map;

use super::{SelectError, Selection, select};
use crate::base::Digest;
use crate::nodes::Kind;
use crate::plan::doubles::{CHUNK, EXTRACT, INDEX};
use crate::plan::{Plan, PlannedInput, PlannedNode, RepoPlan};

fn node(name: &str, kind: &'static dyn Kind, above: &[usize]) -> PlannedNode {
    PlannedNode {
        name: name.to_owned(),
        kind,
        params: kind.params(&Map::new()).unwrap(),
        inputs: above.iter().map(|at| PlannedInput { port: "in", node: *at }).collect(),
        chain: Digest([0; 32]),
    }
}

fn repo(name: &str, nodes: Vec<PlannedNode>) -> RepoPlan {
    RepoPlan {
        name: name.to_owned(),
        root: "/w".into(),
        pipeline: "code".to_owned(),
        include: Vec::new(),
        exclude: Vec::new(),
        languages: Vec::new(),
        nodes,
        after: Vec::new(),
        config_digest: Digest([0; 32]),
        serve: None,
    }
}

fn plan(repos: Vec<RepoPlan>) -> Plan {
    Plan { workspace: "w".to_owned(), repos, workspace_nodes: Vec::new(), after: Vec::new(), warnings: Vec::new() }
}

fn line() -> Vec<PlannedNode> {
    vec![node("extract", &EXTRACT, &[]), node("chunk", &CHUNK, &[0]), node("index", &INDEX, &[1])]
}

/// `api` and `web` with the usual nodes; a repository `chunk` with a node `words`; `gone` has no plan.
fn shop() -> Plan {
    plan(vec![repo("api", line()), repo("chunk", vec![node("words", &EXTRACT, &[])]), repo("web", line())])
}

fn chosen(selectors: &[&str]) -> Result<Selection, SelectError> {
    let selectors: Vec<String> = selectors.iter().map(|s| (*s).to_owned()).collect();
    let tags = [("api", "backend"), ("api", "c++"), ("web", "frontend"), ("gone", "frontend")];
    let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (repo, tag) in tags {
        of.entry(repo.to_owned()).or_default().push(tag.to_owned());
    }
    select(&selectors, &shop(), &of, &BTreeSet::from(["gone".to_owned()]))
}

/// `api/extract api/chunk`, and `gone?` for what is not available.
fn words(selectors: &[&str]) -> String {
    let (found, plan) = (chosen(selectors).unwrap(), shop());
    let mut out: Vec<String> = Vec::new();
    for repo in &plan.repos {
        let nodes = repo.nodes.iter().enumerate().filter(|(at, _)| found.contains(&repo.name, *at));
        out.extend(nodes.map(|(_, node)| format!("{}/{}", repo.name, node.name)));
    }
    out.extend(found.unavailable.iter().map(|name| format!("{name}?")));
    out.join(" ")
}

/// Code, message, help, and the text under the label.
fn refusal(selectors: &[&str]) -> (String, String, String, String) {
    let error = chosen(selectors).unwrap_err();
    let label = error.labels().unwrap().next().unwrap();
    let source = error.source_code().unwrap().read_span(label.inner(), 0, 0).unwrap();
    let under = String::from_utf8(source.data().to_vec()).unwrap();
    let text = |words: Option<Box<dyn std::fmt::Display + '_>>| words.map(|w| w.to_string()).unwrap_or_default();
    assert_eq!(error.tier().exit_code(), 2);
    (text(error.code()).replace("sawmill::select::", ""), error.to_string(), text(error.help()), under)
}

#[test]
fn no_selector_is_everything_and_what_is_gone() {
    assert_eq!(words(&[]), "api/extract api/chunk api/index chunk/words web/extract web/chunk web/index gone?",);
    assert_eq!(Selection { unavailable: BTreeSet::new(), ..chosen(&[]).unwrap() }, Selection::all(&shop()));
}

#[test]
fn each_method_selects_by_its_own_name() {
    assert_eq!(words(&["repo:api"]), "api/extract api/chunk api/index");
    assert_eq!(words(&["kind:index"]), "api/index web/index");
    assert_eq!(words(&["tag:backend"]), "api/extract api/chunk api/index");
    assert_eq!(words(&["tag:Frontend"]), "web/extract web/chunk web/index gone?");
    assert_eq!(words(&["node:chunk"]), "api/chunk web/chunk");
    assert_eq!(words(&["web/chunk"]), "web/chunk");
    assert_eq!(words(&["api"]), "api/extract api/chunk api/index");
    assert_eq!(words(&["words"]), "chunk/words");
    assert_eq!(words(&["repo:gone"]), "gone?");
    assert_eq!(words(&["gone"]), "gone?");
    assert_eq!(words(&["gone/chunk"]), "gone?");
}

#[test]
fn plus_signs_add_what_is_above_and_below() {
    assert_eq!(words(&["+node:chunk"]), "api/extract api/chunk web/extract web/chunk");
    assert_eq!(words(&["api/chunk+"]), "api/chunk api/index");
    assert_eq!(words(&["+api/chunk+"]), "api/extract api/chunk api/index");
    assert_eq!(words(&["+kind:extract"]), "api/extract chunk/words web/extract");
}

#[test]
fn a_tag_may_end_with_plus_signs_of_its_own() {
    assert_eq!(words(&["tag:c++"]), "api/extract api/chunk api/index");
    assert_eq!(words(&["+tag:c+++"]), "api/extract api/chunk api/index");
    assert_eq!(refusal(&["tag:c+"]).0, "unknown");
}

#[test]
fn arguments_add_up_and_commas_narrow() {
    assert_eq!(words(&["api/index", "web/extract"]), "api/index web/extract");
    assert_eq!(words(&["kind:index,repo:web"]), "web/index");
    assert_eq!(words(&["+index,tag:backend", "words"]), "api/extract api/chunk api/index chunk/words");
    assert_eq!(words(&["tag:frontend,gone"]), "gone?");
}

#[test]
fn a_name_of_two_things_is_asked_about() {
    let (code, message, help, under) = refusal(&["api", "+chunk"]);
    assert_eq!(code, "ambiguous");
    assert_eq!(message, "`chunk` is both a repository and a node");
    assert_eq!(help, "write `repo:chunk` or `node:chunk`");
    assert_eq!(under, "chunk");
}

#[test]
fn an_unknown_name_is_reported_with_a_suggestion() {
    for (selector, message, help, under) in [
        ("apj", "there is no repository or node `apj`", "did you mean `api`?", "apj"),
        ("+repo:wbe", "there is no repository `wbe`", "did you mean `web`?", "wbe"),
        ("node:extrakt", "there is no node `extrakt`", "did you mean `extract`?", "extrakt"),
        ("kind:indx", "there is no node of kind `indx`", "did you mean `index`?", "indx"),
        ("tag:backed", "there is no repository with the tag `backed`", "did you mean `backend`?", "backed"),
        ("web/chunks", "there is no node of `web` called `chunks`", "did you mean `chunk`?", "web/chunks"),
        ("weg/chunk", "there is no repository `weg`", "did you mean `web`?", "weg/chunk"),
        ("repo:zzzzz", "there is no repository `zzzzz`", "there are: api, chunk, gone, web", "zzzzz"),
    ] {
        let said = refusal(&[selector]);
        assert_eq!((said.0.as_str(), said.1.as_str(), said.2.as_str()), ("unknown", message, help), "{selector}");
        assert_eq!(said.3, under, "{selector}");
    }
}

#[test]
fn an_unknown_method_is_reported_with_a_suggestion() {
    let (code, _, help, under) = refusal(&["kind:index,rep:api"]);
    assert_eq!((code.as_str(), under.as_str()), ("unknown_method", "rep"));
    assert_eq!(help, "did you mean `repo:api`?");
    assert_eq!(refusal(&["api:chunk"]).2, "a node of one repository is written `api/chunk`");
}

#[test]
fn what_is_no_selector_is_refused_with_its_place() {
    for (selector, under) in [
        ("", ""),
        ("+", ""),
        ("++", ""),
        ("api,", ""),
        ("api,,web", ""),
        ("repo:", ""),
        ("++api", "+"),
        ("a+b", "+"),
        ("api/", "api/"),
        ("/chunk", "/chunk"),
    ] {
        let said = refusal(&[selector]);
        assert_eq!((said.0.as_str(), said.3.as_str()), ("malformed", under), "{selector}");
    }
}

#[test]
fn what_selects_nothing_is_refused() {
    let (code, message, _, under) = refusal(&["api", "tag:frontend,repo:api,kind:index"]);
    assert_eq!(code, "empty");
    assert_eq!(message, "`tag:frontend,repo:api,kind:index` selects nothing");
    assert_eq!(under, "api");
}

#[test]
fn needed_is_what_is_selected_and_above() {
    let (found, plan) = (chosen(&["api/chunk", "web/index"]).unwrap(), shop());
    assert_eq!(found.names().collect::<Vec<_>>(), ["api", "web"]);
    assert_eq!(found.needed(&plan, "api"), BTreeSet::from([0, 1]));
    assert!(!found.is_whole(&plan, "api"));
    assert!(found.is_whole(&plan, "web"));
    assert!(found.needed(&plan, "chunk").is_empty() && !found.is_whole(&plan, "chunk"));
}

/// For each node, the nodes before it that feed it.
fn graphs() -> impl Strategy<Value = Vec<BTreeSet<usize>>> {
    proptest::collection::vec(proptest::collection::btree_set(0usize..12, 0..4), 1..12).prop_map(|nodes| {
        nodes.into_iter().enumerate().map(|(at, above)| above.into_iter().filter(|a| *a < at).collect()).collect()
    })
}

/// `reaches[a][b]`: is there a way from a down to b, or is a b? By trying one more step until nothing changes.
fn reaches(graph: &[BTreeSet<usize>]) -> Vec<Vec<bool>> {
    let count = graph.len();
    let mut way: Vec<Vec<bool>> =
        (0..count).map(|a| (0..count).map(|b| a == b || graph[b].contains(&a)).collect()).collect();
    loop {
        let old = way.clone();
        for a in 0..count {
            for b in 0..count {
                way[a][b] = old[a][b] || (0..count).any(|c| old[a][c] && old[c][b]);
            }
        }
        if way == old {
            return way;
        }
    }
}

proptest! {
    #[test]
    fn closures_are_those_of_a_simple_model(graph in graphs(), picks in proptest::collection::vec((0usize..12, any::<bool>(), any::<bool>()), 1..4)) {
        let nodes = graph.iter().enumerate().map(|(at, above)| {
            node(&format!("n{at}"), &EXTRACT, &above.iter().copied().collect::<Vec<_>>())
        });
        let plan = plan(vec![repo("r", nodes.collect())]);
        let way = reaches(&graph);
        let (mut selectors, mut expected) = (Vec::new(), BTreeSet::new());
        for (pick, up, down) in picks {
            let pick = pick % graph.len();
            selectors.push(format!("{}n{pick}{}", if up { "+" } else { "" }, if down { "+" } else { "" }));
            let holds = |n: &usize| *n == pick || (up && way[*n][pick]) || (down && way[pick][*n]);
            expected.extend((0..graph.len()).filter(holds));
        }
        let found = select(&selectors, &plan, &BTreeMap::new(), &BTreeSet::new()).unwrap();
        prop_assert_eq!(&found.repos["r"], &expected);
        let needed: BTreeSet<usize> = (0..graph.len()).filter(|n| expected.iter().any(|e| way[*n][*e])).collect();
        prop_assert_eq!(found.needed(&plan, "r"), needed.clone());
        prop_assert_eq!(found.is_whole(&plan, "r"), needed.len() == graph.len());
        // An intersection is what both sides select, or an error where that is nothing.
        let (Some(first), Some(last)) = (selectors.first(), selectors.last()) else { unreachable!() };
        let side = |text: &String| select(std::slice::from_ref(text), &plan, &BTreeMap::new(), &BTreeSet::new()).unwrap();
        let both = &side(first).repos["r"] & &side(last).repos["r"];
        match select(&[format!("{first},{last}")], &plan, &BTreeMap::new(), &BTreeSet::new()) {
            Ok(found) => prop_assert_eq!(&found.repos["r"], &both),
            Err(error) => {
                let empty = matches!(error, SelectError::Empty { .. });
                prop_assert!(both.is_empty() && empty);
            }
        }
    }

    #[test]
    fn no_text_makes_the_reader_stumble(text in "[a-z+:,/é]{0,12}") {
        let _ = chosen(&[text.as_str()]).map_err(|error| error.to_string());
    }
}
