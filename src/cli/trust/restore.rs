//! `restore`: a backup takes the store's place.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::actions::trust::restore::{Answer, Candidate, inspect, restore};
use crate::cli::desk::{Call, Report};
use crate::error::Result;
use crate::model::zone::Zone;
use crate::render::record::Record;
use crate::render::words::count;

/// Put a backup in the place of the store, or where there is none
///
/// Codes that were used since the backup would work again. So no code from before it works until
/// its user gets new ones (see `generate --all-outdated`), unless --trust-codes says that they
/// shall. The store that was there is kept beside it. The key is not in the backup; its file
/// must be there.
#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `backup` wrote
    #[arg(value_hint = ValueHint::FilePath)]
    file: PathBuf,

    /// Let the backup's codes work on, also those that were used or replaced since
    #[arg(long)]
    trust_codes: bool,

    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
}

impl Restore {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let candidate = inspect(&call.opening()?, &self.file)?;
        if self.dry_run {
            return Ok(self.foretold(&candidate, call.zone()));
        }
        call.confirm(&self.consequence(&candidate, call.zone()))?;
        let done = restore(candidate, self.trust_codes, &call.origin()?)?;
        Ok(self.report(&done, call.zone()))
    }

    fn foretold(&self, found: &Candidate, zone: &Zone) -> Report {
        let record = Record::new()
            .data("file", found.file.display().to_string())
            .data("until", found.until)
            .data("users", found.users)
            .data("trusted", self.trust_codes)
            .data("holders", found.holders)
            .data("codes", found.codes)
            .data("replaces", found.replaces)
            .data("dry_run", true);
        let said = format!(
            "Nothing was changed. If it were: {}.",
            self.consequence(found, zone)
        );
        Report::done(record, said)
    }

    fn consequence(&self, found: &Candidate, zone: &Zone) -> String {
        let until = zone.readable(found.until);
        let loss = if found.replaces {
            format!(
                "{} takes the place of the store, and what was done since {until} is lost",
                self.file.display()
            )
        } else {
            format!("{} becomes the store; it ends {until}", self.file.display())
        };
        let codes = count(found.codes, "code");
        let users = count(found.holders, "user");
        if found.codes == 0 {
            format!("{loss}; no code in it works")
        } else if self.trust_codes {
            format!("{loss}; {codes} of {users} work again, even if they were used since then")
        } else {
            let stop = if found.codes == 1 { "stops" } else { "stop" };
            format!("{loss}; the {codes} of {users} in it {stop} working until new ones are issued")
        }
    }

    fn report(&self, done: &Answer, zone: &Zone) -> Report {
        let set_aside = done
            .set_aside
            .as_ref()
            .map(|path| path.display().to_string());
        let record = Record::new()
            .data("file", done.file.display().to_string())
            .data("until", done.until)
            .data("epoch", u64::try_from(done.epoch).unwrap_or(0))
            .data("users", done.users)
            .data("trusted", self.trust_codes)
            .data("holders", done.holders)
            .data("codes", done.codes)
            .data("set_aside", set_aside.as_deref());
        let mut report = Report::done(
            record,
            format!(
                "Restored {}, with {} and what was done until {}.",
                self.file.display(),
                count(done.users, "user"),
                zone.readable(done.until)
            ),
        );
        if let Some(path) = &set_aside {
            report = report.note(format!(
                "The store that was there is now {path}; remove it when nobody needs it any more."
            ));
        }
        if done.codes == 0 {
            return report;
        }
        let (codes, users) = (count(done.codes, "code"), count(done.holders, "user"));
        report.note(if self.trust_codes {
            format!("The {codes} of {users} work, also those that were used after the backup was made.")
        } else {
            format!("The {codes} of {users} do not work; issue new ones with `recovery-codes generate --all-outdated`.")
        })
    }
}
