//! A mail server for one test: on the loopback address, with a certificate of its own, and as
//! badly behaved as the test wants it.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How the server behaves; [`Manners::default`] is a good server with STARTTLS.
#[derive(Clone)]
pub struct Manners {
    pub encryption: Encryption,
    /// Name and password, without which it takes no mail.
    pub login: Option<(&'static str, &'static str)>,
    /// What it offers after AUTH.
    pub mechanisms: &'static str,
    pub certificate: Certificate,
    pub fault: Fault,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            encryption: Encryption::Starttls,
            login: None,
            mechanisms: "PLAIN LOGIN",
            certificate: Certificate::Good,
            fault: Fault::None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    Starttls,
    Tls,
    None,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Certificate {
    Good,
    ForAnotherName,
    Expired,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// This answer instead of a yes, always.
    Answer(At, &'static str),
    /// 451 to the first recipient, then none.
    Greylisting,
    /// Says nothing from here on.
    Silence(At),
    /// Closes the connection here, before it answers.
    HangUp(At),
    /// Somebody in between has put this after the answer to STARTTLS.
    Injected(&'static str),
    /// Greets one letter at a time and never comes to the end.
    Drip,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum At {
    Greeting,
    Login,
    Recipient,
    /// In the middle of the letter.
    Letter,
    /// When the whole letter has come.
    End,
}

/// A letter that was accepted.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
    pub was_encrypted: bool,
    pub login: Option<String>,
}

/// The running server; it ends with the value.
pub struct Server {
    pub address: SocketAddr,
    /// Its certificate authority in PEM.
    pub authority: String,
    received: Arc<Mutex<Vec<Received>>>,
    heard: Arc<Mutex<Vec<String>>>,
    is_closed: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(manners: Manners) -> Self {
        let (authority, tls) = certify(manners.certificate);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let is_closed = Arc::new(AtomicBool::new(false));
        let mut host = Host {
            manners,
            tls,
            received: Arc::clone(&received),
            heard: Arc::clone(&heard),
            has_greylisted: false,
            is_closed: Arc::clone(&is_closed),
        };
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if host.is_closed.load(Ordering::SeqCst) {
                    break;
                }
                // How a conversation ends is the client's story.
                let _ = stream.and_then(|stream| host.serve(stream));
            }
        });
        Self {
            address,
            authority,
            received,
            heard,
            is_closed,
            thread: Some(thread),
        }
    }

    /// The letters it accepted.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Every command it understood.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().unwrap().join();
    }
}

fn certify(certificate: Certificate) -> (String, Arc<ServerConfig>) {
    let authority_key = KeyPair::generate().unwrap();
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);

    let names = match certificate {
        Certificate::ForAnotherName => vec!["mail.example.org".to_owned()],
        Certificate::Good | Certificate::Expired => vec!["localhost".to_owned()],
    };
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(names).unwrap();
    if certificate == Certificate::Expired {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    }
    let chain = vec![params.signed_by(&key, &issuer).unwrap().der().clone()];
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    (pem, Arc::new(config))
}

enum Line {
    Plain(TcpStream),
    Encrypted(Box<StreamOwned<ServerConnection, TcpStream>>),
}

impl Line {
    fn encrypted(self, tls: &Arc<ServerConfig>) -> Self {
        match self {
            Self::Plain(stream) => Self::Encrypted(Box::new(StreamOwned::new(
                ServerConnection::new(Arc::clone(tls)).unwrap(),
                stream,
            ))),
            Self::Encrypted(_) => self,
        }
    }

    fn say(&mut self, text: &str) -> io::Result<()> {
        let text = format!("{text}\r\n");
        match self {
            Self::Plain(stream) => stream.write_all(text.as_bytes()),
            Self::Encrypted(stream) => stream
                .write_all(text.as_bytes())
                .and_then(|()| stream.flush()),
        }
    }

    /// The next line without its end; an error when there is none any more.
    fn hear(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        while !line.ends_with(b"\r\n") {
            let mut byte = [0];
            let read = match self {
                Self::Plain(stream) => stream.read(&mut byte)?,
                Self::Encrypted(stream) => stream.read(&mut byte)?,
            };
            if read == 0 {
                return Err(hung_up());
            }
            line.push(byte[0]);
        }
        line.truncate(line.len() - 2);
        String::from_utf8(line).map_err(io::Error::other)
    }

    /// Listens without a word until the other side gives up.
    fn fall_silent(&mut self) -> io::Result<()> {
        loop {
            self.hear()?;
        }
    }
}

fn hung_up() -> io::Error {
    io::Error::other("the connection is closed")
}

struct Host {
    manners: Manners,
    tls: Arc<ServerConfig>,
    received: Arc<Mutex<Vec<Received>>>,
    heard: Arc<Mutex<Vec<String>>>,
    has_greylisted: bool,
    is_closed: Arc<AtomicBool>,
}

impl Host {
    fn serve(&mut self, stream: TcpStream) -> io::Result<()> {
        // No test waits forever for a client that does.
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let mut line = Line::Plain(stream);
        if self.manners.encryption == Encryption::Tls {
            line = line.encrypted(&self.tls);
        }
        if self.manners.fault == Fault::Drip {
            return self.drip(line);
        }
        self.answer(&mut line, At::Greeting, "220 localhost ESMTP")?;
        let mut letter = Received {
            from: String::new(),
            to: Vec::new(),
            text: String::new(),
            was_encrypted: false,
            login: None,
        };
        loop {
            let said = line.hear()?;
            let word = said.split(' ').next().unwrap().to_uppercase();
            self.heard.lock().unwrap().push(said.clone());
            match word.as_str() {
                "EHLO" => self.introduce(&mut line)?,
                "STARTTLS" => {
                    let mut answer = "220 go ahead".to_owned();
                    if let Fault::Injected(more) = self.manners.fault {
                        answer = format!("{answer}\r\n{more}");
                    }
                    line.say(&answer)?;
                    line = line.encrypted(&self.tls);
                }
                "AUTH" => letter.login = self.log_in(&mut line, &said)?,
                "MAIL" if self.manners.login.is_some() && letter.login.is_none() => {
                    line.say("530 5.7.0 authentication required")?;
                }
                "MAIL" => {
                    letter.from = said;
                    line.say("250 2.1.0 fine")?;
                }
                "RCPT" => {
                    if self.manners.fault == Fault::Greylisting && !self.has_greylisted {
                        self.has_greylisted = true;
                        line.say("451 4.7.1 come back later")?;
                        continue;
                    }
                    letter.to.push(said);
                    self.answer(&mut line, At::Recipient, "250 2.1.5 fine")?;
                }
                "DATA" => {
                    line.say("354 go on")?;
                    letter.text = self.take_letter(&mut line)?;
                    letter.was_encrypted = matches!(line, Line::Encrypted(_));
                    let is_accepted = !matches!(self.manners.fault, Fault::Answer(At::End, _));
                    if is_accepted {
                        self.received.lock().unwrap().push(letter.clone());
                    }
                    self.answer(&mut line, At::End, "250 2.0.0 taken")?;
                }
                "NOOP" => line.say("250 2.0.0 fine")?,
                "QUIT" => return line.say("221 2.0.0 good-bye"),
                _ => line.say("502 5.5.2 what")?,
            }
        }
    }

    fn introduce(&self, line: &mut Line) -> io::Result<()> {
        line.say("250-localhost")?;
        let is_encrypted = matches!(line, Line::Encrypted(_));
        if self.manners.encryption == Encryption::Starttls && !is_encrypted {
            line.say("250-STARTTLS")?;
        } else if self.manners.login.is_some() {
            line.say(&format!("250-AUTH {}", self.manners.mechanisms))?;
        }
        line.say("250 8BITMIME")
    }

    fn log_in(&self, line: &mut Line, said: &str) -> io::Result<Option<String>> {
        let (name, password) = self.manners.login.unwrap();
        let mut words = said.split(' ').skip(1);
        let is_right = match words.next().unwrap() {
            "PLAIN" => words.next().unwrap() == base64(&format!("\0{name}\0{password}")),
            "LOGIN" => {
                line.say("334 VXNlcm5hbWU6")?;
                let given_name = line.hear()?;
                line.say("334 UGFzc3dvcmQ6")?;
                let given_password = line.hear()?;
                given_name == base64(name) && given_password == base64(password)
            }
            other => panic!("AUTH {other}"),
        };
        if !is_right {
            // Some servers repeat what they were told.
            line.say(&format!("535 5.7.8 no: {said}"))?;
            return Ok(None);
        }
        self.answer(line, At::Login, "235 2.7.0 welcome")?;
        Ok(Some(said.split(' ').nth(1).unwrap().to_owned()))
    }

    fn take_letter(&self, line: &mut Line) -> io::Result<String> {
        let mut text = String::new();
        loop {
            let heard = line.hear()?;
            if heard == "." {
                return Ok(text);
            }
            text.push_str(heard.strip_prefix('.').unwrap_or(&heard));
            text.push_str("\r\n");
            if self.manners.fault == Fault::HangUp(At::Letter) {
                return Err(hung_up());
            }
        }
    }

    /// The client's timeout never passes between two letters; reading is how to wait a little.
    fn drip(&self, line: Line) -> io::Result<()> {
        let Line::Plain(mut stream) = line else {
            panic!("drips only unencrypted");
        };
        stream.set_read_timeout(Some(Duration::from_millis(20)))?;
        while !self.is_closed.load(Ordering::SeqCst) {
            stream.write_all(b"2")?;
            if matches!(stream.read(&mut [0]), Ok(0)) {
                break;
            }
        }
        Ok(())
    }

    /// The answer that belongs here, or the fault.
    fn answer(&self, line: &mut Line, at: At, answer: &str) -> io::Result<()> {
        match self.manners.fault {
            Fault::Answer(here, instead) if here == at => line.say(instead),
            Fault::Silence(here) if here == at => line.fall_silent(),
            Fault::HangUp(here) if here == at => Err(hung_up()),
            _ => line.say(answer),
        }
    }
}

/// RFC 4648 section 4.
pub fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut shown = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0, |bits, i| {
            bits << 8 | u32::from(*chunk.get(i).unwrap_or(&0))
        });
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i)) as usize & 63];
            shown.push(if i <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    shown
}
