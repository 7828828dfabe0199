//! Reaching a server: the store's URL, the variables of libpq, the password, TLS.

use std::future::poll_fn;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres::error::{DbError, Severity};
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Socket};

use super::link::Link;
use super::said::{Failure, unreachable};
use super::{password, tls};
use crate::error::{Error, Kind, Result};
use crate::model::location::Server;

/// How the network is secured.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Security {
    Plain,
    /// TLS, with the certificate of the server proven; by this authority, or by the system's.
    Tls(Option<PathBuf>),
}

/// Connects to the primary among the servers.
///
/// # Errors
/// [`Kind::Config`] for a URL that makes no sense, [`Kind::Unreachable`], [`Kind::Permission`],
/// [`Kind::NoStore`] for a database that is not there.
pub(super) fn connect(server: &Server) -> Result<Link> {
    let (config, security) = config(server)?;
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::new(Kind::Io, "the network cannot be used").because(error))?;
    let was_warned = Arc::new(AtomicBool::new(false));
    let client = match security {
        Security::Plain => reach(&runtime, &config, NoTls, server.timeout, &was_warned),
        Security::Tls(authority) => tls::trusting(authority.as_deref())
            .and_then(|tls| reach(&runtime, &config, tls, server.timeout, &was_warned)),
    };
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            // A name that is still looked up is not waited for.
            runtime.shutdown_background();
            return Err(error);
        }
    };
    Ok(Link::new(
        (client, runtime),
        was_warned,
        server.timeout,
        server.is_alone,
    ))
}

fn reach<T>(
    runtime: &Runtime,
    config: &Config,
    tls: T,
    timeout: Duration,
    was_warned: &Arc<AtomicBool>,
) -> Result<Client>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let connected =
        runtime.block_on(async { tokio::time::timeout(timeout, config.connect(tls)).await });
    let (client, mut connection) = match connected {
        Ok(Ok(connected)) => connected,
        Ok(Err(error)) => return Err(Failure::Said(error).into()),
        Err(_) => {
            return Err(unreachable(
                "the server of the store cannot be reached in time",
            ));
        }
    };
    let was_warned = Arc::clone(was_warned);
    runtime.spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notice(notice) = message
                && is_warning(&notice)
            {
                was_warned.store(true, Ordering::SeqCst);
            }
        }
    });
    Ok(client)
}

/// Whether it is more than news, in whatever language the server speaks.
fn is_warning(notice: &DbError) -> bool {
    match notice.parsed_severity() {
        Some(severity) => !matches!(
            severity,
            Severity::Notice | Severity::Info | Severity::Log | Severity::Debug
        ),
        None => true,
    }
}

/// Options of the URL that are ours to read; the library would refuse or weaken them, or take several
/// hosts for one.
const OURS: [&str; 4] = ["sslmode", "sslrootcert", "passfile", "host"];

fn config(server: &Server) -> Result<(Config, Security)> {
    if server.has_password() {
        return Err(with_password());
    }
    let (url, options) = server.url().split_once('?').unwrap_or((server.url(), ""));
    let mut ours: Vec<(&str, String)> = Vec::new();
    let mut theirs = Vec::new();
    for option in options.split('&').filter(|option| !option.is_empty()) {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        match OURS.iter().find(|our| **our == name) {
            Some(our) if ours.iter().any(|(known, _)| known == our) => {
                return Err(wrong(&format!("{our} stands in it twice")).hint("say it once"));
            }
            Some(our) => ours.push((our, unescape(value)?)),
            // It would be called without the name that is proven.
            None if name == "hostaddr" => {
                return Err(wrong("hostaddr is not read").hint("name the host itself"));
            }
            None => theirs.push(option),
        }
    }
    let url = format!("{url}?{}", theirs.join("&"));
    let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
        wrong("it makes no sense")
            .because(error)
            .hint("write it like postgres://user@host/database?sslmode=verify-full")
    })?;
    for (_, hosts) in ours.iter().filter(|(our, _)| *our == "host") {
        for host in hosts.split(',') {
            config.host(host);
        }
    }
    if config.get_password().is_some() {
        return Err(with_password());
    }
    let variable = |name: &str| {
        server
            .environment
            .get(name)
            .filter(|value| !value.is_empty())
    };
    if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
        for host in variable("PGHOST").unwrap_or("/run/postgresql").split(',') {
            config.host(host);
        }
    }
    if config.get_ports().is_empty()
        && let Some(ports) = variable("PGPORT")
    {
        for port in ports.split(',') {
            config.port(port.parse().map_err(|_| {
                wrong("PGPORT is not a port").hint("set it to a number, or unset it")
            })?);
        }
    }
    if config.get_user().is_none()
        && let Some(user) = variable("PGUSER").or_else(|| variable("USER"))
    {
        config.user(user);
    }
    if config.get_dbname().is_none()
        && let Some(name) = variable("PGDATABASE")
    {
        config.dbname(name);
    }
    config.application_name("recovery-codes");
    if config.get_hosts().len() > 1 {
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    }
    // A peer that is gone without a word, such as behind a network that was cut, is noticed as soon.
    let hosts = u32::try_from(config.get_hosts().len().max(1)).unwrap_or(1);
    config
        .connect_timeout(server.timeout / hosts)
        .tcp_user_timeout(server.timeout)
        .keepalives_idle(Duration::from_secs(1).min(server.timeout))
        .keepalives_interval(Duration::from_secs(1))
        .keepalives_retries(2);
    let of = |name: &str, otherwise: &str| {
        let said = ours
            .iter()
            .find(|(our, _)| *our == name)
            .map(|(_, value)| value.clone());
        said.or_else(|| variable(otherwise).map(str::to_owned))
    };
    if config.get_password().is_none()
        && let Some(found) = password::find(server, &config, of("passfile", "PGPASSFILE"))?
    {
        config.password(found.as_bytes());
    }
    let security = security(
        &config,
        of("sslmode", "PGSSLMODE"),
        of("sslrootcert", "PGSSLROOTCERT"),
    )?;
    config.ssl_mode(match security {
        Security::Plain => SslMode::Disable,
        Security::Tls(_) => SslMode::Require,
    });
    Ok((config, security))
}

/// Over a network nothing is said unencrypted or to somebody unproven, unless that is asked for.
fn security(config: &Config, mode: Option<String>, authority: Option<String>) -> Result<Security> {
    let hosts = config.get_hosts();
    let is_local = !hosts.is_empty()
        && config.get_hostaddrs().is_empty()
        && hosts.iter().all(|host| matches!(host, Host::Unix(_)));
    match mode.as_deref() {
        _ if is_local => Ok(Security::Plain),
        Some("disable") => Ok(Security::Plain),
        None | Some("require" | "verify-full") => {
            let authority = authority.filter(|path| path != "system");
            Ok(Security::Tls(authority.map(PathBuf::from)))
        }
        Some(other) => Err(
            wrong(&format!("sslmode={other} would trust whoever answers")).hint(
                "write sslmode=verify-full; in a network of which you are sure, sslmode=disable",
            ),
        ),
    }
}

/// A part of a URL as it is meant.
fn unescape(text: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits =
            [rest.next(), rest.next()].map(|digit| char::from(digit.unwrap_or(b'?')).to_digit(16));
        match digits {
            [Some(high), Some(low)] => bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?')),
            _ => return Err(wrong("a % is not followed by two digits").hint("write % as %25")),
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8").hint("write it in UTF-8"))
}

fn with_password() -> Error {
    wrong("it holds a password, which others could read")
        .hint("take it out of the URL, and write it into a file that server.password_file names, or into ~/.pgpass")
}

fn wrong(what: &str) -> Error {
    Error::new(
        Kind::Config,
        format!("the URL of the store cannot be used: {what}"),
    )
}
