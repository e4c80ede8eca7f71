//! `init`: a first workspace for given trees.

use std::path::PathBuf;

use sawmill::ops;
use sawmill::ops::init::{self, InitRepo, InitReport, InitRequest};

use super::super::output;
use super::super::page::Page;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;

/// Write a workspace.yaml and a pipeline for the given trees.
///
/// The files go into the current directory, with comments that say what else can be set. Nothing that is there is
/// overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill init                     for the tree here
  sawmill init ../api ../web       one repository for each directory
  sawmill -C ~/index init ~/src/*  the workspace somewhere else than the trees")]
pub struct Args {
    /// The source trees; without any, the current directory.
    #[arg(value_name = "DIR")]
    dirs: Vec<PathBuf>,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let (dir, roots) = (shell.directory.clone(), args.dirs);
    let request = InitRequest { vfs: &*shell.vfs, dir, roots, kinds: ops::KINDS };
    let report = init::run(&request)?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words(shell, &report))?;
        shell.output.say("next: sawmill build");
    }
    Ok(Verdict::Done)
}

fn words(shell: &Shell, report: &InitReport) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    for path in &report.written {
        page.line(format!("{} {}", paint.good("wrote"), sanitize::name(path)));
    }
    for path in &report.kept {
        page.line(format!("kept  {} (it was there)", sanitize::name(path)));
    }
    for InitRepo { name, root } in &report.repos {
        page.line(paint.dim(&format!("      repository {} at {}", sanitize::name(name), sanitize::name(root))));
    }
    page.text()
}
