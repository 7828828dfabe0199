//! Where callers arrive: at a socket that systemd hands over, else at one of our own.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::fd::FromRawFd;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, OpenOptionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{Mode, OFlags};
use rustix::net::{SocketType, sockopt};
use rustix::process::umask;
use sd_notify::NotifyState;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::low_level::pipe;

use crate::error::{Error, Kind, Result};
use crate::platform::files::access::{is_trusted, own_user};
use crate::platform::files::directory_of;

/// A socket at which callers arrive, until a signal asks for an end.
pub struct Listener {
    socket: UnixListener,
    signals: UnixStream,
    /// None for one of systemd's, which stays when this program ends.
    own: Option<Own>,
}

struct Own {
    path: PathBuf,
    /// Held as long as we listen: the kernel frees it however we end.
    _lock: File,
}

/// What ended the waiting.
pub enum Arrival {
    Stream(UnixStream),
    /// SIGTERM or SIGINT.
    Stop,
}

impl Listener {
    /// Listens at the socket that systemd has opened, else at this path. Everybody may connect: who
    /// they are, the kernel says, and what they may, the settings.
    ///
    /// # Errors
    /// [`Kind::WrongState`] where another program serves there; what the system says otherwise.
    pub fn open(path: &Path) -> Result<Self> {
        let doing = |error| Error::file(format!("cannot listen at {}", path.display()), error);
        let (socket, own) = match handed_over().map_err(doing)? {
            Some(socket) => (socket, None),
            None => {
                let lock = lock(path)?;
                let socket = bind(path).map_err(doing)?;
                let own = Own {
                    path: path.to_owned(),
                    _lock: lock,
                };
                (socket, Some(own))
            }
        };
        let (signals, raised) = UnixStream::pair().map_err(doing)?;
        for signal in [SIGINT, SIGTERM] {
            let raised = raised.try_clone().map_err(doing)?;
            pipe::register(signal, raised).map_err(doing)?;
        }
        socket.set_nonblocking(true).map_err(doing)?;
        Ok(Self {
            socket,
            signals,
            own,
        })
    }

    /// Says to who started this program that it listens.
    pub fn tell_ready(&self) {
        let _ = sd_notify::notify(&[NotifyState::Ready]);
    }

    /// Waits for the next caller, or for the end.
    ///
    /// # Errors
    /// What the system says of the socket.
    pub fn next(&self) -> io::Result<Arrival> {
        loop {
            let mut waiting = [
                PollFd::new(&self.signals, PollFlags::IN),
                PollFd::new(&self.socket, PollFlags::IN),
            ];
            match poll(&mut waiting, None) {
                Ok(_) => {}
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            }
            if !waiting[0].revents().is_empty() {
                let _ = sd_notify::notify(&[NotifyState::Stopping]);
                return Ok(Arrival::Stop);
            }
            match self.socket.accept() {
                Ok((stream, _)) => {
                    stream.set_nonblocking(false)?;
                    return Ok(Arrival::Stream(stream));
                }
                // Whoever came has gone.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            let _ = fs::remove_file(&own.path);
        }
    }
}

#[expect(unsafe_code, reason = "systemd hands a socket over by its number")]
fn handed_over() -> io::Result<Option<UnixListener>> {
    let Some(number) = sd_notify::listen_fds()?.next() else {
        return Ok(None);
    };
    // SAFETY: systemd opened it for this process (LISTEN_PID was compared), and only this line takes it.
    let socket = unsafe { UnixListener::from_raw_fd(number) };
    let is_stream = sockopt::socket_type(&socket)? == SocketType::STREAM;
    if !is_stream || !does_listen(&socket)? || socket.local_addr().is_err() {
        return Err(io::Error::other(
            "what was handed over is no listening stream socket",
        ));
    }
    Ok(Some(socket))
}

#[cfg(target_os = "linux")]
fn does_listen(socket: &UnixListener) -> io::Result<bool> {
    Ok(sockopt::socket_acceptconn(socket)?)
}

/// Elsewhere nobody hands sockets over.
#[cfg(not(target_os = "linux"))]
fn does_listen(_: &UnixListener) -> io::Result<bool> {
    Ok(true)
}

/// The right to listen at this path.
fn lock(path: &Path) -> Result<File> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = PathBuf::from(name);
    let doing = |error| Error::file(format!("cannot make {}", name.display()), error);
    let directory = directory_of(path);
    if !directory.exists() {
        let mut builder = DirBuilder::new();
        builder.mode(0o755).create(directory).map_err(doing)?;
    }
    require_own(directory)?;
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
        .open(&name)
        .map_err(doing)?;
    if !file.metadata().map_err(doing)?.is_file() {
        return Err(doing(io::Error::other("something else lies there")));
    }
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(Error::new(
            Kind::WrongState,
            format!("another program serves at {} already", path.display()),
        )
        .hint("stop it first, or name another path with --socket")),
        Err(fs::TryLockError::Error(error)) => Err(doing(error)),
    }
}

/// Sees that nobody else can put anything into the directory of the socket, who could answer there in
/// our place, or lead us elsewhere.
fn require_own(directory: &Path) -> Result<()> {
    let found = fs::metadata(directory)
        .map_err(|error| Error::file(format!("cannot read {}", directory.display()), error))?;
    if is_trusted(found.uid(), own_user()) && found.mode() & 0o022 == 0 {
        return Ok(());
    }
    Err(Error::new(
        Kind::Permission,
        format!("others may write to {}", directory.display()),
    )
    .hint("listen in a directory that belongs to root or to this account, with mode 755"))
}

fn bind(path: &Path) -> io::Result<UnixListener> {
    match fs::symlink_metadata(path) {
        // Left by one that was killed: nobody else holds the lock.
        Ok(found) if found.file_type().is_socket() => fs::remove_file(path)?,
        Ok(_) => {
            return Err(io::Error::new(
                io::ErrorKind::AlreadyExists,
                "something else lies there",
            ));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // Everybody may connect; there is no other thread yet that makes files.
    let before = umask(Mode::from_raw_mode(0o111));
    let socket = UnixListener::bind(path);
    umask(before);
    socket
}
