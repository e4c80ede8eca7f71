//! What is generated for shells and for `man`: it is right by their own rules, and no command is missing.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use sawmill::ops::shapes::SHAPES;

use super::world::World;

/// Runs `program` with `input`; `None` where the machine does not have it.
#[expect(clippy::print_stdout, reason = "a check that is left out is told to whoever reads the tests")]
fn checked(program: &str, arguments: &[&str], input: &str) -> Option<Output> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        println!("{program} is not installed here, so its check was left out");
        return None;
    };
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_owned());
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    Some(output)
}

#[test]
fn completions_are_right_by_the_rules_of_their_shell_and_know_every_command() {
    let world = World::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = world.ok(&["completions", shell]).out;
        for shape in SHAPES {
            assert!(script.contains(shape.command), "{shell} does not know `{}`", shape.command);
        }
        for option in ["workspace", "json", "progress", "color", "include-disabled", "min-health", "failures"] {
            assert!(script.contains(option), "{shell} does not know `--{option}`");
        }
        assert!(!script.contains("no-reuse"), "{shell} shows a hidden option");
        if !matches!(shell, "bash" | "zsh" | "fish") {
            continue;
        }
        let path = world.path(shell);
        std::fs::write(&path, &script).unwrap();
        if let Some(output) = checked(shell, &["-n", &path.to_string_lossy()], "") {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success() && said.is_empty(), "{shell} -n: {said}");
        }
    }
}

#[test]
fn bash_completes_commands_options_and_values() {
    let world = World::empty();
    let script = world.ok(&["completions", "bash"]).out;
    for (typed, wanted) in [
        (&["sea"][..], "search"),
        (&["search", "--incl"], "--include-disabled"),
        (&["show", "x", "--format", "a"], "arrow"),
        (&["man", "sta"], "stats"),
    ] {
        let words: Vec<String> = ["sawmill"].iter().chain(typed).map(|word| format!("'{word}'")).collect();
        let last = typed.last().unwrap();
        let before = if typed.len() > 1 { typed[typed.len() - 2] } else { "sawmill" };
        let ask = format!(
            "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_sawmill sawmill '{last}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            words.join(" "),
            typed.len(),
        );
        let Some(output) = checked("bash", &["--norc", "--noprofile"], &ask) else { return };
        let offered = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(offered.lines().any(|line| line == wanted), "{typed:?} offers: {offered}");
    }
}

#[test]
fn every_command_has_a_manual_page_that_formats() {
    let world = World::empty();
    let pages = SHAPES.iter().map(|shape| vec!["man", shape.command]).chain([vec!["man"]]);
    for arguments in pages {
        let page = world.ok(&arguments).out;
        assert!(page.contains("\n.TH "), "{arguments:?}: {page}");
        let name = arguments.get(1).map_or("sawmill".to_owned(), |command| format!("sawmill\\-{command}"));
        assert!(page.contains(&name), "{arguments:?} is not about `{name}`");
        for section in [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS", "Examples:"] {
            assert!(page.contains(section), "{arguments:?} lacks {section}");
        }
        if let Some(output) = checked("mandoc", &["-T", "lint", "-W", "error"], &page) {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{arguments:?}: {said}");
        }
    }
    let whole = world.ok(&["man"]).out;
    for shape in SHAPES {
        assert!(whole.contains(&format!("sawmill\\-{}", shape.command)), "the page of sawmill does not list it");
    }
}
