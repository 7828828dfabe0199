//! `pam_recovery_codes.so`: asks for a recovery code, has the program `recovery-codes` check it, and
//! tells PAM what became of that.
//!
//! The program is started and not linked: the key, the store and the memory that hashing takes stay
//! out of sshd, sudo and login. The manual page is `pam_recovery_codes(8)`.

mod answer;
mod host;
mod login;
mod options;
mod program;
mod sys;

use std::ffi::{c_char, c_int};
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

use host::{Host, Level};
use login::Status;
use options::Options;
use sys::{Handle, Pam};

/// PAM asks who somebody is: the code is asked for and checked.
///
/// # Safety
/// Only libpam calls it, with its own handle and with `argc` strings in `argv`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn pam_sm_authenticate(
    handle: *mut Handle,
    flags: c_int,
    argc: c_int,
    argv: *const *const c_char,
) -> c_int {
    // SAFETY: libpam's handle is valid during this call.
    let mut pam = unsafe { Pam::new(handle) };
    let status = guarded(|| {
        if cfg!(feature = "panics") {
            panics();
        }
        // SAFETY: libpam gives `argc` strings that end with NUL.
        let arguments = unsafe { sys::arguments(argc, argv) };
        match arguments.and_then(|all| Options::parse(&all)) {
            Ok(mut options) => {
                options.is_silent |= flags & sys::SILENT != 0;
                login::authenticate(&mut pam, &options)
            }
            Err(why) => {
                pam.log(Level::Error, &format!("{why}; nobody is let in"));
                Status::ServiceError
            }
        }
    });
    status.unwrap_or_else(|| {
        pam.log(Level::Error, "the module panicked; nobody is let in");
        Status::Unavailable
    }) as c_int
}

/// PAM asks for credentials: there are none, and nothing is wrong with that.
#[unsafe(no_mangle)]
pub extern "C" fn pam_sm_setcred(
    _handle: *mut Handle,
    _flags: c_int,
    _argc: c_int,
    _argv: *const *const c_char,
) -> c_int {
    Status::Success as c_int
}

/// What came out, unless it panicked: no panic may reach the C code that calls.
fn guarded(deed: impl FnOnce() -> Status) -> Option<Status> {
    // This hook is the module's own, and says nothing to the terminal of whoever logs in.
    set_hook(Box::new(|_| {}));
    catch_unwind(AssertUnwindSafe(deed)).ok()
}

#[expect(clippy::panic, reason = "for the tests, behind a feature")]
fn panics() {
    panic!("as the tests ask");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_in_the_module() {
        assert_eq!(guarded(|| Status::Success), Some(Status::Success));
        assert_eq!(guarded(|| std::panic::resume_unwind(Box::new(()))), None);
        let _ = std::panic::take_hook();
    }
}
