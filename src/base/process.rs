//! Other processes of this machine: only whether they are there.

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

/// Is there a process with this number? One of another user counts; nothing is sent to it.
pub fn is_alive(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    pid.is_some_and(|pid| !matches!(test_kill_process(pid), Err(Errno::SRCH)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_alive_and_no_process_has_the_highest_number() {
        assert!(is_alive(std::process::id()));
        assert!(!is_alive(i32::MAX as u32));
        assert!(!is_alive(0));
    }
}
