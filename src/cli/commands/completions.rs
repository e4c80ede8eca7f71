//! `completions`: the shell's own help.

use clap::CommandFactory;
use clap_complete::Shell as Kind;
use sawmill::ops::shapes::CompletionsReport;

use super::super::args::Cli;
use super::super::output;
use super::super::run::{Answer, Verdict};
use super::super::shell::Shell;

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill completions bash > ~/.local/share/bash-completion/completions/sawmill
  sawmill completions zsh > ~/.zfunc/_sawmill
  sawmill completions fish > ~/.config/fish/completions/sawmill.fish")]
pub struct Args {
    #[arg(value_enum, value_name = "SHELL")]
    shell: Kind,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let mut script = Vec::new();
    let mut cli = Cli::command();
    clap_complete::generate(args.shell, &mut cli, "sawmill", &mut script);
    let script = without_hidden(&String::from_utf8_lossy(&script), &cli);
    if shell.output.json {
        output::object(&CompletionsReport { ok: true, shell: args.shell.to_string(), script })?;
    } else {
        output::data(&script)?;
    }
    Ok(Verdict::Done)
}

/// The script without the options that no help shows: the generators list them like the others.
fn without_hidden(script: &str, cli: &clap::Command) -> String {
    let arguments = cli.get_subcommands().chain([cli]).flat_map(clap::Command::get_arguments);
    let hidden: Vec<&str> =
        arguments.filter(|argument| argument.is_hide_set()).filter_map(clap::Arg::get_long).collect();
    let mut out = String::with_capacity(script.len());
    for line in script.lines().filter(|line| !hidden.iter().any(|long| is_of(line, long))) {
        // bash has all options of a command in one line, each between two spaces.
        let line = hidden.iter().fold(line.to_owned(), |line, long| line.replace(&format!(" --{long} "), " "));
        out.push_str(&line);
        out.push('\n');
    }
    out
}

/// Is `line` about the option `--long` alone? In zsh, fish, Elvish and PowerShell an option has a line of its own.
fn is_of(line: &str, long: &str) -> bool {
    let starts = [format!("'--{long}["), format!("cand --{long} "), format!("[CompletionResult]::new('--{long}',")];
    starts.iter().any(|start| line.trim_start().starts_with(start))
        || format!("{line} ").contains(&format!(" -l {long} "))
}
