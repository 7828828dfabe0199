//! Asking at somebody else's door.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use rustix::io::{Errno, ioctl_fionbio};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, socket};
use zeroize::Zeroizing;

use super::caller::{Caller, Line};
use crate::error::{Error, Kind, Result};
use crate::platform::files::directory_of;
use crate::platform::pace::{self, Deadline};
use crate::platform::signals::Stop;

/// More bytes than any answer has.
const LONGEST: usize = 16 * 1024;

/// How often somebody who has no room for callers is asked again.
const AGAIN: Duration = Duration::from_millis(20);

/// Sends a line, with its end, to whoever listens at this socket, and gives back the line that comes;
/// all of that within this time.
///
/// # Errors
/// [`Kind::Io`] and [`Kind::Permission`] where nobody could be asked; [`Kind::InDoubt`] where the
/// question may have been heard, and no answer came.
pub fn knock(socket: &Path, line: &[u8], within: Duration) -> Result<Zeroizing<Vec<u8>>> {
    let deadline = Deadline::after(within);
    let shown = socket.display();
    let cannot = |error: io::Error| {
        let hint = match error.kind() {
            io::ErrorKind::PermissionDenied => {
                "this account must be let into the directories on the way there (mode 755)"
            }
            _ => "see that `recovery-codes serve` runs, and that this is its socket",
        };
        Error::file(format!("cannot ask at {shown}"), error).hint(hint)
    };
    require_trusted(socket)?;
    let mut caller = Caller::new(connect(socket, deadline).map_err(cannot)?, LONGEST);
    // What was refused before it was read can still be read here.
    let sent = caller.answer(line, deadline.left());
    let no_answer = |why: String| {
        Error::new(Kind::InDoubt, format!("no answer came from {shown}: {why}")).hint(
            "nobody is let in; the code may be used up: see `recovery-codes log verify-attempts`",
        )
    };
    match caller.line(deadline.left(), deadline.left()) {
        Ok(Line::Text(answer)) => Ok(answer),
        Ok(Line::TooSlow) => Err(no_answer("it took too long".to_owned())),
        Ok(Line::TooLong) => Err(no_answer("what came is no answer".to_owned())),
        Ok(Line::End) => Err(match sent {
            Ok(()) => no_answer("the connection ended".to_owned()),
            Err(error) => cannot(error),
        }),
        Err(error) => Err(no_answer(error.to_string())),
    }
}

/// Connects, and waits where too many do; the system's own waiting has no end.
/// This program starts no other that could inherit the connection.
fn connect(path: &Path, deadline: Deadline) -> io::Result<UnixStream> {
    let address = SocketAddrUnix::new(path)?;
    loop {
        let socket = socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
        ioctl_fionbio(&socket, true)?;
        match rustix::net::connect(&socket, &address) {
            Ok(()) => {
                let stream = UnixStream::from(socket);
                stream.set_nonblocking(false)?;
                return Ok(stream);
            }
            Err(Errno::AGAIN) if !deadline.left().is_zero() => {
                pace::wait(&Stop::default(), AGAIN);
            }
            Err(Errno::AGAIN) => return Err(io::ErrorKind::TimedOut.into()),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Sees that not just anybody can listen there: they would be given codes, and believed.
fn require_trusted(socket: &Path) -> Result<()> {
    let directory = directory_of(socket);
    match fs::metadata(directory) {
        Ok(found) if found.mode() & 0o022 != 0 => Err(Error::new(
            Kind::Permission,
            format!("others may write to {}", directory.display()),
        )
        .hint("whoever listens there is given codes and believed; use a socket in a directory that only its owner can write to")),
        // What is not there cannot be connected to, which says why.
        _ => Ok(()),
    }
}
