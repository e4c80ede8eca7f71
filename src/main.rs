//! The binary: arguments in, exit code out. Everything it can do is in the library's `ops`.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
