//! `retry`: files that workers failed on, once more.

use std::time::Duration;

use sawmill::base::clock::Stopwatch;
use sawmill::ops::build::BuildRequest;
use sawmill::ops::retry::{self, RetryReport, RetryRequest};

use super::super::interrupt;
use super::super::output;
use super::super::page::Page;
use super::super::panic;
use super::super::progress;
use super::super::report::Failure;
use super::super::run::{Answer, Verdict};
use super::super::sanitize;
use super::super::shell::Shell;
use super::build;

/// Read the files once more that workers failed on, and build.
///
/// A file whose reading took too long, too much memory or ended its worker is not read again by later builds: its text
/// is searched, and it has no symbols. This revokes that decision. Repositories whose last build failed are built, too.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill retry                    every file that is not read
  sawmill retry src/parser.c       this one
  sawmill retry api:src/parser.c   the same from anywhere
  sawmill failures                 what fails, and why")]
pub struct Args {
    /// Files; without any, all that are not read.
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    /// Threads; the machine's where not given.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: Option<u16>,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let context = shell.context()?;
    let build = BuildRequest { jobs: args.jobs.map(usize::from), ..BuildRequest::default() };
    let request = RetryRequest { paths: args.paths, from: shell.directory.clone(), build };
    interrupt::listen(&shell.cancel);
    let watch = Stopwatch::start();
    let (listener, screen) = progress::listener(shell);
    let report = panic::fenced(|| retry::run(&context, &request, listener))
        .and_then(|done| done.map_err(|error| Failure::new(error.tier(), &error)))
        .map_err(|failure| failure.placed(&shell.output, &shell.env.cwd));
    screen.close(report.as_ref().map(|report| &report.build));
    let report = report?;
    if shell.output.json {
        output::object(&report)?;
    } else {
        output::data(words(shell, &report, watch.elapsed()))?;
    }
    let failed = !report.build.ok;
    Ok(if failed || report.retried.iter().any(|file| file.again.is_some()) { Verdict::Negative } else { Verdict::Done })
}

fn words(shell: &Shell, report: &RetryReport, took: Duration) -> String {
    let paint = shell.output.paint;
    let mut page = Page::default();
    if report.retried.is_empty() {
        page.line("workers have failed on no file: there is nothing to read again");
    }
    for file in &report.retried {
        let place = format!("{}:{}", sanitize::name(&file.repo), sanitize::name(&file.path));
        page.line(match &file.again {
            Some(message) => format!("{} {place}: {}", paint.bad("fails"), sanitize::name(message)),
            None => format!("{} {place}: it is read again", paint.good("mended")),
        });
    }
    page.add(build::words(shell, &report.build, took));
    page.text()
}
