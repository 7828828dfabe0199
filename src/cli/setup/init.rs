//! `init`: makes store, key and commented configuration.

use clap::Args;
use zeroize::Zeroizing;

use crate::actions::desk::opening::Opening;
use crate::actions::desk::sealing::{Older, needs_consent, sealed};
use crate::actions::desk::workspace::Workspace;
use crate::cli::desk::{Call, Report, made_notes};
use crate::config::template;
use crate::error::{Error, Kind, Result};
use crate::model::location::Location;
use crate::platform::files;
use crate::render::record::Record;
use crate::store::engine::postgres::roles::roles;

/// Make store, key and a commented configuration file
///
/// Says what was made and what was there already. Safe to repeat: what is there is never
/// changed.
#[derive(Debug, Args)]
pub struct Init {
    /// Print the SQL that makes the roles of a store on a PostgreSQL server, and do nothing else
    #[arg(long)]
    print_roles: bool,
}

impl Init {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        if self.print_roles {
            return print_roles(call);
        }
        let needs_consent = needs_consent(&call.loaded.paths, &call.platform.environment)?;
        if needs_consent {
            call.confirm("the store is from before it could be sealed; it is sealed as it is, and if that was done before, somebody put it back")?;
        }
        let opening = Opening {
            older: if needs_consent {
                Older::Accepted
            } else {
                Older::All
            },
            ..call.opening()?
        };
        let was_sealed = sealed(&call.loaded.paths.store)?;
        let (workspace, made) = Workspace::open_or_create(opening)?;
        let paths = &call.loaded.paths;
        let config_is_new = files::write_new(&paths.config, template::template().as_bytes())?;
        let mut notes = made_notes(&made);
        let seals = was_sealed == Some(false);
        if seals {
            let what =
                "Sealed the store of an earlier version; what is in it is believed as it is.";
            notes.push(what.to_owned());
        }
        if config_is_new {
            notes.push(format!(
                "Made a configuration file at {}.",
                paths.config.display()
            ));
        }
        if made.store.is_none() {
            notes.push(format!("The store at {} was there already.", paths.store));
        }
        if made.keys.is_none() {
            notes.push(format!(
                "The key {} was there already.",
                workspace.ring.current().id()
            ));
        }
        if !config_is_new {
            notes.push(format!(
                "The configuration at {} was there already.",
                paths.config.display()
            ));
        }
        let record = Record::new()
            .data("store", paths.store.to_string())
            .data("store_created", made.store.is_some())
            .data("store_sealed", seals)
            .data("keys", paths.keys.display().to_string())
            .data("keys_created", made.keys.is_some())
            .data("config", paths.config.display().to_string())
            .data("config_created", config_is_new);
        Ok(Report::lines(record, Vec::new()).notes(notes))
    }
}

fn print_roles(call: &Call<'_>) -> Result<Report> {
    match &call.loaded.paths.store {
        Location::Server(server) => {
            let sql = roles(server);
            let record = Record::new().data("sql", &*sql);
            let lines = sql.lines().map(|line| Zeroizing::new(line.to_owned()));
            Ok(Report::lines(record, lines.collect()))
        }
        Location::File(path) => Err(Error::new(
            Kind::Usage,
            format!(
                "the store is the file {}, which needs no roles",
                path.display()
            ),
        )
        .hint("name a server, such as --store postgres://codes@db.example.org/codes")),
    }
}
