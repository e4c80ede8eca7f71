//! What a worker gives up before it reads a byte of a file.
//!
//! | guard | what it takes away | where |
//! |---|---|---|
//! | limits | address space beyond the allowance, core dumps, files of any size, other open files, processes | Unix |
//! | landlock | every file, directory and socket, signals to others | Linux 5.13 and later, as far as the kernel goes |
//! | seccomp | every system call but those below | Linux on x86-64, ARM64 and RISC-V |
//!
//! A worker dies with its parent. A guard that the machine does not have is told, and the others stand: the parent meters
//! each file and kills in any case.

/// How far a guard stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    Whole,
    /// The kernel knows some of it.
    Partial,
    Absent,
}

/// How a worker is confined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Confinement {
    pub limits: Guard,
    pub landlock: Guard,
    pub seccomp: Guard,
}

impl Confinement {
    /// Before a worker has said.
    pub(super) const NONE: Self = Self { limits: Guard::Absent, landlock: Guard::Absent, seccomp: Guard::Absent };

    /// The guards that do not stand, or not whole.
    pub fn lacks(self) -> Vec<&'static str> {
        let guards = [("limits", self.limits), ("landlock", self.landlock), ("seccomp", self.seccomp)];
        guards.into_iter().filter(|(_, guard)| *guard == Guard::Absent).map(|(name, _)| name).collect()
    }

    /// The guards without which a worker could do harm. The filter of system calls alone takes away files, sockets and
    /// processes; what Landlock takes away matters where there is no filter.
    pub fn needs(self) -> Vec<&'static str> {
        let spare = |name: &&'static str| *name != "landlock" || self.seccomp == Guard::Absent;
        self.lacks().into_iter().filter(spare).collect()
    }

    pub(super) fn encode(self) -> [u8; 3] {
        [self.limits, self.landlock, self.seccomp].map(|guard| match guard {
            Guard::Absent => 0,
            Guard::Partial => 1,
            Guard::Whole => 2,
        })
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let guard = |byte: &u8| [Guard::Absent, Guard::Partial, Guard::Whole].get(usize::from(*byte)).copied();
        match bytes {
            [limits, landlock, seccomp] => {
                Some(Self { limits: guard(limits)?, landlock: guard(landlock)?, seccomp: guard(seccomp)? })
            }
            _ => None,
        }
    }
}

/// Gives up everything. There is no way back. `memory`: address space in bytes.
pub fn confine(memory: u64) -> Confinement {
    let limits = limits(memory);
    // The filter comes last: it takes away the calls that the others are made of.
    let landlock = landlock();
    Confinement { limits, landlock, seccomp: seccomp() }
}

fn limits(memory: u64) -> Guard {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let both = |limit: u64| Rlimit { current: Some(limit), maximum: Some(limit) };
    let all = [
        (Resource::As, memory),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nofile, 3),
        (Resource::Nproc, 0),
    ];
    let set = all.into_iter().filter(|(resource, limit)| setrlimit(*resource, both(*limit)).is_ok()).count();
    let guard = match set {
        0 => Guard::Absent,
        set if set == all.len() => Guard::Whole,
        _ => Guard::Partial,
    };
    if is_bound_to_parent() { guard } else { guard.min_partial() }
}

impl Guard {
    fn min_partial(self) -> Self {
        if self == Self::Whole { Self::Partial } else { self }
    }
}

/// Does this process die with its parent?
#[cfg(target_os = "linux")]
fn is_bound_to_parent() -> bool {
    use rustix::process::{DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal};
    // Nobody may look into it either.
    set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
        && set_parent_process_death_signal(Some(Signal::KILL)).is_ok()
}

/// Elsewhere a worker ends when its input does.
#[cfg(not(target_os = "linux"))]
fn is_bound_to_parent() -> bool {
    true
}

#[cfg(target_os = "linux")]
fn landlock() -> Guard {
    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
    const NEWEST: ABI = ABI::V6;
    let restricted = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(NEWEST)))
        .and_then(|rules| rules.scope(Scope::from_all(NEWEST)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self);
    match restricted.map(|status| status.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => Guard::Whole,
        Ok(RulesetStatus::PartiallyEnforced) => Guard::Partial,
        Ok(RulesetStatus::NotEnforced) | Err(_) => Guard::Absent,
    }
}

#[cfg(not(target_os = "linux"))]
fn landlock() -> Guard {
    Guard::Absent
}

#[cfg(target_os = "linux")]
fn seccomp() -> Guard {
    match filter().and_then(|filter| seccompiler::apply_filter(&filter).ok()) {
        Some(()) => Guard::Whole,
        None => Guard::Absent,
    }
}

#[cfg(not(target_os = "linux"))]
fn seccomp() -> Guard {
    Guard::Absent
}

/// The calls that a parser's process needs: memory, its pipes, its own end, and nothing of anybody else's.
#[cfg(target_os = "linux")]
fn filter() -> Option<seccompiler::BpfProgram> {
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    };
    let only = |argument: u8, value: u64| {
        let condition = SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value).ok()?;
        SeccompRule::new(vec![condition]).ok()
    };
    let free = [
        libc::SYS_brk,
        libc::SYS_clock_gettime,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_futex,
        libc::SYS_getpid,
        libc::SYS_getrandom,
        libc::SYS_gettid,
        libc::SYS_madvise,
        libc::SYS_mmap,
        libc::SYS_mprotect,
        libc::SYS_mremap,
        libc::SYS_munmap,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
    ];
    let mut rules: std::collections::BTreeMap<i64, Vec<SeccompRule>> =
        free.into_iter().map(|call| (call, Vec::new())).collect();
    rules.insert(libc::SYS_read, vec![only(0, 0)?]);
    rules.insert(libc::SYS_write, vec![only(0, 1)?, only(0, 2)?]);
    // How a process aborts: a signal to itself.
    rules.insert(libc::SYS_tgkill, vec![only(0, u64::from(std::process::id()))?]);
    let architecture = std::env::consts::ARCH.try_into().ok()?;
    let filter = SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, architecture).ok()?;
    BpfProgram::try_from(filter).ok()
}
