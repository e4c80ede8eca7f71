//! What people see.

use miette::{GraphicalReportHandler, GraphicalTheme};

use super::machine::{loaded, machine};

fn seen(files: &[(&str, &str)]) -> String {
    let errors = loaded(&machine(files), &[]).unwrap_err();
    let mut out = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(100);
    handler.render_report(&mut out, &errors).unwrap();
    out.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
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
    insta::assert_snapshot!(seen(&[("workspace.yaml", workspace), ("pipelines/code.yaml", code)]), @r#"
    sawmill::config::invalid

      × 4 mistakes in 2 files
      help: nothing was run; `sawmill check` shows what is left after a correction

    Error: sawmill::config::unknown_key

      × unknown key `wiht` in a node
       ╭─[pipelines/code.yaml:4:29]
     3 │ nodes:
     4 │   extract: { kind: extract, wiht: {} }
       ·                             ──┬─
       ·                               ╰── not known here
       ╰────
      help: did you mean `with`?

    Error: sawmill::config::unknown_key

      × unknown key `pipelin` in the workspace
       ╭─[workspace.yaml:4:1]
     3 │ name: platform
     4 │ pipelin: code
       · ───┬───
       ·    ╰── not known here
     5 │ pipeline: code
       ╰────
      help: did you mean `pipeline`?

    Error: sawmill::config::duplicate_name

      × two repositories are called `own`
       ╭─[workspace.yaml:8:13]
     6 │ repos:
     7 │   - { name: own, root: own }
       ·             ─┬─
       ·              ╰── first here
     8 │   - { name: own, root: ../api, tags: backend }
       ·             ─┬─
       ·              ╰── again here
       ╰────
      help: a name is a repository's identity; rename one of them

    Error: sawmill::config::bad_type

      × a list is expected here
       ╭─[workspace.yaml:8:38]
     7 │   - { name: own, root: own }
     8 │   - { name: own, root: ../api, tags: backend }
       ·                                      ───┬───
       ·                                         ╰── this is text
       ╰────
      help: write a list: [backend]
    "#);
}

#[test]
fn a_syntax_error() {
    let workspace = "version: 1\nname: w\nrepos:\n  - name: api\n   root: ../api\n";
    insta::assert_snapshot!(seen(&[("workspace.yaml", workspace)]), @r#"
    sawmill::config::invalid

      × 1 mistake in `workspace.yaml`
      help: nothing was run; `sawmill check` shows what is left after a correction

    Error: sawmill::config::syntax

      × this is no YAML
       ╭─[workspace.yaml:5:4]
     4 │   - name: api
     5 │    root: ../api
       ·    ┬
       ·    ╰── did not find expected '-' indicator
       ╰────
      help: check the indentation and quotes just before this place
    "#);
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
    insta::assert_snapshot!(seen(&[("workspace.yaml", workspace), ("pipelines/code.yaml", CODE)]), @r#"
    sawmill::config::invalid

      × 1 mistake in `workspace.yaml`
      help: nothing was run; `sawmill check` shows what is left after a correction

    Error: sawmill::config::same_root

      × `own` and `mine` are one directory
       ╭─[workspace.yaml:9:11]
     5 │   - name: own
     6 │     root: own
       ·           ─┬─
       ·            ╰── first here
     7 │
     8 │   - name: mine
     9 │     root: ./own/
       ·           ───┬──
       ·              ╰── the same directory
       ╰────
      help: remove one of them; for another pipeline over the same tree use a second workspace
    "#);
}

#[test]
fn no_workspace_at_all() {
    insta::assert_snapshot!(seen(&[]), @r#"
    sawmill::config::invalid

      × 1 mistake in the configuration
      help: nothing was run; `sawmill check` shows what is left after a correction

    Error: sawmill::config::not_a_workspace

      × there is no `workspace.yaml`
      help: run `sawmill init` in the directory of your code
    "#);
}
