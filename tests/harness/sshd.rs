//! Debian's sshd on the loopback address of a [`Machine`], with keys of its own.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use super::Ended;
use super::machine::Machine;

/// Longer than anything here takes; only a test that fails waits for so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// The server; it stops when this is dropped.
pub struct Sshd<'a> {
    machine: &'a Machine,
    child: Child,
    port: u16,
    log: Receiver<String>,
}

impl<'a> Sshd<'a> {
    /// A server with the machine's configuration. It is root's: it must become whoever logs in,
    /// and what PAM starts for it reads the store.
    #[track_caller]
    pub fn start(machine: &'a Machine) -> Self {
        machine.run(
            "rm -f /etc/ssh/ssh_host_*
            ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key",
        );
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut child = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-o", "ListenAddress=127.0.0.1", "-p"])
            .arg(port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, log) = channel();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = tell.send(line);
            }
        });
        let sshd = Self {
            machine,
            child,
            port,
            log,
        };
        sshd.logs("Server listening on ");
        sshd
    }

    /// Waits until the server has logged something with these words.
    #[track_caller]
    pub fn logs(&self, words: &str) {
        let mut before = Vec::new();
        loop {
            let Ok(line) = self.log.recv_timeout(PATIENCE) else {
                panic!("sshd did not log {words:?}, but {before:#?}");
            };
            if line.contains(words) {
                return;
            }
            before.push(line);
        }
    }

    /// Somebody logs in with their key, and types a line of this at each question. Who is in says
    /// so; the questions go to standard error.
    pub fn login(&self, user: &str, typed: &str) -> Ended {
        self.login_as(user, user, typed)
    }

    /// The owner of an account tries it as somebody else.
    pub fn login_as(&self, account: &str, user: &str, typed: &str) -> Ended {
        let script = format!(
            "cat >\"$HOME/typed\"
            cat >\"$HOME/askpass\" <<'END'
#!/bin/sh
echo \"$1\" >&2
sed -n 1p \"$HOME/typed\"
sed -i 1d \"$HOME/typed\"
END
            chmod 700 \"$HOME/askpass\"
            export SSH_ASKPASS=\"$HOME/askpass\" SSH_ASKPASS_REQUIRE=force
            ssh -n -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
                -o NumberOfPasswordPrompts=1 -p {} {user}@127.0.0.1 'echo $(id -un) is in'",
            self.port
        );
        self.machine.run_as(account, &script, typed)
    }
}

impl Drop for Sshd<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
