//! Asking at somebody else's door.

use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use zeroize::Zeroizing;

use super::caller::{Caller, Line};
use crate::error::{Error, Kind, Result};

/// More bytes than any answer has.
const LONGEST: usize = 16 * 1024;

/// Sends a line, with its end, to whoever listens at this socket, and gives back the line that comes
/// within this time.
///
/// # Errors
/// [`Kind::Io`] and [`Kind::Permission`] where nobody could be asked; [`Kind::InDoubt`] where the
/// question may have been heard, and no answer came.
pub fn knock(socket: &Path, line: &[u8], within: Duration) -> Result<Zeroizing<Vec<u8>>> {
    let shown = socket.display();
    let stream = UnixStream::connect(socket).map_err(|error| {
        Error::file(format!("cannot ask at {shown}"), error)
            .hint("see that `recovery-codes serve` runs, and that this is its socket")
    })?;
    let mut caller = Caller::new(stream, LONGEST);
    // What was refused before it was read can still be read here.
    let sent = caller.answer(line, within);
    let no_answer = |why: String| {
        Error::new(Kind::InDoubt, format!("no answer came from {shown}: {why}")).hint(
            "nobody is let in; the code may be used up: see `recovery-codes log verify-attempts`",
        )
    };
    match caller.line(within, within) {
        Ok(Line::Text(answer)) => Ok(answer),
        Ok(Line::TooSlow) => Err(no_answer("it took too long".to_owned())),
        Ok(Line::TooLong) => Err(no_answer("what came is no answer".to_owned())),
        Ok(Line::End) => Err(match sent {
            Ok(()) => no_answer("the connection ended".to_owned()),
            Err(error) => Error::file(format!("cannot ask at {shown}"), error),
        }),
        Err(error) => Err(no_answer(error.to_string())),
    }
}
