//! `schema`: JSON Schemas of the configuration files and of what commands print.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use sawmill::ops;
use sawmill::ops::schema::{self, Which};
use sawmill::ops::shapes::{SHAPES, Shape};

use super::super::output;
use super::super::run::{Answer, Verdict};
use super::super::shell::Shell;

/// Print the JSON Schema of a configuration file, or of what a command prints under --json.
///
/// `sawmill init` and `sawmill build` keep those of workspace.yaml and of pipelines under `.sawmill/schema/`, where the
/// first line of the sample files points editors to.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill schema workspace
  sawmill schema pipeline > pipeline.json
  sawmill schema search > search-output.json      what `sawmill search --json` prints")]
pub struct Args {
    /// `workspace` (workspace.yaml), `pipeline` (pipelines/*.yaml), or a command.
    #[arg(value_name = "OF", value_parser = parser(), hide_possible_values = true)]
    of: Of,
}

/// What a schema is wanted of.
#[derive(Clone, Copy, Debug)]
enum Of {
    File(Which),
    Output(&'static Shape),
}

const FILES: [(&str, Which); 2] = [("workspace", Which::Workspace), ("pipeline", Which::Pipeline)];

fn all() -> impl Iterator<Item = (&'static str, Of)> {
    let files = FILES.into_iter().map(|(name, which)| (name, Of::File(which)));
    files.chain(SHAPES.iter().map(|shape| (shape.command, Of::Output(shape))))
}

fn parser() -> impl TypedValueParser<Value = Of> {
    let names = PossibleValuesParser::new(all().map(|(name, _)| name).collect::<Vec<_>>());
    names.try_map(|given| all().find(|(name, _)| *name == given).map(|(_, of)| of).ok_or("no schema has this name"))
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let (value, text) = match args.of {
        Of::File(which) => (schema::schema(which, ops::KINDS), schema::text(which, ops::KINDS)),
        Of::Output(shape) => (shape.schema(), shape.text()),
    };
    if shell.output.json {
        output::object(&value)?;
    } else {
        output::data(text)?;
    }
    Ok(Verdict::Done)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Cli;

    #[test]
    fn every_command_says_the_shape_of_what_it_prints() {
        let cli = Cli::command();
        let commands: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
        let shapes: Vec<&str> = SHAPES.iter().map(|shape| shape.command).collect();
        assert_eq!(shapes, commands, "src/ops/shapes.rs has one line a command, in the order of `sawmill --help`");
    }

    #[test]
    fn no_command_is_called_like_a_file() {
        assert!(SHAPES.iter().all(|shape| FILES.iter().all(|(file, _)| shape.command != *file)));
    }
}
