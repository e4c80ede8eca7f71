//! A node of the workspace that fails is seen: the build says so, its old build stands, and `status` tells.

use sawmill::engine::Currency;
use sawmill::nodes::serde_json::{Map, Value};
use sawmill::nodes::{
    LinkTask, NodeError, Output, ParamError, Params, PartTask, Port, Selects, WholeTask, WorkspaceKind, federate,
    schemars,
};
use sawmill::ops::build::{BuildReport, BuildRequest, BuiltNode};
use sawmill::ops::status::{self, NodeStatus, StatusRequest};
use sawmill::ops::why::{self, WhyRequest};
use sawmill::table::{Batch, TableSchema};

use super::federation::{NAME, bench};
use crate::workbench::Workbench;

/// `federate`, with a bug in what it makes of all repositories together.
struct Stumbles;

static STUMBLES: Stumbles = Stumbles;

impl WorkspaceKind for Stumbles {
    fn name(&self) -> &'static str {
        federate::KIND.name()
    }

    fn summary(&self) -> &'static str {
        federate::KIND.summary()
    }

    fn format(&self) -> u32 {
        federate::KIND.format()
    }

    fn port(&self) -> &'static Port {
        federate::KIND.port()
    }

    fn param_schema(&self) -> schemars::Schema {
        federate::KIND.param_schema()
    }

    fn params(&self, given: &Map<String, Value>) -> Result<Params, Vec<ParamError>> {
        federate::KIND.params(given)
    }

    fn selects(&self, params: &Params) -> Selects {
        federate::KIND.selects(params)
    }

    fn part_tables(&self) -> [&'static TableSchema; 2] {
        federate::KIND.part_tables()
    }

    fn whole_table(&self) -> &'static TableSchema {
        federate::KIND.whole_table()
    }

    fn link_table(&self) -> &'static TableSchema {
        federate::KIND.link_table()
    }

    fn part(&self, task: &PartTask<'_>) -> Result<[Output; 2], NodeError> {
        federate::KIND.part(task)
    }

    fn whole(&self, _: &WholeTask<'_>) -> Result<Output, NodeError> {
        Err(NodeError::Input { what: "these parts do not hold together".to_owned() })
    }

    fn wanted(&self, parts: &[Batch]) -> Result<Vec<String>, NodeError> {
        federate::KIND.wanted(parts)
    }

    fn narrow(&self, wanted: &[String], found: &Batch) -> Result<Batch, NodeError> {
        federate::KIND.narrow(wanted, found)
    }

    fn link(&self, task: &LinkTask<'_>) -> Result<Output, NodeError> {
        federate::KIND.link(task)
    }
}

fn node(report: &BuildReport) -> &BuiltNode {
    let [node] = &report.workspace_nodes[..] else { panic!("{:?}", report.workspace_nodes) };
    assert_eq!((node.name.as_str(), node.repo.as_str()), ("everyone/everyone", NAME));
    node
}

fn seen(bench: &Workbench, no_scan: bool) -> NodeStatus {
    let report = status::run(&bench.context(), &StatusRequest { no_scan }).unwrap();
    let [node] = &report.workspace_nodes[..] else { panic!("{:?}", report.workspace_nodes) };
    node.clone()
}

/// A package comes: the whole has something to do.
fn declare(bench: &Workbench, name: &str) {
    bench.write("other", &format!("{name}/package.json"), format!("{{ \"name\": \"{name}\" }}\n"));
}

#[test]
fn what_a_node_of_the_workspace_did_is_in_the_report_and_in_status() {
    let bench = bench();
    let report = bench.build().report;
    let first = node(&report).clone();
    assert!(first.build.is_some() && !first.stale && !first.current && first.ran > 5, "{first:?}");
    let report = bench.build().report;
    assert!(report.nothing_to_do);
    assert_eq!(node(&report), &BuiltNode { current: true, ran: 0, reused: 0, ..first.clone() });
    let (standing, unseen) = (seen(&bench, false), seen(&bench, true));
    assert_eq!((standing.state, standing.build.clone()), (Currency::Current, first.build));
    assert_eq!((unseen.state, unseen.would_run, unseen.build), (Currency::Unknown, None, standing.build));
    declare(&bench, "fresh");
    let foreseen = bench.dry_run();
    let [due] = &foreseen.workspace_nodes[..] else { panic!("{foreseen:?}") };
    assert!(!due.current && due.will + due.may > 0, "{due:?}");
    assert_eq!(seen(&bench, false).state, Currency::Changed);
    let report = bench.build().report;
    let again = node(&report);
    assert!(again.ran > 0 && again.ran <= due.will + due.may && again.reused > 0, "{again:?} {due:?}");
}

#[test]
fn a_node_of_the_workspace_that_fails_keeps_its_build_and_is_told_of_until_it_is_made() {
    let mut bench = bench();
    let before = node(&bench.build().report).clone();
    declare(&bench, "fresh");
    bench.workspace_kinds = Some(vec![&STUMBLES]);
    let report = bench.try_build().unwrap().report;
    let [failed] = &report.failed[..] else { panic!("{:?}", report.failed) };
    assert!(!report.ok && failed.repo == NAME && failed.code == "sawmill::node::input", "{failed:?}");
    assert!(failed.message.contains("do not hold together") && failed.help.is_some(), "{failed:?}");
    let after = node(&report);
    assert!(after.stale && !after.current && after.build == before.build, "{after:?}");
    assert!(report.repos.iter().all(|repo| !repo.stale), "the repositories advance");
    for no_scan in [false, true] {
        let stale = seen(&bench, no_scan);
        assert!(stale.stale && stale.build == before.build, "{stale:?}");
        assert!(stale.failure.as_ref().is_some_and(|why| why.contains("do not hold together")), "{stale:?}");
    }
    assert_eq!(seen(&bench, false).state, Currency::Changed);
    assert!(bench.dry_run().will.iter().any(|action| action.repo == NAME), "it is due");
    let told = why::run(&bench.context(), &WhyRequest::default()).unwrap();
    assert!(told.failed.iter().any(|failed| failed.repo == NAME), "{:?}", told.failed);
    // Nothing changed, and still it is not done.
    assert!(!bench.try_build().unwrap().report.ok);
    bench.workspace_kinds = None;
    let report = bench.build().report;
    assert!(!node(&report).stale && node(&report).build != before.build);
    let standing = seen(&bench, false);
    assert_eq!((standing.stale, standing.failure, standing.state), (false, None, Currency::Current));
    let clean = bench.clean_copy();
    clean.build();
    assert_eq!(bench.manifests(), clean.manifests());
}

#[test]
fn a_node_of_the_workspace_that_never_came_through_is_not_built_and_says_why() {
    let mut bench = bench();
    bench.workspace_kinds = Some(vec![&STUMBLES]);
    let report = bench.try_build().unwrap().report;
    assert!(!report.ok && report.generation.is_some() && node(&report).build.is_none(), "{report:?}");
    for no_scan in [false, true] {
        let standing = seen(&bench, no_scan);
        assert_eq!((standing.state, standing.stale), (Currency::NeverBuilt, false));
        assert!(standing.failure.is_some());
    }
}

#[test]
fn with_fail_fast_a_failing_node_of_the_workspace_promotes_nothing() {
    let mut bench = bench();
    let before = bench.build().report.generation;
    declare(&bench, "fresh");
    bench.workspace_kinds = Some(vec![&STUMBLES]);
    let request = BuildRequest { jobs: Some(2), fail_fast: true, ..BuildRequest::default() };
    let report = bench.try_build_with(request).unwrap().report;
    assert!(!report.ok && report.generation == before, "{report:?}");
}
