//! The local door of a desk, kept by the real program, and connections to it.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::{UnixDatagram, UnixStream};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{Desk, Ended, ended};

/// `serve` as a process, listening.
pub struct Door {
    /// None when it was waited for.
    child: Option<Child>,
    socket: PathBuf,
}

/// The name of the account that runs the tests.
pub fn account() -> String {
    let user = nix::unistd::User::from_uid(nix::unistd::geteuid());
    user.unwrap().unwrap().name
}

impl Desk {
    /// Where the door of this desk is.
    pub fn door(&self) -> PathBuf {
        self.home().join("door")
    }

    /// The same desk, where these rules say who may ask.
    pub fn allowing(self, rules: &str) -> Self {
        let socket = self.door();
        self.with("RECOVERY_CODES_SERVE_SOCKET", socket.to_str().unwrap())
            .with("RECOVERY_CODES_SERVE_ALLOW", rules)
    }

    /// The same, where whoever runs the tests may ask everything.
    pub fn open_to_us(self) -> Self {
        let rule = format!("user={} words=verify+confirm", account());
        self.allowing(&rule)
    }

    /// Opens the door.
    pub fn serve(&self) -> Door {
        Door::open(self, self.process(&["serve"]))
    }
}

impl Door {
    /// Starts this and waits until it says that it listens.
    pub fn open(desk: &Desk, mut command: Command) -> Self {
        let path = desk.home().join("ready");
        let _ = std::fs::remove_file(&path);
        let ready = UnixDatagram::bind(&path).unwrap();
        ready
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let child = command.env("NOTIFY_SOCKET", &path).spawn().unwrap();
        let mut told = [0; 100];
        let length = ready.recv(&mut told).expect("it never listened");
        assert_eq!(String::from_utf8_lossy(&told[..length]).trim(), "READY=1");
        Self {
            child: Some(child),
            socket: desk.door(),
        }
    }

    pub fn kill(&self, signal: Signal) {
        let child = self.child.as_ref().unwrap();
        kill_process(Pid::from_child(child), signal).unwrap();
    }

    /// Asks it to end, and waits until it has.
    pub fn close(self) -> Ended {
        self.kill(Signal::TERM);
        self.wait()
    }

    pub fn wait(mut self) -> Ended {
        let child = self.child.take().unwrap();
        ended(child.wait_with_output().unwrap())
    }

    pub fn connect(&self) -> Connection {
        let stream = UnixStream::connect(&self.socket).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        Connection(BufReader::new(stream))
    }
}

/// A test that fails leaves nobody behind who serves.
impl Drop for Door {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// One connection to a door.
pub struct Connection(BufReader<UnixStream>);

impl Connection {
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // Whoever is refused may be gone before all is written.
        let _ = self.0.get_mut().write_all(bytes.as_ref());
    }

    /// The next answer; null when there is none any more.
    pub fn answer(&mut self) -> Value {
        let mut line = String::new();
        match self.0.read_line(&mut line) {
            Ok(0) | Err(_) => Value::Null,
            Ok(_) => serde_json::from_str(&line).unwrap(),
        }
    }

    pub fn ask(&mut self, question: &Value) -> Value {
        self.send(format!("{question}\n"));
        self.answer()
    }
}
