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
    clap_complete::generate(args.shell, &mut Cli::command(), "sawmill", &mut script);
    if shell.output.json {
        let script = String::from_utf8_lossy(&script).into_owned();
        output::object(&CompletionsReport { ok: true, shell: args.shell.to_string(), script })?;
    } else {
        output::data(&script)?;
    }
    Ok(Verdict::Done)
}
