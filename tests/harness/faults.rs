//! A disk that fails on demand: the system calls that write, of which one can be made to fail, or
//! to be the last thing that a process does.
//!
//! The test binary defines these functions itself, and the linker prefers them to those of the C
//! library, for SQLite and for the standard library alike. Each thread has a plan of its own, so
//! the tests beside it notice nothing. What goes to the kernel without the C library is not seen:
//! the rename with which a draft takes its place (`renameat2`), and writing through a memory map.

#![expect(
    unsafe_code,
    reason = "these functions stand in the place of the C library's"
)]

use std::cell::{Cell, RefCell};
use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::mem::transmute;
use std::process::Command;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};

use super::Desk;
use rustix::process::{Signal, getpid, kill_process};

/// What happens at the chosen call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The device fails.
    Io,
    /// The disk is full; a write gets half of its bytes onto it.
    Full,
    /// The device takes no more bytes; names can still be given and taken away.
    Bytes,
    /// The process dies before the call.
    KilledBefore,
    /// The process dies after the call.
    KilledAfter,
}

/// At which of the calls that write, counted from 1, what happens.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub at: usize,
    pub fault: Fault,
    /// Whether all later calls fail as well.
    pub stays: bool,
}

thread_local! {
    static PLAN: Cell<Option<Plan>> = const { Cell::new(None) };
    static CALLS: RefCell<Vec<&'static CStr>> = const { RefCell::new(Vec::new()) };
}

/// Does `deed` under this plan; says also which calls were made that write.
pub fn under<T>(plan: Option<Plan>, deed: impl FnOnce() -> T) -> (T, Vec<&'static CStr>) {
    CALLS.take();
    PLAN.set(Some(plan.unwrap_or(Plan {
        at: usize::MAX,
        fault: Fault::Io,
        stays: false,
    })));
    let done = deed();
    PLAN.set(None);
    (done, CALLS.take())
}

/// The program on the real platform, by the clock of this desk, as a process that dies at the
/// call `at` of those that write, counted from 1, or `after` it. It has no guard of its own
/// against signals.
pub fn mortal(desk: &Desk, args: &[&str], at: usize, after: bool) -> Command {
    let mut command = desk.itself("house::faults::dies_at_a_write");
    command
        .env("DYING_ARGS", args.join("\n"))
        .env("DYING_AT", at.to_string())
        .env("DYING_AFTER", u8::from(after).to_string())
        .env("DYING_MOMENT", desk.moment().to_string());
    command
}

/// Counts one call; says what is to happen at it.
fn strike(name: &'static CStr) -> Option<Fault> {
    let plan = PLAN.get()?;
    let calls = CALLS.with_borrow_mut(|calls| {
        calls.push(name);
        calls.len()
    });
    (calls == plan.at || (plan.stays && calls > plan.at)).then_some(plan.fault)
}

/// One call, as planned.
fn call<T: From<i8>>(
    name: &'static CStr,
    whole: impl FnOnce() -> T,
    half: impl FnOnce() -> T,
) -> T {
    const EIO: c_int = 5;
    const ENOSPC: c_int = 28;
    let error = match strike(name) {
        None => return whole(),
        Some(Fault::Io) => EIO,
        Some(Fault::Bytes) if ![c"write", c"pwrite64", c"fsync"].contains(&name) => return whole(),
        Some(Fault::Bytes) => EIO,
        // What gives space back works on a full disk too.
        Some(Fault::Full) if name == c"unlink" || name == c"ftruncate64" => return whole(),
        Some(Fault::Full) => {
            half();
            ENOSPC
        }
        Some(fault) => {
            if fault == Fault::KilledAfter {
                whole();
            }
            let _ = kill_process(getpid(), Signal::KILL);
            EIO
        }
    };
    // SAFETY: this is where the C library keeps the thread's error number.
    unsafe { *__errno_location() = error };
    T::from(-1)
}

unsafe extern "C" {
    fn __errno_location() -> *mut c_int;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}

/// The C library's own function of this name.
fn original(known: &AtomicPtr<c_void>, name: &CStr) -> *mut c_void {
    /// `RTLD_NEXT`: not the one in this binary.
    const NEXT: *mut c_void = -1_isize as *mut c_void;
    let mut found = known.load(Ordering::Relaxed);
    if found.is_null() {
        // SAFETY: the name ends with a zero.
        found = unsafe { dlsym(NEXT, name.as_ptr()) };
        assert!(!found.is_null(), "{name:?}");
        known.store(found, Ordering::Relaxed);
    }
    found
}

/// Functions in the place of the C library's, each with the calls of it that write, and with what
/// is left of one that stops half way.
macro_rules! instead_of {
    ($($name:literal $function:ident($($argument:ident: $type:ty),*) -> $result:ty,
       writes $writes:expr, half $half:expr;)*) => {$(
        #[unsafe(no_mangle)]
        unsafe extern "C" fn $function($($argument: $type),*) -> $result {
            static ORIGINAL: AtomicPtr<c_void> = AtomicPtr::new(null_mut());
            // SAFETY: the C library gives it this type.
            let original = unsafe {
                transmute::<*mut c_void, unsafe extern "C" fn($($type),*) -> $result>(
                    original(&ORIGINAL, $name),
                )
            };
            // SAFETY: handed on as it came.
            let whole = || unsafe { original($($argument),*) };
            if !$writes {
                return whole();
            }
            call($name, whole, || match $half {
                Some(($($argument,)*)) => {
                    // SAFETY: less of the same.
                    unsafe { original($($argument),*) }
                }
                None => -1,
            })
        }
    )*};
}

/// Standard input, output and error are no disk.
const STREAMS: c_int = 2;
const O_CREAT: c_int = 0o100;

type Bytes = *const c_void;
type Path = *const c_char;

instead_of! {
    c"write" write(file: c_int, bytes: Bytes, length: usize) -> isize,
        writes file > STREAMS, half Some((file, bytes, length / 2));
    c"pwrite64" pwrite64(file: c_int, bytes: Bytes, length: usize, at: i64) -> isize,
        writes true, half Some((file, bytes, length / 2, at));
    c"copy_file_range" copy_file_range(from: c_int, start: *mut i64, to: c_int, end: *mut i64, length: usize, flags: c_uint) -> isize,
        writes true, half Some((from, start, to, end, length / 2, flags));
    c"ftruncate64" ftruncate64(file: c_int, length: i64) -> c_int, writes true, half None;
    c"fsync" fsync(file: c_int) -> c_int, writes true, half None;
    c"open" open(path: Path, flags: c_int, mode: c_uint) -> c_int, writes flags & O_CREAT != 0, half None;
    c"open64" open64(path: Path, flags: c_int, mode: c_uint) -> c_int, writes flags & O_CREAT != 0, half None;
    c"mkdir" mkdir(path: Path, mode: c_uint) -> c_int, writes true, half None;
    c"rename" rename(from: Path, to: Path) -> c_int, writes true, half None;
    c"linkat" linkat(from: c_int, path: Path, to: c_int, name: Path, flags: c_int) -> c_int, writes true, half None;
    c"unlink" unlink(path: Path) -> c_int, writes true, half None;
}
