//! Panics: bugs of ours, in words that keep to the contract of output. One line on standard error in place of the
//! usual message, which would be raw text; an exit code and an error object like those of any other failure.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

use miette::Diagnostic;
use sawmill::base::Tier;

use super::output;
use super::report::Failure;
use super::sanitize;

/// A bug of ours ended the command.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("Sawmill has a bug: {said}")]
#[diagnostic(
    code(sawmill::cli::panic),
    help("please report it with the command that you ran; what stood before this run stands still")
)]
struct Panicked {
    said: String,
}

/// From now on a panic says one clean line on standard error, and its stack where `RUST_BACKTRACE` asks for it.
pub fn listen() {
    tell(|said| {
        output::insist(&format!("bug: {said}"));
        let stack = Backtrace::capture();
        if stack.status() == BacktraceStatus::Captured {
            output::insist(&sanitize::lines(&stack.to_string()));
        }
    });
}

/// From now on a panic goes to `teller` alone, as one clean line that says what and where.
pub fn tell(teller: impl Fn(&str) + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        let place = info.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
        teller(&sanitize::name(&format!("{}{place}", said(info.payload()))));
    }));
}

/// Runs `work`; a panic in it is the failure that it is.
pub fn fenced<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    // What the panic left half-done is dropped: the command ends here.
    panic::catch_unwind(AssertUnwindSafe(work))
        .map_err(|payload| Failure::new(Tier::Bug, &Panicked { said: said(&*payload) }))
}

fn said(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("a panic without words").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_failure_with_its_words_cleaned() {
        let failure = fenced(|| panic!("no \u{1b}[2Jway")).unwrap_err();
        assert_eq!(failure.tier, Tier::Bug);
        let error = failure.report().error;
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("sawmill::cli::panic", "Sawmill has a bug: no ␛[2Jway")
        );
        assert_eq!(fenced(|| 1).ok(), Some(1));
    }
}
