//! Keeps what is in the memory of this process out of files and out of debuggers.

/// From now on no crash leaves an image of the memory behind, in which codes and keys could
/// stand. The limit alone would not do: where the system pipes images to a program of its own,
/// it is not asked. On Linux the process is therefore marked as one that is not to be dumped,
/// which also keeps other processes of the same user from looking into it.
///
/// A system that refuses either is no reason to refuse the work.
pub fn no_core_dumps() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::Core,
        rustix::process::Rlimit {
            current: Some(0),
            maximum: Some(0),
        },
    );
}

/// From now on what this process holds in memory stays out of swap; says whether that is so. Where
/// the system sets any limit, nothing is locked: at the limit, a thread or a hash would find no memory.
#[cfg(target_os = "linux")]
pub fn lock_memory() -> bool {
    use rustix::mm::{MlockAllFlags, mlockall};
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let unlimited = Rlimit {
        current: None,
        maximum: None,
    };
    let _ = setrlimit(Resource::Memlock, unlimited);
    // What is never touched takes no memory: threads reserve more stack than they use.
    let all = MlockAllFlags::CURRENT | MlockAllFlags::FUTURE | MlockAllFlags::ONFAULT;
    getrlimit(Resource::Memlock).current.is_none() && mlockall(all).is_ok()
}

/// Elsewhere nothing is locked.
#[cfg(not(target_os = "linux"))]
pub fn lock_memory() -> bool {
    false
}
