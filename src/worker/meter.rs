//! What one file may take, and how much it took.

use std::time::Duration;

/// What a worker may take for one request; memory for its whole life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Processor time, where the machine tells it of another process.
    pub cpu: Duration,
    /// Time by the clock, after which the worker is killed.
    pub wall: Duration,
    /// Address space, in bytes.
    pub memory: u64,
}

impl Allowance {
    /// What the first attempt may take, which is not the last word: with the second one, alone, a file stays within ten
    /// seconds.
    #[must_use]
    pub fn first(self) -> Self {
        Self { cpu: self.cpu * 2 / 5, wall: self.wall * 2 / 5, memory: self.memory }
    }
}

impl Default for Allowance {
    fn default() -> Self {
        Self { cpu: Duration::from_secs(5), wall: Duration::from_secs(10), memory: 1 << 30 }
    }
}

/// Processor time that a process has taken so far; `None` where the machine does not say.
///
/// Source: proc_pid_stat(5), fields 14 and 15 (utime, stime), in clock ticks. The second field is a name in brackets that
/// may hold anything, so fields are counted from the last closing bracket.
#[cfg(target_os = "linux")]
#[expect(clippy::disallowed_methods, reason = "no file of anybody: the kernel's word on a process of ours")]
pub fn cpu_time(pid: u32) -> Option<Duration> {
    let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let ticks = ticks(&stat)?;
    let per_second = rustix::param::clock_ticks_per_second();
    let millis = ticks.checked_mul(1000)?.checked_div(per_second)?;
    Some(Duration::from_millis(millis))
}

#[cfg(not(target_os = "linux"))]
pub fn cpu_time(_: u32) -> Option<Duration> {
    None
}

#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "only Linux has /proc"))]
fn ticks(stat: &[u8]) -> Option<u64> {
    let behind = stat.iter().rposition(|b| *b == b')')?;
    let text = std::str::from_utf8(stat.get(behind + 1..)?).ok()?;
    let mut fields = text.split_ascii_whitespace().skip(11);
    let (user, system) = (fields.next()?.parse::<u64>().ok()?, fields.next()?.parse::<u64>().ok()?);
    user.checked_add(system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_counted_behind_whatever_the_name_holds() {
        let stat = b"12 (a) b) S 1 2 3 4 5 6 7 8 9 10 30 12 0 0 20 0 1 0";
        assert_eq!(ticks(stat), Some(42));
        assert_eq!(ticks(b"12 (a"), None);
        assert_eq!(ticks(b"12 (a) S 1"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_has_taken_some_time_and_no_process_none() {
        assert!(cpu_time(std::process::id()).is_some());
        assert!(cpu_time(u32::MAX).is_none());
    }
}
