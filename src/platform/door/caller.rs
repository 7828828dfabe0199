//! One connection: lines in, lines out, each within a time and a size.

use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use zeroize::Zeroizing;

use crate::platform::pace::Deadline;

/// Whoever is at the other end of a connection.
pub struct Caller {
    stream: UnixStream,
    /// What was read and is no whole line yet.
    held: Zeroizing<Vec<u8>>,
    length: usize,
}

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line, without its end.
    Text(Zeroizing<Vec<u8>>),
    /// The other end is done.
    End,
    /// More bytes than a line may have.
    TooLong,
    /// Nothing for too long, or no end of what began.
    TooSlow,
}

impl Caller {
    /// Whoever is at the other end, from whom no line may be longer than so many bytes.
    pub fn new(stream: UnixStream, longest: usize) -> Self {
        Self {
            stream,
            held: Zeroizing::new(vec![0; longest + 1]),
            length: 0,
        }
    }

    /// The number of the account as which the other end connected; the kernel says it.
    ///
    /// # Errors
    /// What the kernel says if it does not.
    pub fn id(&self) -> io::Result<u32> {
        peer(&self.stream)
    }

    /// The next line: begun within `idle`, and whole `whole` after that.
    ///
    /// # Errors
    /// What the system says of the connection.
    pub fn line(&mut self, idle: Duration, whole: Duration) -> io::Result<Line> {
        let mut deadline = Deadline::after(if self.length == 0 { idle } else { whole });
        loop {
            if let Some(end) = self.held[..self.length]
                .iter()
                .position(|byte| *byte == b'\n')
            {
                return Ok(Line::Text(self.take(end)));
            }
            if self.length == self.held.len() {
                return Ok(Line::TooLong);
            }
            let left = deadline.left();
            if left.is_zero() {
                return Ok(Line::TooSlow);
            }
            self.stream.set_read_timeout(Some(left))?;
            match self.stream.read(&mut self.held[self.length..]) {
                // What has no end was cut off, and is not what was meant.
                Ok(0) => return Ok(Line::End),
                Ok(read) => {
                    if self.length == 0 {
                        deadline = Deadline::after(whole);
                    }
                    self.length += read;
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => return Ok(Line::TooSlow),
                    _ => return Err(error),
                },
            }
        }
    }

    /// The line that ends here; what follows is kept.
    fn take(&mut self, end: usize) -> Zeroizing<Vec<u8>> {
        let line = Zeroizing::new(self.held[..end].to_vec());
        self.held.copy_within(end + 1..self.length, 0);
        let rest = self.length - end - 1;
        let length = self.length;
        self.held[rest..length].fill(0);
        self.length = rest;
        line
    }

    /// Whether nobody is there any more who could read an answer.
    pub fn is_gone(&self) -> bool {
        let mut looked = [PollFd::new(&self.stream, PollFlags::empty())];
        let at_once = Timespec::default();
        poll(&mut looked, Some(&at_once)).is_ok()
            && looked[0]
                .revents()
                .intersects(PollFlags::HUP | PollFlags::ERR)
    }

    /// Answers within this time.
    ///
    /// # Errors
    /// What the system says of the connection.
    pub fn answer(&mut self, line: &[u8], within: Duration) -> io::Result<()> {
        self.stream.set_write_timeout(Some(within))?;
        self.stream.write_all(line)
    }

    /// Something that ends this connection's reading from another thread.
    ///
    /// # Errors
    /// What the system says of the connection.
    pub fn handle(&self) -> io::Result<Handle> {
        self.stream.try_clone().map(Handle)
    }
}

#[cfg(target_os = "linux")]
fn peer(stream: &UnixStream) -> io::Result<u32> {
    Ok(rustix::net::sockopt::socket_peercred(stream)?.uid.as_raw())
}

#[cfg(not(target_os = "linux"))]
fn peer(stream: &UnixStream) -> io::Result<u32> {
    let (user, _) = nix::unistd::getpeereid(stream)?;
    Ok(user.as_raw())
}

/// The way to end a connection from outside.
pub struct Handle(UnixStream);

impl Handle {
    /// From now on the connection reads as ended; what is being answered still is.
    pub fn end(&self) {
        let _ = self.0.shutdown(Shutdown::Read);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For what is there already, and for what never comes.
    const LONG: Duration = Duration::from_secs(60);
    const NOW: Duration = Duration::from_millis(1);

    fn pair(longest: usize) -> (UnixStream, Caller) {
        let (here, there) = UnixStream::pair().unwrap();
        (here, Caller::new(there, longest))
    }

    fn text(text: &str) -> Line {
        Line::Text(Zeroizing::new(text.as_bytes().to_vec()))
    }

    #[test]
    fn lines_come_one_by_one_however_they_were_sent() {
        let (mut here, mut caller) = pair(10);
        here.write_all(b"one\ntw").unwrap();
        assert_eq!(caller.line(LONG, LONG).unwrap(), text("one"));
        assert_eq!(caller.line(NOW, NOW).unwrap(), Line::TooSlow);
        here.write_all(b"o\n\n0123456789\n").unwrap();
        for line in ["two", "", "0123456789"] {
            assert_eq!(caller.line(LONG, LONG).unwrap(), text(line));
        }
        assert!(caller.held.iter().all(|byte| *byte == 0), "nothing is left");
        here.write_all(b"cut off").unwrap();
        assert!(!caller.is_gone());
        here.shutdown(Shutdown::Write).unwrap();
        assert!(!caller.is_gone(), "it still reads");
        drop(here);
        assert!(caller.is_gone());
        assert_eq!(caller.line(LONG, LONG).unwrap(), Line::End);
    }

    #[test]
    fn a_line_has_a_length_and_a_time() {
        let (mut here, mut caller) = pair(4);
        here.write_all(b"12345\n").unwrap();
        assert_eq!(caller.line(LONG, LONG).unwrap(), Line::TooLong);
        let (_here, mut caller) = pair(4);
        assert_eq!(caller.line(NOW, NOW).unwrap(), Line::TooSlow);
        caller.handle().unwrap().end();
        assert_eq!(caller.line(LONG, LONG).unwrap(), Line::End);
    }

    #[test]
    fn the_kernel_says_who_it_is() {
        let (_here, caller) = pair(4);
        let id = caller.id().unwrap();
        assert_eq!(id, rustix::process::geteuid().as_raw());
    }
}
