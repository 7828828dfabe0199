//! One call of the program: its options, its settings, and what it opens.

use std::path::Path;
use std::sync::Arc;

use super::global::Global;
use super::report::Printer;
use crate::actions::desk::opening::{Made, Opening};
use crate::actions::desk::sealing::Older;
use crate::actions::desk::workspace::{Workspace, cost, latest};
use crate::actions::mail::deliver::Post;
use crate::config::{Loaded, Settings};
use crate::error::{Error, Kind, Result};
use crate::model::audit::Origin;
use crate::model::location::{self, Location};
use crate::model::page::PageRequest;
use crate::model::time::Timestamp;
use crate::model::user::{Actor, is_invisible};
use crate::model::zone::Zone;
use crate::platform::Platform;
use crate::secret::hasher::Hasher;
use crate::store::{Connection, Kept, Store};

/// One call of the program.
pub struct Call<'a> {
    pub platform: &'a mut Platform,
    pub global: Global,
    /// How answers are written, for those that cannot wait until the word ends.
    pub printer: Printer,
    pub loaded: Loaded,
    /// When the command was given; read once.
    pub now: Timestamp,
    /// The whole tree of words.
    pub tree: fn() -> clap::Command,
}

/// Characters a `--reason` may have.
const LONGEST_REASON: usize = 500;

impl Call<'_> {
    /// Begins to make the memory of one hash ready, while everything else is opened and read.
    pub fn hasher(&self) -> Result<Hasher> {
        Ok(Hasher::begin(cost(&self.settings()?)))
    }

    /// The settings, if nothing is wrong with them.
    pub fn settings(&self) -> Result<Settings> {
        let mut settings = self.loaded.settings()?;
        if settings.time.zone == Zone::System {
            settings.time.zone = self.platform.zone.clone();
        }
        Ok(settings)
    }

    /// On whose clock this person reads times.
    pub fn zone(&self) -> &Zone {
        self.printer.zone()
    }

    /// Opens store and key ring for changing something.
    pub fn workspace(&self) -> Result<Workspace> {
        Workspace::open(self.opening()?)
    }

    /// The same for all that the word does, and says what will be asked first; see [`Connection::ahead`].
    pub fn workspace_ahead(&self, ahead: impl FnOnce(&Connection)) -> Result<Workspace> {
        let opening = Opening {
            is_last: self.platform.ends_with_word,
            ..self.opening()?
        };
        Workspace::open_ahead(opening, ahead)
    }

    /// The same, where the key may be one that the store does not know yet.
    pub fn workspace_with_any_key(&self) -> Result<Workspace> {
        Workspace::open_unproven(self.opening()?)
    }

    /// Opens store and key ring, and makes what is missing.
    pub fn workspace_or_new(&self) -> Result<(Workspace, Made)> {
        Workspace::open_or_create(self.opening()?)
    }

    /// By whom mail is sent.
    pub fn post(&mut self) -> Post<'_> {
        Post {
            mailer: &mut *self.platform.mailer,
            clock: &*self.platform.clock,
            terminal: &mut *self.platform.terminal,
            deadline: None,
            is_away: false,
        }
    }

    /// What store and key ring are opened with.
    pub fn opening(&self) -> Result<Opening<'_>> {
        Ok(Opening {
            paths: &self.loaded.paths,
            environment: &self.platform.environment,
            settings: self.settings()?,
            origin: self.origin()?,
            entropy: Arc::clone(&self.platform.entropy),
            runtime: self.platform.places.runtime.clone(),
            older: Older::Part,
            is_last: false,
        })
    }

    /// Where a store is that is named beside the one in force.
    pub fn location(&self, text: &Path) -> Location {
        let text = match location::is_url(&text.to_string_lossy()) {
            true => text.to_owned(),
            false => std::path::absolute(text).unwrap_or_else(|_| text.to_owned()),
        };
        let mut location = Location::new(&text, &self.platform.environment);
        self.loaded.tell_server(&mut location);
        // The password is that of the store in force, and of no other server.
        if location.to_string() != self.loaded.paths.store.to_string()
            && let Location::Server(server) = &mut location
        {
            server.password_file = None;
        }
        location
    }

    /// Opens the store for looking only; the key is not needed.
    pub fn store(&self) -> Result<Kept> {
        self.settings()?;
        let store = Store::open(&self.loaded.paths.store)?;
        Ok(store.until_the_end(self.platform.ends_with_word))
    }

    /// The moment by which what stands in this store is judged.
    ///
    /// # Errors
    /// What reading the store says.
    pub fn moment(&self, store: &Store) -> Result<Timestamp> {
        latest(store.read(), self.now)
    }

    /// Asks before something that cannot be undone; the question names the consequence.
    ///
    /// # Errors
    /// [`Kind::NotConfirmed`] for a no, and where nobody can be asked.
    pub fn confirm(&mut self, consequence: &str) -> Result<()> {
        self.ask(&format!("{consequence}. Go on?"), consequence)
    }

    /// The same in the words of this question.
    ///
    /// # Errors
    /// As [`Call::confirm`].
    pub fn ask(&mut self, question: &str, consequence: &str) -> Result<()> {
        if self.global.yes {
            return Ok(());
        }
        if !self.platform.terminal.is_interactive() {
            return Err(Error::new(
                Kind::NotConfirmed,
                format!("this needs a yes: {consequence}"),
            )
            .hint("nothing was changed; give --yes if that is meant"));
        }
        let question = crate::render::visible::visible(question);
        if self.platform.terminal.confirm(&question)? {
            return Ok(());
        }
        Err(Error::new(Kind::NotConfirmed, "not confirmed")
            .hint("nothing was changed; answer y, or give --yes, if it is meant"))
    }

    /// Which page of a list is wanted.
    pub fn page(&self, number: u64, size: Option<u64>) -> Result<PageRequest> {
        let size = match size {
            Some(size) => size,
            None => self.settings()?.history.per_page,
        };
        Ok(PageRequest { number, size })
    }

    /// Who gives the command, why and when.
    pub fn origin(&self) -> Result<Origin> {
        let environment = &self.platform.environment;
        let named = self.global.actor.as_deref().map(Actor::parse).transpose()?;
        let from_environment = || {
            ["SUDO_USER", "USER", "LOGNAME"]
                .into_iter()
                .filter_map(|variable| environment.get(variable))
                .find_map(|name| Actor::parse(name).ok())
        };
        let actor = match named.or_else(from_environment) {
            Some(actor) => actor,
            None => Actor::parse("unknown")?,
        };
        Ok(Origin {
            at: self.now,
            actor,
            reason: self.reason()?,
        })
    }

    /// Why, if somebody said it.
    ///
    /// # Errors
    /// As [`fitting_reason`].
    pub fn reason(&self) -> Result<Option<String>> {
        fitting_reason(self.global.reason.as_deref())
    }
}

/// A reason as it is recorded; none for one without letters.
///
/// # Errors
/// [`Kind::Usage`] for more than 500 characters, and for what nobody can see.
pub fn fitting_reason(text: Option<&str>) -> Result<Option<String>> {
    let reason = text.map(str::trim).filter(|text| !text.is_empty());
    if let Some(reason) = reason
        && (reason.chars().any(is_invisible) || reason.chars().count() > LONGEST_REASON)
    {
        return Err(Error::new(
            Kind::Usage,
            "the reason is longer than 500 characters, or holds invisible ones",
        )
        .hint("give one line of plain text"));
    }
    Ok(reason.map(str::to_owned))
}

/// What had to be made, in words.
pub fn made_notes(made: &Made) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(path) = &made.keys {
        notes.push(format!(
            "Made a key at {}. Keep a copy of it apart from the store.",
            path.display()
        ));
    }
    if let Some(location) = &made.store {
        notes.push(format!("Made a store at {location}."));
    }
    notes
}
