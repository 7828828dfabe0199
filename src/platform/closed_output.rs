//! Whether standard output was closed from the start, so that codes are not written to nowhere.
//!
//! Before `main` the standard library puts /dev/null in the place of a closed standard output.
//! Afterwards nobody can tell, and every write succeeds; so it has to be looked at still earlier.

use std::sync::atomic::{AtomicBool, Ordering};

static WAS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether it was closed when the process began; where that cannot be known, it was not.
pub fn was_closed() -> bool {
    WAS_CLOSED.load(Ordering::Relaxed)
}

#[cfg(target_os = "linux")]
extern "C" fn look() {
    let is_closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
    WAS_CLOSED.store(is_closed, Ordering::Relaxed);
}

#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "only the loader runs anything before the standard library does"
)]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;
