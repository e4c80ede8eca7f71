//! What people see.

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::{loaded, machine};

fn seen(files: &[(&str, &str)]) -> String {
    let errors = loaded(&machine(files), &[]).unwrap_err();
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut out, &errors).unwrap();
    out.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

const CODE: &str = "version: 1\nname: code\nnodes: { extract: { kind: extract } }\n";

#[test]
fn several_mistakes_in_two_files() {
    let workspace = "\
# What we index.
version: 1
name: platform
pipelin: code
pipeline: code
repos:
  - { name: own, root: own }
  - { name: own, root: ../api, tags: backend }
";
    let code = "version: 1\nname: code\nnodes:\n  extract: { kind: extract, wiht: {} }\n";
    insta::assert_snapshot!(seen(&[("workspace.yaml", workspace), ("pipelines/code.yaml", code)]), @"");
}

#[test]
fn a_syntax_error() {
    let workspace = "version: 1\nname: w\nrepos:\n  - name: api\n   root: ../api\n";
    insta::assert_snapshot!(seen(&[("workspace.yaml", workspace)]), @"");
}

#[test]
fn one_directory_under_two_names() {
    let workspace = "\
version: 1
name: w
pipeline: code
repos:
  - name: own
    root: own

  - name: mine
    root: ./own/
";
    insta::assert_snapshot!(seen(&[("workspace.yaml", workspace), ("pipelines/code.yaml", CODE)]), @"");
}

#[test]
fn no_workspace_at_all() {
    insta::assert_snapshot!(seen(&[]), @"");
}
