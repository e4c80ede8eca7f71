//! From the process's arguments to its exit code.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, FromArgMatches};
use miette::Diagnostic;
use sawmill::base::Tier;
use sawmill::ops::{KINDS, worker};

use super::args::{Cli, Command, Global, Progress, When};
use super::commands;
use super::env::Env;
use super::output::{self, Output};
use super::panic;
use super::report::Failure;
use super::sanitize;
use super::shell::Shell;

/// What became of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Done,
    /// A well-formed question was answered with no.
    Negative,
    /// The answer itself says what is wrong, as that of `check` does.
    Wrong(Tier),
}

/// Everything that a command can end with instead.
#[derive(Debug)]
pub enum Stop {
    Failure(Box<Failure>),
    /// Standard output cannot be written.
    Output(io::Error),
}

pub type Answer = Result<Verdict, Stop>;

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(Box::new(failure))
    }
}

impl From<sawmill::ops::OpsError> for Stop {
    fn from(error: sawmill::ops::OpsError) -> Self {
        Failure::new(error.tier(), &error).into()
    }
}

impl From<sawmill::ops::init::InitError> for Stop {
    fn from(error: sawmill::ops::init::InitError) -> Self {
        Failure::new(error.tier(), &error).into()
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The arguments are not understood.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(
    code(sawmill::cli::usage),
    help("`sawmill --help` lists the commands, `sawmill COMMAND --help` shows examples")
)]
struct Usage {
    message: String,
}

/// Standard output cannot be written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("standard output cannot be written")]
#[diagnostic(code(sawmill::cli::output), help("is the disk full that it is redirected to?"))]
struct Unwritable(#[source] io::Error);

/// The binary.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == worker::ARGUMENT) {
        return worker::serve(arguments.get(2).and_then(|memory| memory.to_str()), KINDS);
    }
    panic::listen();
    let env = Env::read();
    match parse(&arguments) {
        Ok(cli) => {
            let (output, cwd) = (Output::new(&cli.global, &env), env.cwd.clone());
            let command = || Shell::open(&cli.global, env, output).and_then(|shell| dispatch(&shell, cli.command));
            let answer = panic::fenced(command).unwrap_or_else(|failure| Err(failure.into()));
            finish(answer, &output, &cwd)
        }
        // clap repeats what was typed. It is asked again with arguments that are safe to repeat.
        Err(error) => refuse(&parse(&cleaned(&arguments)).err().unwrap_or(error), &arguments, &env),
    }
}

/// The exit code of a tier stands in `base::tier`; this is the one place that uses it.
fn finish(answer: Answer, output: &Output, cwd: &Path) -> ExitCode {
    let stop = match answer {
        Ok(Verdict::Done) => return ExitCode::SUCCESS,
        Ok(Verdict::Negative) => return ExitCode::from(Tier::Negative.exit_code()),
        Ok(Verdict::Wrong(tier)) => return ExitCode::from(tier.exit_code()),
        // Whoever read our output has seen enough (`sawmill … | head`).
        Err(Stop::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Err(Stop::Output(error)) => Failure::new(Tier::Environment, &Unwritable(error)),
        Err(Stop::Failure(failure)) => failure.placed(output, cwd),
    };
    if output.json {
        // If this cannot be written either, the exit code still tells.
        let _ = output::object(&stop.report());
    } else {
        output::insist(&stop.render(output));
    }
    ExitCode::from(stop.tier.exit_code())
}

fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    // Help and usage errors are coloured by clap itself, before any argument of ours is known.
    let color = match value_of(arguments, "--color").as_deref() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    };
    let mut command = Cli::command().color(color);
    let cli = Cli::from_arg_matches(&command.try_get_matches_from_mut(arguments)?)?;
    match cli.conflict() {
        Some(conflict) => Err(conflict.format(&mut command)),
        None => Ok(cli),
    }
}

fn cleaned(arguments: &[OsString]) -> Vec<OsString> {
    arguments.iter().map(|argument| sanitize::name(&argument.to_string_lossy()).into_owned().into()).collect()
}

fn value_of(arguments: &[OsString], name: &str) -> Option<String> {
    let texts = || arguments.iter().map(|a| a.to_string_lossy());
    let glued = texts().find_map(|a| a.strip_prefix(name)?.strip_prefix('=').map(str::to_owned));
    glued.or_else(|| texts().skip_while(|a| a != name).nth(1).map(std::borrow::Cow::into_owned))
}

/// Help and the version are answers; everything else is the user's mistake.
fn refuse(error: &clap::Error, arguments: &[OsString], env: &Env) -> ExitCode {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let json = !asked
        && (arguments.iter().any(|argument| argument == "--json")
            || value_of(arguments, "--progress").as_deref() == Some("jsonl"));
    if json {
        let usage = Usage { message: essence(error) };
        let global = Global {
            directory: None,
            workspace: None,
            json,
            progress: Progress::Off,
            color: When::Never,
            in_process: false,
            no_pager: true,
            quiet: false,
            verbose: false,
        };
        return finish(Err(Failure::new(Tier::User, &usage).into()), &Output::new(&global, env), &env.cwd);
    }
    // A closed stream is all that can go wrong here, and nobody is left to be told.
    let _ = error.print();
    if asked { ExitCode::SUCCESS } else { ExitCode::from(Tier::User.exit_code()) }
}

/// What clap says, without the usage lines and in one line.
fn essence(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "a command is missing".to_owned();
    }
    let message = error.to_string();
    let said = message.lines().take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let words = said.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    words.strip_prefix("error: ").unwrap_or(&words).to_owned()
}

fn dispatch(shell: &Shell, command: Command) -> Answer {
    match command {
        Command::Init(args) => commands::init::run(shell, args),
        Command::Check(args) => commands::check::run(shell, args),
        Command::Schema(args) => commands::schema::run(shell, args),
        Command::Build(args) => commands::build::run(shell, args),
        Command::Status(args) => commands::status::run(shell, args),
        Command::Search(args) => commands::search::run(shell, args),
        Command::Show(args) => commands::show::run(shell, args),
        Command::Inspect(args) => commands::inspect::run(shell, args),
        Command::Stats(args) => commands::stats::run(shell, args),
        Command::Deps(args) => commands::deps::run(shell, args),
        Command::Graph(args) => commands::graph::run(shell, args),
        Command::Preview(args) => commands::preview::run(shell, args),
        Command::Retry(args) => commands::retry::run(shell, args),
        Command::Snapshot(args) => commands::snapshot::run(shell, args),
        Command::Tag(args) => commands::tag::run(shell, args),
        Command::Why(args) => commands::why::run(shell, args),
        Command::Failures(args) => commands::failures::run(shell, args),
        Command::History(args) => commands::history::run(shell, args),
        Command::Diff(args) => commands::diff::run(shell, args),
        Command::Export(args) => commands::export::run(shell, args),
        Command::Verify(args) => commands::verify::run(shell, args),
        Command::Clear(args) => commands::clear::run(shell, args),
        Command::Gc(args) => commands::gc::run(shell, args),
        Command::Doctor(args) => commands::doctor::run(shell, args),
        Command::Completions(args) => commands::completions::run(shell, args),
        Command::Man(args) => commands::man::run(shell, args),
    }
}
