//! By which way mail leaves.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::model::mail::{Backend, Security};

/// Everything a mailer must know of the settings.
#[derive(Clone)]
pub struct MailSettings {
    pub backend: Backend,
    /// The mail server's name or address.
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// The name at the mail server; without one it is not asked for a password.
    pub user: Option<String>,
    pub password: Option<Zeroizing<String>>,
    /// The only certificate authority to trust, instead of the system's, in PEM.
    pub ca_file: Option<PathBuf>,
    /// Where [`Backend::File`] writes.
    pub directory: PathBuf,
    /// How long to wait for a connection and for each answer.
    pub timeout: Duration,
    /// The most time for one conversation, if that is to be less than it may need.
    pub limit: Option<Duration>,
}

impl MailSettings {
    /// The usual wait for a connection and for each answer.
    pub const TIMEOUT: Duration = Duration::from_secs(10);

    /// The wait for the answer to a whole message, which a server may first have scanned
    /// (RFC 5321 section 4.5.3.2.6 allows more, but somebody may be waiting here).
    pub(super) fn patience(&self) -> Duration {
        self.timeout * 6
    }

    /// How long one conversation may take, however slowly the server speaks.
    pub(super) fn deadline(&self) -> Duration {
        let longest = self.longest();
        self.limit.map_or(longest, |limit| limit.min(longest))
    }

    /// Whether that is less than a conversation may need.
    pub(super) fn is_hurried(&self) -> bool {
        self.deadline() < self.longest()
    }

    fn longest(&self) -> Duration {
        self.timeout * 12
    }

    /// The server as it is named in messages.
    pub(super) fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// Whether what is said to the server does not leave this machine.
    pub(super) fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self
                .host
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings")
            .field("backend", &self.backend)
            .field("server", &self.server())
            .field("security", &self.security)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}
