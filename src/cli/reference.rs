//! `docs/cli.md`, generated from the declarations of the arguments and compared by a test.

use clap::{Arg, Command, CommandFactory};

use super::args::Cli;
use super::page::Page;

fn document() -> String {
    let mut cli = Cli::command().term_width(100);
    cli.build();
    let mut text = Page::default();
    text.add(
        "# Commands\n\nGenerated from the declarations in `src/cli/`; `sawmill COMMAND --help` shows the same.\n\n\
         Exit codes: 0 done · 1 a negative answer (a repository failed, `--min-health` not reached, no hit under\n\
         `--exit-code`) · 2 the arguments, the configuration or the query are wrong · 3 the environment (disk, permission,\n\
         another build runs) · 4 a bug or a lost object · 130 stopped by Ctrl-C.\n\n## sawmill\n\n",
    );
    about(&cli, &mut text);
    text.add("\n### Options of every command\n\n");
    arguments(&cli, |arg| arg.is_global_set() || !arg.is_positional(), &mut text);
    after(&cli, &mut text);
    for command in cli.get_subcommands().filter(|c| c.get_name() != "help") {
        text.add(format!("\n## sawmill {}\n\n", command.get_name()));
        described(command, &mut text);
        for part in command.get_subcommands().filter(|c| c.get_name() != "help") {
            text.add(format!("\n### sawmill {} {}\n\n", command.get_name(), part.get_name()));
            described(part, &mut text);
        }
    }
    text.text()
}

fn described(command: &Command, text: &mut Page) {
    about(command, text);
    let usage = command.clone().render_usage().to_string();
    text.add(format!("\n```text\n{}\n```\n\n", usage.trim_start_matches("Usage: ")));
    arguments(command, |arg| !arg.is_global_set() && arg.get_id() != "help" && arg.get_id() != "version", text);
    after(command, text);
}

fn about(command: &Command, text: &mut Page) {
    let words = command.get_long_about().or_else(|| command.get_about()).map(ToString::to_string);
    text.add(format!("{}\n", words.unwrap_or_default()));
}

fn arguments(command: &Command, which: impl Fn(&Arg) -> bool, text: &mut Page) {
    let shown: Vec<&Arg> = command.get_arguments().filter(|arg| !arg.is_hide_set() && which(arg)).collect();
    if shown.is_empty() {
        return;
    }
    text.add("| argument | what it does |\n|---|---|\n");
    for arg in shown {
        let help = arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string).unwrap_or_default();
        let mut help = help.replace('\n', " ").replace('|', "\\|");
        let values: Vec<String> =
            arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
        if arg.get_action().takes_values() && !values.is_empty() {
            help = format!("{help}. One of {}.", values.join(", "));
        }
        if let ([default], true) = (arg.get_default_values(), arg.get_action().takes_values()) {
            let dot = if help.ends_with('.') { "" } else { "." };
            help = format!("{help}{dot} Default: `{}`.", default.to_string_lossy());
        }
        text.add(format!("| `{}` | {help} |\n", arg.to_string().replace('|', "\\|")));
    }
}

fn after(command: &Command, text: &mut Page) {
    if let Some(words) = command.get_after_help() {
        text.add(format!("\n```text\n{}\n```\n", words.to_string().trim_end()));
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the test compares a document of the repository")]
fn the_reference_of_commands_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cli.md");
    let expected = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &expected).unwrap();
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == expected, "docs/cli.md is not what the arguments say; run UPDATE_DOCS=1 cargo test");
}

#[test]
fn every_command_shows_examples() {
    let cli = Cli::command();
    for command in cli.get_subcommands() {
        let words = command.get_after_help().map(ToString::to_string).unwrap_or_default();
        let name = command.get_name();
        assert!(words.contains(&format!("sawmill {name}")), "`sawmill {name} --help` has no example");
        for part in command.get_subcommands().filter(|part| part.get_name() != "help") {
            let words = part.get_after_help().map(ToString::to_string).unwrap_or_default();
            let part = part.get_name();
            assert!(words.contains(&format!("sawmill {name} {part}")), "`sawmill {name} {part} --help` has no example");
        }
    }
}

#[test]
fn the_declarations_hold_together() {
    Cli::command().debug_assert();
}
