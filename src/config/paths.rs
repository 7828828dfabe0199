//! Where store, configuration and key lie (the customs of XDG, by the crate `directories`).

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use directories::{BaseDirs, ProjectDirs};

use crate::model::environment::{Environment, Places};

/// Name of the configuration file, of the key file beside it, and of the store.
const CONFIG: &str = "config.toml";
const KEYS: &str = "keys.toml";
const STORE: &str = "recovery-codes.db";

/// The usual places of this user. Without a home, or with one that depends on where a command is
/// given, there is only the machine's.
pub fn places() -> Places {
    let system = PathBuf::from("/etc/recovery-codes");
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
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
            data: user.data_dir().to_owned(),
            runtime: user.runtime_dir().map(Path::to_owned),
            units,
            crontab,
        },
        None => Places {
            config: system.clone(),
            system_config: system,
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
    pub store: PathBuf,
    pub store_origin: String,
    pub config: PathBuf,
    pub config_origin: String,
    /// Beside the configuration file, apart from the store.
    pub keys: PathBuf,
}

impl Paths {
    /// The key of the Django application, where codes were imported from there.
    pub fn django_key(&self) -> PathBuf {
        self.keys.with_file_name("django.key")
    }
}

/// Which configuration file is in force: `--config`, the variable, the user's own, the
/// machine's; the user's own if there is none at all.
pub fn config(
    flag: Option<&Path>,
    environment: &Environment,
    places: &Places,
) -> (PathBuf, String) {
    if let Some(path) = flag {
        return (path.to_owned(), "flag --config".into());
    }
    if let Some(path) = environment
        .get("RECOVERY_CODES_CONFIG")
        .filter(|path| !path.is_empty())
    {
        return (path.into(), "environment RECOVERY_CODES_CONFIG".into());
    }
    let own = places.config.join(CONFIG);
    let system = places.system_config.join(CONFIG);
    if !own.exists() && system.exists() {
        return (system, "default".into());
    }
    (own, "default".into())
}

/// Which store is in force: `--store`, the variable, the file, the default.
pub fn resolve(
    flag: Option<&Path>,
    environment: &Environment,
    places: &Places,
    config: (PathBuf, String),
    in_file: Option<PathBuf>,
) -> Paths {
    let (config, config_origin) = config;
    let (store, store_origin) = if let Some(path) = flag {
        (path.to_owned(), "flag --store".to_owned())
    } else if let Some(path) = environment
        .get("RECOVERY_CODES_STORE")
        .filter(|path| !path.is_empty())
    {
        (path.into(), "environment RECOVERY_CODES_STORE".to_owned())
    } else if let Some(path) = in_file {
        (path, format!("file {}", config.display()))
    } else {
        (places.data.join(STORE), "default".to_owned())
    };
    Paths {
        store,
        store_origin,
        keys: config.with_file_name(KEYS),
        config,
        config_origin,
    }
}
