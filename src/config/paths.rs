//! Where store, configuration and key lie (the customs of XDG, by the crate `directories`).

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

use crate::model::environment::{Environment, Places};
use crate::model::location::{self, Location};

/// Name of the configuration file, of the key file beside it, and of the store.
const CONFIG: &str = "config.toml";
const KEYS: &str = "keys.toml";
const STORE: &str = "recovery-codes.db";

/// Name of the systemd credential that holds the key file.
pub const CREDENTIAL: &str = "recovery-codes.keys";

/// The same for the key of the Django application.
pub const DJANGO_CREDENTIAL: &str = "recovery-codes.django";

/// The account that may everything.
const ROOT: u32 = 0;

/// The usual places of this user. Without a home, or with one that depends on where a command is
/// given, there is only the machine's.
pub fn places() -> Places {
    let system = PathBuf::from("/etc/recovery-codes");
    let account = fs::metadata("/proc/self").map_or(u32::MAX, |process| process.uid());
    let is_root = account == ROOT;
    let own_units = || BaseDirs::new().map(|user| user.config_dir().join("systemd/user"));
    let units = match own_units().filter(|units| !is_root && units.is_absolute()) {
        Some(units) => units,
        None => PathBuf::from("/etc/systemd/system"),
    };
    let crontab = is_root.then(|| PathBuf::from("/etc/cron.d/recovery-codes"));
    let user = ProjectDirs::from("", "", "recovery-codes");
    // The crate takes a relative $HOME as it is; XDG has relative paths ignored.
    match user.filter(|user| user.config_dir().is_absolute() && user.data_dir().is_absolute()) {
        Some(user) => Places {
            config: user.config_dir().to_owned(),
            system_config: system,
            account,
            data: user.data_dir().to_owned(),
            runtime: user.runtime_dir().map(Path::to_owned),
            units,
            crontab,
        },
        None => Places {
            config: system.clone(),
            system_config: system,
            account,
            data: PathBuf::from("/var/lib/recovery-codes"),
            runtime: None,
            units,
            crontab,
        },
    }
}

/// The paths in force, and who said so.
#[derive(Clone, Debug)]
pub struct Paths {
    pub store: Location,
    pub store_origin: String,
    pub config: PathBuf,
    pub config_origin: String,
    /// Why it is this one, as a clause.
    pub config_why: String,
    /// Beside the configuration file, apart from the store.
    pub keys: PathBuf,
    /// Where this user's data lies by the customs of the system.
    pub data: PathBuf,
}

impl Paths {
    /// Where something lies that belongs to the store: beside its file, or among the user's data where
    /// the store is on a server.
    pub fn beside_store(&self, name: &str) -> PathBuf {
        match self.store.file() {
            Some(file) => file.with_file_name(name),
            None => self.data.join(name),
        }
    }

    /// The key of the Django application, where codes were imported from there.
    pub fn django_key(&self) -> PathBuf {
        self.keys.with_file_name("django.key")
    }
}

/// What a command says about the configuration file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Asked<'a> {
    /// `--config`
    pub config: Option<&'a Path>,
    /// `--system`
    pub is_system: bool,
}

/// The configuration file in force, and who said so.
#[derive(Clone, Debug)]
pub struct Chosen {
    pub path: PathBuf,
    origin: String,
    why: String,
}

/// Which configuration file is in force: that of the flag, of the variable, the user's own, the
/// machine's if it is meant for this account; the user's own if there is none at all.
///
/// The machine's is meant for root and for the account of its service: an ordinary user could
/// neither read its key nor write its store, and is better off with their own.
pub fn config(asked: Asked<'_>, environment: &Environment, places: &Places) -> Chosen {
    let chosen = |path, origin: &str, why: &str| Chosen {
        path,
        origin: origin.to_owned(),
        why: why.to_owned(),
    };
    let own = places.config.join(CONFIG);
    let system = places.system_config.join(CONFIG);
    if let Some(path) = asked.config {
        return chosen(
            path.to_owned(),
            "flag --config",
            "it is named with --config",
        );
    }
    if asked.is_system {
        return chosen(system, "flag --system", "--system asks for the machine's");
    }
    if let Some(path) = environment
        .get("RECOVERY_CODES_CONFIG")
        .filter(|path| !path.is_empty())
    {
        let why = "it is named by RECOVERY_CODES_CONFIG";
        return chosen(path.into(), "environment RECOVERY_CODES_CONFIG", why);
    }
    if own == system {
        let why = "this account has no home, so there is only the machine's";
        return chosen(own, "default", why);
    }
    if own.exists() {
        return chosen(own, "default", "it is this account's own");
    }
    if !system.exists() {
        let why = "it is this account's own, and it sees none of the machine's";
        return chosen(own, "default", why);
    }
    match meant_for(environment, places) {
        Some(why) => chosen(system, "default", &why),
        None => {
            let why = format!(
                "it is this account's own; the machine's, {}, is for root and its service, or with --system",
                system.display()
            );
            chosen(own, "default", &why)
        }
    }
}

/// A file that systemd hands over under this name, if it does.
pub fn credential(environment: &Environment, name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(environment.get("CREDENTIALS_DIRECTORY")?).join(name);
    path.exists().then_some(path)
}

/// Why the machine's configuration is meant for this account, if it is.
fn meant_for(environment: &Environment, places: &Places) -> Option<String> {
    if places.account == ROOT {
        return Some("it is the machine's, and root gives the command".to_owned());
    }
    // What systemd hands over, it hands to the service alone.
    if credential(environment, CREDENTIAL).is_some() {
        return Some("it is the machine's, and its service gives the command".to_owned());
    }
    let beside = [KEYS, CONFIG].map(|name| places.system_config.join(name));
    let is_theirs =
        |path: &&PathBuf| fs::metadata(path).is_ok_and(|found| found.uid() == places.account);
    let owned = beside.iter().find(is_theirs)?;
    Some(format!(
        "it is the machine's, and this account owns {}",
        owned.display()
    ))
}

/// Which store is in force: `--store`, the variable, the file, the default.
pub fn resolve(
    flag: Option<&Path>,
    environment: &Environment,
    places: &Places,
    config: Chosen,
    in_file: Option<PathBuf>,
) -> Paths {
    let Chosen {
        path: config,
        origin: config_origin,
        why: config_why,
    } = config;
    let (store, store_origin) = if let Some(path) = flag {
        (path.to_owned(), "flag --store".to_owned())
    } else if let Some(path) = environment
        .get("RECOVERY_CODES_STORE")
        .filter(|path| !path.is_empty())
    {
        (path.into(), "environment RECOVERY_CODES_STORE".to_owned())
    } else if let Some(path) = in_file {
        // A relative one is beside the file.
        let is_url = path.to_str().is_some_and(location::is_url);
        (
            if is_url {
                path
            } else {
                config.with_file_name(path)
            },
            format!("file {}", config.display()),
        )
    } else {
        (places.data.join(STORE), "default".to_owned())
    };
    Paths {
        store: Location::new(&store, environment),
        data: places.data.clone(),
        store_origin,
        keys: config.with_file_name(KEYS),
        config,
        config_origin,
        config_why,
    }
}
