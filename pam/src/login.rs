//! One login: asks for the code, asks the program about it, and decides.

use crate::answer::{Answer, to_show, to_verify};
use crate::host::{As, Call, Host, Item, Level, Manner, Secret};
use crate::options::Options;

/// What PAM is told; the numbers are those of Linux-PAM (`security/_pam_types.h`).
///
/// `PAM_USER_UNKNOWN` is not among them: nobody learns here who has codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    Success = 0,
    /// The stack is written wrongly.
    ServiceError = 3,
    /// No.
    AuthError = 7,
    /// It could not be checked, so it is a no.
    Unavailable = 9,
    /// The limiter asks to wait.
    MaxTries = 11,
    /// Other modules decide.
    Ignore = 25,
}

/// More bytes than any way of writing a code needs.
const LONGEST: usize = 1000;

/// Fewer letters and digits are no recovery code.
const FEWEST_CHARACTERS: usize = 36;

/// Characters that the program takes as a source and as a reason.
const LONGEST_NAME: usize = 128;

/// Asks for a code and checks it.
pub fn authenticate(host: &mut dyn Host, options: &Options) -> Status {
    match decide(host, options) {
        Ok(status) => status,
        Err(why) => {
            host.log(Level::Error, &format!("{why}; nobody is let in"));
            Status::Unavailable
        }
    }
}

fn decide(host: &mut dyn Host, options: &Options) -> Result<Status, String> {
    let user = host.user().ok_or("it is not known who logs in")?;
    let shown = user.escape_debug().to_string();
    if options.is_null_ok && !has_to_show(host, options, &user)? {
        if options.is_debug {
            host.log(
                Level::Debug,
                &format!("{shown} never had codes; passed over"),
            );
        }
        return Ok(Status::Ignore);
    }
    let typed = host.ask(&options.prompt).ok_or("nobody can be asked")?;
    if options.does_pass_on && !may_be_a_code(&typed) {
        return pass_on(host, &typed);
    }
    if typed.is_empty() || typed.len() > LONGEST {
        return Ok(Status::AuthError);
    }
    let answer = verify(host, options, &user, &typed)?;
    if options.is_debug {
        host.log(Level::Debug, &format!("{shown}: {answer:?}"));
    }
    match answer {
        Answer::Accepted { remaining, is_low } => {
            let left = left(remaining, is_low);
            host.log(
                Level::Notice,
                &format!("{shown} is let in with a recovery code. {left}"),
            );
            say(host, options, Manner::Information, &left);
            Ok(Status::Success)
        }
        Answer::Malformed(_) if options.does_pass_on => pass_on(host, &typed),
        Answer::Malformed(why) => {
            say(host, options, Manner::Error, &sentence(&why));
            Ok(Status::AuthError)
        }
        // Without the name, which may be anything that somebody typed in the wrong place.
        Answer::Rejected => {
            host.log(Level::Notice, "a recovery code was not accepted");
            Ok(Status::AuthError)
        }
        Answer::Wait(seconds) => {
            let wait = match seconds {
                Some(seconds) => format!("Too many attempts; wait {}.", words(seconds)),
                None => "Too many attempts; ask an administrator for help.".to_owned(),
            };
            host.log(
                Level::Notice,
                &format!("a recovery code was not tried. {wait}"),
            );
            say(host, options, Manner::Error, &wait);
            Ok(Status::MaxTries)
        }
    }
}

/// Whether the user must show a code. Only whoever never had any need not.
fn has_to_show(host: &mut dyn Host, options: &Options, user: &str) -> Result<bool, String> {
    let mut arguments = common(options);
    arguments.extend(["user", "show", "--", user].map(str::to_owned));
    to_show(&host.run(&call(options, arguments, &[]))?)
}

fn verify(
    host: &mut dyn Host,
    options: &Options,
    user: &str,
    typed: &Secret,
) -> Result<Answer, String> {
    let mut named = |item| host.item(item).map(|name| harmless(&name));
    let service = named(Item::Service).unwrap_or_else(|| "unknown".to_owned());
    let terminal = named(Item::Terminal);
    let host_name = named(Item::RemoteHost);
    let mut reason = format!("service {service}");
    if let Some(terminal) = &terminal {
        reason.push_str(&format!(", terminal {terminal}"));
    }
    // Attempts that say from where and those that do not are counted apart: all say it here.
    let source = host_name.or(terminal).unwrap_or(service);
    // Who is not root cannot read the store, but may ask who can.
    let door = options.socket.as_ref().filter(|_| !host.is_root());
    let mut arguments = match door {
        Some(_) => vec!["--json".to_owned()],
        None => common(options),
    };
    arguments.push(format!("--reason={}", harmless(&reason)));
    arguments.push("verify".to_owned());
    arguments.extend(door.map(|path| format!("--socket={path}")));
    arguments.push(format!("--from={source}"));
    arguments.extend(["--".to_owned(), user.to_owned()]);
    let mut call = call(options, arguments, typed);
    if door.is_some() {
        call.account = As::Caller;
    }
    to_verify(&host.run(&call)?)
}

/// Arguments of every run.
fn common(options: &Options) -> Vec<String> {
    let mut arguments = vec!["--json".to_owned(), "--actor=pam".to_owned()];
    arguments.push(match &options.config {
        Some(config) => format!("--config={config}"),
        None => "--system".to_owned(),
    });
    let store = options.store.as_ref();
    arguments.extend(store.map(|store| format!("--store={store}")));
    arguments
}

fn call<'a>(options: &'a Options, arguments: Vec<String>, input: &'a [u8]) -> Call<'a> {
    Call {
        arguments,
        input,
        account: match &options.account {
            Some(name) => As::Account(name),
            None => As::Root,
        },
        timeout: options.timeout,
    }
}

fn pass_on(host: &mut dyn Host, typed: &Secret) -> Result<Status, String> {
    match host.pass_on(typed) {
        true => Ok(Status::Ignore),
        false => Err("what was typed could not be passed on".to_owned()),
    }
}

/// Whether the text is long enough for a code; what it is, the program decides.
fn may_be_a_code(typed: &[u8]) -> bool {
    let text = std::str::from_utf8(typed).unwrap_or_default();
    text.chars().filter(|c| c.is_alphanumeric()).count() >= FEWEST_CHARACTERS
}

fn say(host: &mut dyn Host, options: &Options, manner: Manner, text: &str) {
    if !options.is_silent {
        host.say(manner, text);
    }
}

/// A name from elsewhere, such as that of a remote host, as the program takes it.
fn harmless(name: &str) -> String {
    let visible = |c: char| {
        if c == ' ' || c.is_ascii_graphic() {
            c
        } else {
            '?'
        }
    };
    name.chars().map(visible).take(LONGEST_NAME).collect()
}

fn left(remaining: u64, is_low: bool) -> String {
    let advice = if is_low { "; get new ones soon" } else { "" };
    match remaining {
        0 => "No recovery code is left; get new ones soon.".to_owned(),
        1 => format!("1 recovery code is left{advice}."),
        more => format!("{more} recovery codes are left{advice}."),
    }
}

/// A wait with its two largest units.
fn words(seconds: u64) -> String {
    let units = [
        (86_400, "day"),
        (3600, "hour"),
        (60, "minute"),
        (1, "second"),
    ];
    let mut rest = seconds;
    let mut said = Vec::new();
    for (size, unit) in units {
        let number = rest / size;
        rest %= size;
        if number > 0 {
            let plural = if number == 1 { "" } else { "s" };
            said.push(format!("{number} {unit}{plural}"));
        }
    }
    said.truncate(2);
    match said.is_empty() {
        true => "a moment".to_owned(),
        false => said.join(" "),
    }
}

fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).chain(['.']).collect()
}

#[cfg(test)]
mod tests;
