//! Starts the program, apart from everything that the calling process is, and waits for its end.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

use libc::{c_int, pid_t};

use crate::host::Ended;

/// Where the program may lie; the first that is there is started.
pub const PATHS: [&CStr; 2] = [c"/usr/local/bin/recovery-codes", c"/usr/bin/recovery-codes"];

/// All that the program finds in its environment.
const PATH: &CStr = c"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// More than any answer has.
const LONGEST_ANSWER: usize = 1 << 20;

/// What the program writes is for its owner alone.
const UMASK: libc::mode_t = 0o077;

/// As whom the program runs, with no further groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    pub user: libc::uid_t,
    pub group: libc::gid_t,
}

/// What is started, with everything that it is given.
#[derive(Debug)]
pub struct Start<'a> {
    pub path: &'a CStr,
    pub arguments: &'a [String],
    pub input: &'a [u8],
    /// The account it becomes; without one it stays what the calling process is.
    pub account: Option<Account>,
    pub timeout: Duration,
}

/// Whether the calling process may become any account.
pub fn may_become_anybody() -> bool {
    // SAFETY: it takes nothing and cannot fail.
    unsafe { libc::geteuid() == 0 }
}

/// The program, where there is one.
pub fn find() -> Option<&'static CStr> {
    // SAFETY: the path ends with NUL.
    let is_there = |path: &&CStr| unsafe { libc::access(path.as_ptr(), libc::F_OK) == 0 };
    PATHS.into_iter().find(is_there)
}

/// Runs a program to its end.
///
/// # Errors
/// Why it could not be started, that it took too long and was killed, or which signal ended it.
pub fn run(start: &Start<'_>) -> Result<Ended, String> {
    let failed = |error: io::Error| format!("recovery-codes could not be started: {error}");
    let texts = [c"recovery-codes".to_owned()].into_iter().map(Ok);
    let arguments = start
        .arguments
        .iter()
        .map(|text| CString::new(text.as_str()));
    let texts: Vec<CString> = texts
        .chain(arguments)
        .collect::<Result<_, _>>()
        .map_err(|_| "an argument holds a NUL".to_owned())?;
    let mut pointers: Vec<_> = texts.iter().map(|text| text.as_ptr()).collect();
    pointers.push(std::ptr::null());

    // It fits into the pipe, so that nobody waits here and nobody gets a SIGPIPE.
    let (input, mut full) = pipe().map_err(failed)?;
    full.write_all(start.input).map_err(failed)?;
    drop(full);
    let (out, out_end) = pipe().map_err(failed)?;
    let (err, err_end) = pipe().map_err(failed)?;

    let deadline = Deadline::after(start.timeout);
    let signals = Signals::block();
    // SAFETY: the child calls nothing but functions that are safe after `fork` (signal-safety(7)).
    let child = match unsafe { libc::fork() } {
        -1 => return Err(failed(io::Error::last_os_error())),
        0 => become_program(
            start,
            &pointers,
            [&input, &out_end, &err_end].map(AsRawFd::as_raw_fd),
        ),
        child => Child(child),
    };
    drop(signals);
    drop((input, out_end, err_end));
    let (out, err) = read_both(out, err, deadline).inspect_err(|_| child.kill())?;
    let exit = child.wait(deadline)?;
    Ok(Ended { exit, out, err })
}

/// In the child: leaves the calling process behind, and becomes the program or ends.
fn become_program(start: &Start<'_>, arguments: &[*const libc::c_char], ends: [RawFd; 3]) -> ! {
    let stop = |why: &str| -> ! {
        // SAFETY: the text is as long as it is; standard error is a pipe or nothing.
        unsafe { libc::write(2, why.as_ptr().cast(), why.len()) };
        // SAFETY: nothing of the calling process is cleaned up or flushed here.
        unsafe { libc::_exit(126) }
    };
    for (wanted, end) in (0..).zip(ends) {
        // SAFETY: the ends of the pipes are open, and above these three.
        if unsafe { libc::dup2(end, wanted) } == -1 {
            stop("cannot set up the standard streams");
        }
    }
    // SAFETY: it closes what the child has no use for; what the parent has stays open there.
    if unsafe { libc::syscall(libc::SYS_close_range, 3, libc::c_uint::MAX, 0) } == -1 {
        stop("cannot close the descriptors of the calling process (close_range)");
    }
    // Out of reach of the terminal and its signals, and with whatever it starts in one group.
    // SAFETY: it takes nothing; a child that was just made leads no group.
    unsafe { libc::setsid() };
    // SAFETY: the path ends with NUL.
    if unsafe { libc::chdir(c"/".as_ptr()) } == -1 {
        stop("cannot change into /");
    }
    // SAFETY: these two take numbers and cannot fail.
    unsafe { libc::umask(UMASK) };
    // SAFETY: as above.
    unsafe { libc::alarm(0) };
    if start.account.is_some_and(|account| !account.is_become()) {
        stop("cannot become the account as which it is to run");
    }
    Signals::reset();
    let environment = [PATH.as_ptr(), std::ptr::null()];
    // SAFETY: path and texts end with NUL, and both lists with a null pointer.
    unsafe {
        libc::execve(
            start.path.as_ptr(),
            arguments.as_ptr(),
            environment.as_ptr(),
        )
    };
    stop("cannot execute it");
}

impl Account {
    pub const ROOT: Self = Self { user: 0, group: 0 };

    /// Becomes it altogether, so that no way leads back; whether that went well.
    fn is_become(self) -> bool {
        let Self { user, group } = self;
        // SAFETY: an empty list of groups may be null. By syscall, as everything here: the
        // functions of glibc would wait for threads that the child does not have.
        (unsafe { libc::syscall(libc::SYS_setgroups, 0, std::ptr::null::<libc::gid_t>()) }) == 0
            // SAFETY: it takes numbers.
            && unsafe { libc::syscall(libc::SYS_setresgid, group, group, group) } == 0
            // SAFETY: it takes numbers.
            && unsafe { libc::syscall(libc::SYS_setresuid, user, user, user) } == 0
    }
}

/// A pipe whose ends lie above the standard streams, and are closed in whatever else is executed.
fn pipe() -> io::Result<(File, File)> {
    let above = |end: OwnedFd| -> io::Result<File> {
        // SAFETY: the end is open.
        let copy = unsafe { libc::fcntl(end.as_raw_fd(), libc::F_DUPFD_CLOEXEC, 3) };
        if copy == -1 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: it was made just now, and nobody else has it.
        Ok(unsafe { OwnedFd::from_raw_fd(copy) }.into())
    };
    let (reader, writer) = io::pipe()?;
    Ok((above(reader.into())?, above(writer.into())?))
}

/// Reads what the program says until it closes both streams.
fn read_both(out: File, err: File, deadline: Deadline) -> Result<(Vec<u8>, Vec<u8>), String> {
    let mut streams = [(out, Vec::new(), true), (err, Vec::new(), true)];
    while streams.iter().any(|(_, _, is_open)| *is_open) {
        let mut polled = streams.each_ref().map(|(stream, _, is_open)| libc::pollfd {
            fd: if *is_open { stream.as_raw_fd() } else { -1 },
            events: libc::POLLIN,
            revents: 0,
        });
        // SAFETY: there are two of them.
        let ready = unsafe { libc::poll(polled.as_mut_ptr(), 2, deadline.milliseconds()) };
        match ready {
            // Signals of the calling process do not matter.
            -1 if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => {}
            -1 => return Err(format!("cannot wait: {}", io::Error::last_os_error())),
            0 if deadline.is_over() => return Err(TOO_LONG.to_owned()),
            _ => {}
        }
        for ((stream, said, is_open), polled) in streams.iter_mut().zip(&polled) {
            if ready < 1 || polled.revents == 0 {
                continue;
            }
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk) {
                Ok(0) => *is_open = false,
                Ok(length) => said.extend(chunk.iter().take(length)),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(format!("recovery-codes cannot be read: {error}")),
            }
            if said.len() > LONGEST_ANSWER {
                return Err("recovery-codes does not stop talking".to_owned());
            }
        }
    }
    let [(_, out, _), (_, err, _)] = streams;
    Ok((out, err))
}

const TOO_LONG: &str = "recovery-codes took too long and was killed";

/// A child that leads a group of its own.
#[derive(Clone, Copy, Debug)]
struct Child(pid_t);

impl Child {
    /// Its exit status, if anybody learns it.
    fn wait(self, deadline: Deadline) -> Result<Option<i32>, String> {
        loop {
            let mut status: c_int = 0;
            // SAFETY: it writes one number.
            match unsafe { libc::waitpid(self.0, &raw mut status, libc::WNOHANG) } {
                // It has said everything, and ends just now.
                0 if !deadline.is_over() => pause(),
                0 => {
                    self.kill();
                    return Err(TOO_LONG.to_owned());
                }
                -1 => match io::Error::last_os_error() {
                    error if error.kind() == io::ErrorKind::Interrupted => {}
                    // SIGCHLD is ignored, or the calling process was quicker.
                    error if error.raw_os_error() == Some(libc::ECHILD) => return Ok(None),
                    error => return Err(format!("cannot wait for recovery-codes: {error}")),
                },
                _ if libc::WIFEXITED(status) => return Ok(Some(libc::WEXITSTATUS(status))),
                _ => {
                    let signal = libc::WTERMSIG(status);
                    return Err(format!("recovery-codes was ended by the signal {signal}"));
                }
            }
        }
    }

    /// Ends it with everything that it has started, and collects it.
    fn kill(self) {
        let Some(id) = libc::id_t::try_from(self.0).ok() else {
            return;
        };
        // SAFETY: this is plain memory.
        let mut seen: libc::siginfo_t = unsafe { std::mem::zeroed() };
        let look = libc::WEXITED | libc::WNOHANG | libc::WNOWAIT;
        // SAFETY: it writes what it sees, and collects nothing.
        if unsafe { libc::waitid(libc::P_PID, id, &raw mut seen, look) } == -1 {
            // It was collected elsewhere, and its number may be somebody else's by now.
            return;
        }
        for whom in [-self.0, self.0] {
            // SAFETY: the number is still its own; its group has that too, once there is one.
            unsafe { libc::kill(whom, libc::SIGKILL) };
        }
        // SAFETY: nobody wants the status.
        while unsafe { libc::waitpid(self.0, std::ptr::null_mut(), 0) } == -1
            && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted
        {}
    }
}

/// A thousandth of a second.
fn pause() {
    // SAFETY: without descriptors there is nothing but time to wait for.
    unsafe { libc::poll(std::ptr::null_mut(), 0, 1) };
}

/// Until when to wait.
#[derive(Clone, Copy, Debug)]
struct Deadline(Instant);

#[expect(
    clippy::disallowed_methods,
    reason = "a child is waited for in real time"
)]
impl Deadline {
    fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    fn is_over(self) -> bool {
        self.0 <= Instant::now()
    }

    /// What is left, rounded up.
    fn milliseconds(self) -> c_int {
        let left = self.0.saturating_duration_since(Instant::now());
        c_int::try_from(left.as_micros().div_ceil(1000)).unwrap_or(c_int::MAX)
    }
}

/// The signals that the calling process lets through, and gets back: none of its handlers may run in
/// the child.
struct Signals(libc::sigset_t);

impl Signals {
    fn block() -> Self {
        // SAFETY: a set of signals is plain memory, and is filled just below.
        let [mut all, mut before]: [libc::sigset_t; 2] = unsafe { std::mem::zeroed() };
        // SAFETY: both sets are there.
        unsafe { libc::sigfillset(&raw mut all) };
        // SAFETY: as above.
        unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const all, &raw mut before) };
        Self(before)
    }

    /// In the child: no handler, nothing ignored and nothing blocked is inherited.
    fn reset() {
        for signal in 1..=64 {
            // SAFETY: what may not be changed (SIGKILL, SIGSTOP) is left as it is.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
        // SAFETY: a set of signals is plain memory.
        let mut none: libc::sigset_t = unsafe { std::mem::zeroed() };
        // SAFETY: the set is there.
        unsafe { libc::sigemptyset(&raw mut none) };
        // SAFETY: as above; nobody wants the mask from before.
        unsafe { libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut()) };
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        // SAFETY: it is the mask from before.
        unsafe {
            libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, std::ptr::null_mut())
        };
    }
}

#[cfg(test)]
mod tests;
