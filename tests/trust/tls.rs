//! A store on a server over the network: TLS with a server that proves who it is, or nothing is said to
//! it. Needs PostgreSQL.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use crate::harness::Desk;

const PASSWORD: &str = "geheim-0815";

/// A PostgreSQL of its own; it ends when the pipe to it is closed.
struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// With the certificate in this directory, or without TLS.
    fn start(certificate: Option<&Path>) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut command = Command::new(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/servers/postgres"
        ));
        command.args(["--network", &port.to_string()]);
        if let Some(directory) = certificate {
            command.arg("--certificate").arg(directory);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut socket = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut socket)
            .unwrap();
        let url = format!(
            "postgres://postgres@/postgres?host={}&port={port}",
            socket.trim()
        );
        let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
        client
            .batch_execute(&format!("ALTER ROLE codes PASSWORD '{PASSWORD}'"))
            .unwrap();
        Self { process, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

/// Stands between the program and a server, and keeps what the program says.
struct Between {
    port: u16,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Between {
    fn new(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (to, heard) = (server.port, Arc::new(Mutex::new(Vec::new())));
        let hears = Arc::clone(&heard);
        thread::spawn(move || {
            for caller in listener.incoming() {
                let (caller, server) = (caller.unwrap(), TcpStream::connect(("127.0.0.1", to)));
                let Ok(server) = server else { return };
                let back = (server.try_clone().unwrap(), caller.try_clone().unwrap());
                let hears = Arc::clone(&hears);
                thread::spawn(move || {
                    pass(caller, server, |said| {
                        hears.lock().unwrap().extend_from_slice(said);
                    });
                });
                thread::spawn(move || pass(back.0, back.1, |_| ()));
            }
        });
        Self { port, heard }
    }

    /// What was said since this was asked last.
    fn heard(&self) -> Vec<u8> {
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, hear: impl Fn(&[u8])) {
    let mut some = [0; 4096];
    while let Ok(count @ 1..) = from.read(&mut some) {
        hear(&some[..count]);
        if to.write_all(&some[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

/// Whether these bytes have that text in them.
fn holds(heard: &[u8], text: &str) -> bool {
    heard
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// An authority, whose certificate lies at this path, and one for `localhost` beside it.
fn certify(directory: &Path) {
    fs::create_dir(directory).unwrap();
    let key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&key).unwrap().pem();
    fs::write(directory.join("ca.pem"), pem).unwrap();
    let issuer = Issuer::new(authority, key);
    let key = KeyPair::generate().unwrap();
    let host = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let pem = host.signed_by(&key, &issuer).unwrap().pem();
    fs::write(directory.join("host.pem"), pem).unwrap();
    fs::write(directory.join("host.key"), key.serialize_pem()).unwrap();
}

/// A desk of which no store is known, with the password in a private file.
fn desk() -> Desk {
    let desk = Desk::in_file();
    let file = desk.home().join("password");
    fs::write(&file, PASSWORD).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let file = file.to_str().unwrap().to_owned();
    desk.with("RECOVERY_CODES_SERVER_PASSWORD_FILE", &file)
        .with("RECOVERY_CODES_SERVER_ALONE", "true")
}

fn url(host: &str, port: u16, options: &str) -> String {
    let url = format!("postgres://codes@{host}:{port}/codes?{options}");
    url.trim_end_matches('?').to_owned()
}

/// The message of a command that cannot reach its store, and says nothing to whoever answers.
#[track_caller]
fn refused(desk: &Desk, between: &Between, store: &str) -> String {
    between.heard();
    let ended = desk.pipe(
        &["--store", store, "--json", "verify", "alice"],
        "whatever it is",
    );
    let error = ended.error();
    assert_eq!(
        (ended.exit, &error["kind"]),
        (4, &"unreachable".into()),
        "{error}"
    );
    let heard = between.heard();
    assert!(!heard.is_empty());
    for secret in [PASSWORD, "codes", "recovery"] {
        assert!(!holds(&heard, secret), "{secret}: {error}");
    }
    error["message"].as_str().unwrap().to_owned()
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_server_that_proves_its_name_is_told_the_password_and_no_other_is() {
    let desk = desk();
    let [ours, theirs] = ["ours", "theirs"].map(|name| desk.home().join(name));
    certify(&ours);
    certify(&theirs);
    let [ours_pem, theirs_pem] = [&ours, &theirs].map(|at| format!("{}/ca.pem", at.display()));
    let server = Server::start(Some(&ours));
    let between = Between::new(&server);
    let verified = |host: &str, authority: &str| {
        let options = format!("sslmode=verify-full&sslrootcert={authority}");
        url(host, between.port, &options)
    };

    let good = verified("localhost", &ours_pem);
    let codes = desk.run(&["--store", &good, "generate", "alice", "--create-user"]);
    let codes = codes.lines();
    let verify = desk.pipe(&["--store", &good, "verify", "alice"], &codes[0]);
    assert_eq!(verify.exit, 0, "{}", verify.err);
    let heard = between.heard();
    assert!(!holds(&heard, PASSWORD) && !holds(&heard, &codes[0][..6]));
    let check = desk.run(&["--store", &good, "check", "--json"]);
    assert!(!check.out.contains("\"encryption\""), "{}", check.out);

    let unproven = "whoever answers does not prove to be the server of the store";
    // Another authority; a name that does not stand in the certificate; the system's authorities.
    let system = url("localhost", between.port, "sslmode=verify-full");
    for store in [
        verified("localhost", &theirs_pem),
        verified("127.0.0.1", &ours_pem),
        system,
        url("localhost", between.port, "sslmode=require"),
        url("localhost", between.port, ""),
    ] {
        let said = refused(&desk, &between, &store);
        assert!(said.starts_with(unproven), "{store}: {said}");
    }
}

#[test]
#[ignore = "needs PostgreSQL"]
fn a_server_without_tls_is_told_nothing_unless_that_is_meant() {
    let desk = desk();
    let authority = desk.home().join("ours");
    certify(&authority);
    let server = Server::start(None);
    let between = Between::new(&server);
    let rest = format!(
        "sslmode=verify-full&sslrootcert={}/ca.pem",
        authority.display()
    );
    let said = refused(&desk, &between, &url("localhost", between.port, &rest));
    assert!(
        said.starts_with("the server of the store does not speak TLS"),
        "{said}"
    );
    // It is heard where it is said.
    let plain = url("localhost", between.port, "sslmode=disable");
    desk.say(&["--store", &plain, "init"]);
    assert!(holds(&between.heard(), PASSWORD));
}
