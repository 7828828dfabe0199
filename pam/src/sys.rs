//! The handful of libpam's functions that the module needs, and the process that calls it.

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::ptr;

use zeroize::Zeroize;

use crate::host::{As, Call, Ended, Host, Item, Level, Manner, Secret};
use crate::program::{self, Account, Start};

/// libpam's handle of a login; only libpam looks into it.
#[repr(C)]
pub struct Handle {
    _opaque: [u8; 0],
}

/// The flag by which the calling process wants nothing said (`security/_pam_types.h`, as all below).
pub const SILENT: c_int = 0x8000;

const SUCCESS: c_int = 0;

const SERVICE: c_int = 1;
const TTY: c_int = 3;
const RHOST: c_int = 4;
const AUTHTOK: c_int = 6;

const PROMPT_ECHO_OFF: c_int = 1;
const ERROR_MSG: c_int = 3;
const TEXT_INFO: c_int = 4;

#[link(name = "pam")]
unsafe extern "C" {
    fn pam_get_user(handle: *mut Handle, user: *mut *const c_char, prompt: *const c_char) -> c_int;
    fn pam_get_item(handle: *const Handle, item: c_int, value: *mut *const c_void) -> c_int;
    fn pam_set_item(handle: *mut Handle, item: c_int, value: *const c_void) -> c_int;
    fn pam_prompt(
        handle: *mut Handle,
        style: c_int,
        response: *mut *mut c_char,
        format: *const c_char,
        ...
    ) -> c_int;
    fn pam_syslog(handle: *const Handle, priority: c_int, format: *const c_char, ...);
    fn pam_modutil_getpwnam(handle: *mut Handle, user: *const c_char) -> *mut libc::passwd;
}

/// The module's arguments.
///
/// # Errors
/// That one of them is no text.
///
/// # Safety
/// `argv` holds `count` strings that end with NUL.
pub unsafe fn arguments(count: c_int, argv: *const *const c_char) -> Result<Vec<String>, String> {
    let count = usize::try_from(count).unwrap_or(0);
    (0..count)
        .map(|number| {
            // SAFETY: there are `count` of them.
            let argument = unsafe { argv.add(number) };
            // SAFETY: as above.
            let argument = unsafe { *argument };
            // SAFETY: the caller says that it is a string.
            let text = unsafe { text(argument) };
            text.ok_or_else(|| "an option is no text".to_owned())
        })
        .collect()
}

/// A copy of a string of C's, if it is there and text.
///
/// # Safety
/// The pointer is null or leads to bytes that end with NUL.
unsafe fn text(pointer: *const c_char) -> Option<String> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: the caller says so.
    let text = unsafe { CStr::from_ptr(pointer) };
    text.to_str().ok().map(str::to_owned)
}

/// The text up to a NUL, of which ours have none.
fn c_text(text: &str) -> CString {
    let text = text.split('\0').next().unwrap_or_default();
    CString::new(text).unwrap_or_default()
}

/// The process that calls the module, through libpam.
pub struct Pam(*mut Handle);

impl Pam {
    /// # Safety
    /// The handle is libpam's own, and stays valid for as long as this lives.
    pub unsafe fn new(handle: *mut Handle) -> Self {
        Self(handle)
    }

    fn account(&self, name: &str) -> Result<Account, String> {
        let name = c_text(name);
        // SAFETY: the name ends with NUL; what comes back belongs to the handle.
        let found = unsafe { pam_modutil_getpwnam(self.0, name.as_ptr()) };
        // SAFETY: it is null or an entry that stays as it is for as long as the handle.
        let found = unsafe { found.as_ref() };
        found
            .map(|found| Account {
                user: found.pw_uid,
                group: found.pw_gid,
            })
            .ok_or_else(|| format!("there is no account {name:?} as which to run recovery-codes"))
    }
}

impl Host for Pam {
    fn user(&mut self) -> Option<String> {
        let mut user = ptr::null();
        // SAFETY: one pointer is written; without a prompt PAM uses its own.
        let status = unsafe { pam_get_user(self.0, &raw mut user, ptr::null()) };
        // SAFETY: on success it is a string of the handle's.
        let user = (status == SUCCESS).then(|| unsafe { text(user) });
        user.flatten().filter(|user| !user.is_empty())
    }

    fn item(&mut self, item: Item) -> Option<String> {
        let item = match item {
            Item::Service => SERVICE,
            Item::Terminal => TTY,
            Item::RemoteHost => RHOST,
        };
        let mut value = ptr::null();
        // SAFETY: one pointer is written.
        let status = unsafe { pam_get_item(self.0, item, &raw mut value) };
        // SAFETY: on success these items are strings of the handle's, or null.
        let value = (status == SUCCESS).then(|| unsafe { text(value.cast()) });
        value.flatten().filter(|value| !value.trim().is_empty())
    }

    fn ask(&mut self, prompt: &str) -> Option<Secret> {
        let prompt = c_text(prompt);
        let (handle, style, format) = (self.0, PROMPT_ECHO_OFF, c"%s".as_ptr());
        let mut answer: *mut c_char = ptr::null_mut();
        // SAFETY: the format takes one string, and the answer is one pointer.
        let status = unsafe { pam_prompt(handle, style, &raw mut answer, format, prompt.as_ptr()) };
        if answer.is_null() {
            return (status == SUCCESS).then(Secret::default);
        }
        // SAFETY: the answer is a string that the calling process made for us.
        let length = unsafe { libc::strlen(answer) };
        // SAFETY: it is ours alone, and as long as that.
        let bytes = unsafe { std::slice::from_raw_parts_mut(answer.cast::<u8>(), length) };
        let typed = Secret::new(bytes.to_vec());
        bytes.zeroize();
        // SAFETY: PAM has answers made with `malloc`, and leaves them to who asked.
        unsafe { libc::free(answer.cast()) };
        (status == SUCCESS).then_some(typed)
    }

    fn say(&mut self, manner: Manner, text: &str) {
        let style = match manner {
            Manner::Information => TEXT_INFO,
            Manner::Error => ERROR_MSG,
        };
        let text = c_text(text);
        let format = c"%s".as_ptr();
        // SAFETY: the format takes one string, and no answer is wanted.
        unsafe { pam_prompt(self.0, style, ptr::null_mut(), format, text.as_ptr()) };
    }

    fn pass_on(&mut self, typed: &Secret) -> bool {
        let mut text = Secret::new(Vec::with_capacity(typed.len() + 1));
        text.extend_from_slice(typed);
        text.push(0);
        // SAFETY: the text ends with NUL; libpam takes a copy, which it wipes in the end.
        unsafe { pam_set_item(self.0, AUTHTOK, text.as_ptr().cast()) == SUCCESS }
    }

    fn log(&mut self, level: Level, text: &str) {
        let priority = match level {
            Level::Error => libc::LOG_ERR,
            Level::Notice => libc::LOG_NOTICE,
            Level::Debug => libc::LOG_DEBUG,
        };
        let text = c_text(text);
        // SAFETY: the format takes one string. It is logged for `authpriv`.
        unsafe { pam_syslog(self.0, priority, c"%s".as_ptr(), text.as_ptr()) };
    }

    fn is_root(&self) -> bool {
        program::may_become_anybody()
    }

    fn run(&mut self, call: &Call<'_>) -> Result<Ended, String> {
        let account = match call.account {
            As::Caller => None,
            _ if !self.is_root() => {
                let why = "the calling process is not root and cannot read the store: see socket=";
                return Err(why.to_owned());
            }
            As::Account(name) => Some(self.account(name)?),
            As::Root => Some(Account::ROOT),
        };
        program::run(&Start {
            path: program::find().ok_or("recovery-codes is not installed")?,
            arguments: &call.arguments,
            input: call.input,
            account,
            timeout: call.timeout,
        })
    }
}
