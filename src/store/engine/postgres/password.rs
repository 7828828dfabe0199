//! The password of the store's role: never in a URL, where others read it, but in a file of one's own.

use std::fs::OpenOptions;
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;
use rustix::process::geteuid;
use tokio_postgres::Config;
use tokio_postgres::config::Host;
use zeroize::Zeroizing;

use crate::error::{Error, Kind, Result};
use crate::model::location::Server;

/// The password, if there is one: of `server.password_file`, of PGPASSWORD, of the file that libpq
/// reads. Another way to prove who one is, such as a socket that knows the account, needs none.
pub(super) fn find(
    server: &Server,
    config: &Config,
    file: Option<String>,
) -> Result<Option<Zeroizing<String>>> {
    if let Some(path) = &server.password_file {
        let text = read(path)?;
        let line = text.lines().next().unwrap_or_default();
        return Ok(Some(Zeroizing::new(line.to_owned())));
    }
    let environment = &server.environment;
    if let Some(password) = environment
        .get("PGPASSWORD")
        .filter(|text| !text.is_empty())
    {
        return Ok(Some(Zeroizing::new(password.to_owned())));
    }
    let home = || Some(PathBuf::from(environment.get("HOME")?).join(".pgpass"));
    let path = match file {
        Some(path) => PathBuf::from(path),
        None => match home().filter(|path| path.exists()) {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    Ok(line_for(&read(&path)?, config))
}

fn read(path: &Path) -> Result<Zeroizing<String>> {
    let doing = |error| Error::file(format!("cannot read {}", path.display()), error);
    let refuse = |what: &str, hint: &str| {
        let message = format!("{what} {}", path.display());
        Err(Error::new(Kind::Permission, message).hint(hint))
    };
    // What is not a file might never end.
    let mut file = OpenOptions::new()
        .read(true)
        .custom_flags(OFlags::NONBLOCK.bits().cast_signed())
        .open(path)
        .map_err(doing)?;
    let found = file.metadata().map_err(doing)?;
    if !found.is_file() {
        return refuse("no password is read from", "name a file that holds it");
    }
    if found.mode() & 0o077 != 0 {
        return refuse(
            "others can read the password in",
            "make it private with chmod 600",
        );
    }
    if ![0, geteuid().as_raw()].contains(&found.uid()) {
        return refuse(
            "the password stands in a file of another account,",
            "have it belong to the account that runs this program, or to root",
        );
    }
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text).map_err(doing)?;
    Ok(text)
}

/// The password of the first line that fits: `host:port:database:user:password`, each but the last
/// may be `*`, and `\` makes the next character stand for itself (PostgreSQL's manual, "The Password
/// File").
fn line_for(text: &str, config: &Config) -> Option<Zeroizing<String>> {
    let hosts: Vec<String> = match config.get_hosts() {
        [] => vec!["localhost".to_owned()],
        hosts => hosts.iter().map(name).collect(),
    };
    let port = config
        .get_ports()
        .first()
        .copied()
        .unwrap_or(5432)
        .to_string();
    let user = config.get_user().unwrap_or_default();
    let database = config.get_dbname().unwrap_or(user);
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| {
            let mut fields = fields(line).into_iter();
            let mut fits = |is_it: &dyn Fn(&str) -> bool| {
                fields
                    .next()
                    .is_some_and(|field| field == "*" || is_it(&field))
            };
            let is_it = fits(&|field| hosts.iter().all(|host| host == field))
                && fits(&|field| field == port)
                && fits(&|field| field == database)
                && fits(&|field| field == user);
            is_it.then(|| fields.next().map(Zeroizing::new)).flatten()
        })
}

/// A socket stands for this machine.
fn name(host: &Host) -> String {
    match host {
        Host::Tcp(name) => name.clone(),
        Host::Unix(_) => "localhost".to_owned(),
    }
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        let last = fields.len() - 1;
        match c {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields[last].extend(characters.next()),
            c => fields[last].push(c),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, url: &str) -> Option<String> {
        line_for(text, &url.parse().unwrap()).map(|password| password.to_string())
    }

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text =
            "# a:b\nother:*:*:*:no\ndb:5432:codes:me:a\\:b:c\n*:*:*:me:any\nlocalhost:6:x:y:z";
        assert_eq!(
            found(text, "postgres://me@db/codes").as_deref(),
            Some("a:b:c")
        );
        assert_eq!(
            found(text, "postgres://me@db:1/codes").as_deref(),
            Some("any")
        );
        assert_eq!(found(text, "postgres://you@db/codes"), None);
        assert_eq!(
            found(text, "postgres://y@/x?host=/run/x&port=6").as_deref(),
            Some("z")
        );
        assert_eq!(found("db:5432:me", "postgres://me@db"), None);
    }
}
