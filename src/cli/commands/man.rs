//! `man`: the manual pages.

use clap::CommandFactory;
use sawmill::ops::shapes::{ManReport, SHAPES};

use super::super::args::Cli;
use super::super::output;
use super::super::run::{Answer, Verdict};
use super::super::shell::Shell;

/// Print the manual page of sawmill or of one of its commands.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill man | man -l -
  sawmill man search > ~/.local/share/man/man1/sawmill-search.1")]
pub struct Args {
    /// The command; without it the page of sawmill itself.
    #[arg(value_name = "COMMAND", value_parser = commands())]
    command: Option<String>,
}

/// The names of all commands. They are read from the list of shapes, not from `Cli`, which holds this very argument.
fn commands() -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(SHAPES.iter().map(|shape| shape.command).collect::<Vec<_>>())
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let mut cli = Cli::command();
    cli.build();
    let page = match args.command.as_deref().and_then(|name| cli.find_subcommand(name)) {
        Some(command) => clap_mangen::Man::new(command.clone()),
        None => clap_mangen::Man::new(cli),
    };
    let mut text = Vec::new();
    page.render(&mut text)?;
    if shell.output.json {
        output::object(&ManReport { ok: true, page: String::from_utf8_lossy(&text).into_owned() })?;
    } else {
        output::data(&text)?;
    }
    Ok(Verdict::Done)
}
