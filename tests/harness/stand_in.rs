//! Stands in for the local door, and says what a test wants to be said.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Shorter than any caller waits.
const PAUSE: Duration = Duration::from_millis(100);

/// A socket at which requests are answered until the test ends.
pub struct StandIn {
    directory: TempDir,
    heard: Arc<Mutex<Vec<String>>>,
}

/// What it does when it has heard a request.
#[derive(Clone, Copy)]
pub enum Then {
    /// It waits for the next request.
    Listen,
    /// It closes the connection.
    Close,
    /// It says a space, pauses, says a space, and never comes to an end.
    Dawdle,
}

impl StandIn {
    /// It says this to each request.
    pub fn saying(text: &str, then: Then) -> Self {
        let text = text.to_owned();
        let stand_in = Self {
            directory: tempfile::tempdir().unwrap(),
            heard: Arc::default(),
        };
        let listener = UnixListener::bind(stand_in.path()).unwrap();
        let heard = Arc::clone(&stand_in.heard);
        thread::spawn(move || {
            for caller in listener.incoming() {
                let (caller, text, heard) = (caller.unwrap(), text.clone(), Arc::clone(&heard));
                thread::spawn(move || attend(caller, &heard, &text, then));
            }
        });
        stand_in
    }

    pub fn path(&self) -> PathBuf {
        self.directory.path().join("door")
    }

    /// All requests so far.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// Answers one caller until either of them goes.
fn attend(caller: UnixStream, heard: &Mutex<Vec<String>>, text: &str, then: Then) {
    let mut say = caller.try_clone().unwrap();
    for request in BufReader::new(caller).lines().map_while(Result::ok) {
        heard.lock().unwrap().push(request);
        if say.write_all(text.as_bytes()).is_err() {
            return;
        }
        match then {
            Then::Listen => {}
            Then::Close => return,
            Then::Dawdle => {
                say.set_read_timeout(Some(PAUSE)).unwrap();
                while say.write_all(b" ").is_ok() {
                    let _ = say.read(&mut [0]);
                }
            }
        }
    }
}
