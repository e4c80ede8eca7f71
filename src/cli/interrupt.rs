//! Ctrl-C in a command that writes: the first asks the work to stop cleanly, the second stops the process. Commands
//! that only read leave the signal its usual meaning.

use std::sync::atomic::{AtomicBool, Ordering};

use sawmill::base::{Cancel, Tier};

/// Sets `cancel` on the first interrupt or termination signal. Where no handler can be installed, the signal keeps
/// its usual meaning: the process ends, and the next run finds a whole store all the same.
pub fn listen(cancel: &Cancel) {
    let cancel = cancel.clone();
    let seen = AtomicBool::new(false);
    let installed = ctrlc::set_handler(move || {
        if seen.swap(true, Ordering::SeqCst) {
            #[expect(clippy::exit, reason = "the second Ctrl-C means at once; the store is whole at every moment")]
            std::process::exit(i32::from(Tier::Cancelled.exit_code()));
        }
        cancel.cancel();
    });
    drop(installed);
}

/// From now on Ctrl-C is for the program that was started in the foreground, such as a pager: it decides whether it
/// ends, and this process ends after it. Who listens already goes on.
pub fn leave_to_child() {
    drop(ctrlc::set_handler(|| {}));
}
