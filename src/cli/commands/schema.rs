//! `schema`: JSON Schemas of the configuration files.

use clap::ValueEnum;
use sawmill::ops;
use sawmill::ops::schema::{self, Which};

use super::super::output;
use super::super::run::{Answer, Verdict};
use super::super::shell::Shell;

/// Print the JSON Schema of workspace.yaml or of a pipeline, for editors and checkers.
///
/// `sawmill init` and `sawmill build` keep both under `.sawmill/schema/`, where the first line of the sample files
/// points editors to.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sawmill schema workspace
  sawmill schema pipeline > pipeline.json")]
pub struct Args {
    #[arg(value_enum, value_name = "FILE")]
    file: File,
}

/// Which file.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum File {
    /// workspace.yaml
    Workspace,
    /// pipelines/*.yaml
    Pipeline,
}

pub fn run(shell: &Shell, args: Args) -> Answer {
    let which = match args.file {
        File::Workspace => Which::Workspace,
        File::Pipeline => Which::Pipeline,
    };
    if shell.output.json {
        output::object(&schema::schema(which, ops::KINDS))?;
    } else {
        output::data(schema::text(which, ops::KINDS))?;
    }
    Ok(Verdict::Done)
}
