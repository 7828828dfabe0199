//! `import` from systems whose codes are shorter than ours.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use super::taken::{System, Taking};
use crate::actions::moving::collected::Collected;
use crate::actions::moving::static_tokens;
use crate::cli::desk::{Call, Report};
use crate::error::{Error, Kind, Result};
use crate::model::location::Location;
use crate::model::state::Elsewhere;
use crate::platform::files::{self, Again};
use crate::platform::moved;
use crate::platform::moved::account::Accounts;
use crate::store::engine::foreign::Foreign;

/// Take over static tokens of django-otp; can be repeated
///
/// FILE is what `manage.py dumpdata auth.user otp_static` writes, or the database of the site, which is only
/// read and may be in use. Both hold the tokens in plaintext: remove the dump, and the rows of the table
/// otp_static_statictoken, afterwards. Tokens that work there go on working here, each once, and only as they are written;
/// space and dashes do not matter.
///
/// First take the plugin away that lets tokens in: `django_otp.plugins.otp_static` in INSTALLED_APPS. Then
/// a token that is tried there is refused. Tokens of devices that are not confirmed, and of users who are not
/// active, are left behind.
#[derive(Debug, Args)]
pub struct OtpStatic {
    /// The dump in JSON, the site's SQLite database, or its postgres:// URL; - for a dump on standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    taking: Taking,
}

/// Take over scratch codes of google-authenticator; can be repeated
///
/// Each PATH is the file that google-authenticator(1) wrote for a user, such as
/// `/home/*/.google_authenticator`, and its owner is the user. Scratch codes of eight digits that work there
/// go on working here, each once; codes of the app do not come. A link, and a file that others can write, is
/// refused.
///
/// First take `pam_google_authenticator.so` out of the files in /etc/pam.d, or the scratch codes out of the
/// files: `sed -i '/^[0-9]\{8\}$/d' FILE` after the import. `grep -r google_authenticator /etc/pam.d` shows
/// where it still stands.
#[derive(Debug, Args)]
pub struct Libpam {
    /// Files of google-authenticator
    #[arg(value_name = "PATH", value_hint = ValueHint::FilePath, required = true)]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    taking: Taking,
}

/// Take over recovery codes of Keycloak; can be repeated
///
/// FILE is a realm with its users, as `kc.sh export --realm NAME --users realm_file --file FILE` writes it.
/// It holds digests of the codes. Codes that work there go on working here, each once and in any order; they
/// may be typed in any case, with or without dashes.
///
/// First switch off the step Recovery Authentication Code Form in the browser flow of the realm, and the
/// required action Recovery Authentication Codes. Then the login page no longer offers "Try Another Way" with
/// a recovery code.
#[derive(Debug, Args)]
pub struct Keycloak {
    /// The export, in JSON; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    taking: Taking,
}

/// Take over TANs of privacyIDEA; can be repeated
///
/// FILE is what `pi-tokenjanitor find --active True --tokenattribute tokentype=tan list --format json -u
/// username` writes, or the tokens of `export --format pi`, opened with their key. TANs that work there go on
/// working here, each once, without the PIN of the token.
///
/// First disable these tokens there: `pi-tokenjanitor find --tokenattribute tokentype=tan disable`. Then a TAN
/// that is tried there is refused, and the list of tokens shows them as disabled. An export holds the seeds of
/// the tokens, so remove it afterwards.
#[derive(Debug, Args)]
pub struct Privacyidea {
    /// The list, in JSON; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    taking: Taking,
}

/// Take over codes from a list; can be repeated
///
/// The first line of FILE names the columns `user` and `code`, and `email` if wanted; each further line has
/// one code in plaintext, of 6 to 32 letters, digits and signs. A code works here as it is written; space and
/// dashes do not matter. Remove the file afterwards. Only codes that nobody used yet may stand in it: this
/// program cannot know.
///
/// Instead of a code, a line may have a hash of one in a column `hash`, as Argon2, scrypt, PBKDF2 or bcrypt
/// writes it, of the code without space and dashes. These come with --accept-slow and --accept-weak.
///
/// First switch the other system's own login with codes off, and try a code there that is not in the list.
#[derive(Debug, Args)]
pub struct Csv {
    /// The list, in CSV; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    #[command(flatten)]
    taking: Taking,
}

impl OtpStatic {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let location = Location::new(&self.file, &call.platform.environment);
        let database = match self.file == Path::new("-") {
            true => None,
            false => Foreign::at(&location)?,
        };
        let (accounts, unit) = match &database {
            Some(database) => (static_tokens::read(database)?, "row"),
            None => {
                let input = reader(call, &self.file)?;
                let accounts = collected(|into| moved::otp_static::read(input, into))?;
                (accounts, "record")
            }
        };
        let system = System {
            from: Elsewhere::OtpStatic,
            unit,
            switch_off: "Take django_otp.plugins.otp_static out of INSTALLED_APPS, and see that a token is refused there.",
            leftover: "The dump, or the table otp_static_statictoken, holds codes in plaintext",
        };
        self.taking.run(call, accounts, &system)
    }
}

impl Libpam {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let system = System {
            from: Elsewhere::Libpam,
            unit: "file",
            switch_off: "Take pam_google_authenticator.so out of /etc/pam.d, or the scratch codes out of the files; `grep -r google_authenticator /etc/pam.d` shows where it still stands.",
            leftover: "The files hold codes in plaintext",
        };
        let accounts = collected(|into| moved::libpam::read(&self.paths, into))?;
        self.taking.run(call, accounts, &system)
    }
}

impl Keycloak {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let input = reader(call, &self.file)?;
        let accounts = collected(|into| moved::keycloak::read(input, into))?;
        let system = System {
            from: Elsewhere::Keycloak,
            unit: "user",
            switch_off: "Switch off Recovery Authentication Code Form in the realm's browser flow, and see that the login page does not offer it.",
            leftover: "The export holds digests by which the codes can be guessed",
        };
        self.taking.run(call, accounts, &system)
    }
}

impl Privacyidea {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let (input, now) = (reader(call, &self.file)?, call.now);
        let accounts = collected(|into| moved::privacyidea::read(input, now, into))?;
        let system = System {
            from: Elsewhere::Privacyidea,
            unit: "token",
            switch_off: "Disable the tokens with `pi-tokenjanitor find --tokenattribute tokentype=tan disable`, and see that a TAN is refused there.",
            leftover: "The list holds digests by which the TANs can be guessed",
        };
        self.taking.run(call, accounts, &system)
    }
}

impl Csv {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let list = match self.file == Path::new("-") {
            true => Again::Bytes(call.platform.terminal.read_input(LARGEST)?),
            false => Again::open(&self.file, LARGEST)?,
        };
        if matches!(&list, Again::Bytes(bytes) if bytes.len() > LARGEST) {
            return Err(
                Error::new(Kind::Usage, "what is no file is longer than 64 MiB")
                    .hint("nothing was changed; put the list into a file and name that"),
            );
        }
        let accounts = collected(|into| moved::csv::read(&list, into))?;
        drop(list);
        let system = System {
            from: Elsewhere::Csv,
            unit: "line",
            switch_off: "Switch the other system's own login with codes off, and see that a code is refused there.",
            leftover: "The list holds codes in plaintext, or hashes by which they can be guessed",
        };
        self.taking.run(call, accounts, &system)
    }
}

/// What is read by `read`.
fn collected(read: impl FnOnce(&mut dyn Accounts) -> Result<()>) -> Result<Collected> {
    let mut accounts = Collected::new()?;
    read(&mut accounts)?;
    Ok(accounts)
}

/// Nothing on standard input, and nothing else that is no file, is longer.
const LARGEST: usize = 64 << 20;

/// The file, or standard input.
pub(super) fn reader(call: &mut Call<'_>, path: &Path) -> Result<Box<dyn std::io::BufRead>> {
    if path != Path::new("-") {
        return Ok(Box::new(files::open_to_read(path)?));
    }
    let bytes = call.platform.terminal.read_input(LARGEST)?;
    if bytes.len() > LARGEST {
        return Err(
            Error::new(Kind::Usage, "standard input is longer than 64 MiB")
                .hint("nothing was changed; name the file"),
        );
    }
    Ok(Box::new(std::io::Cursor::new(bytes)))
}
