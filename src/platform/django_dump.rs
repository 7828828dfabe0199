//! What `manage.py dumpdata` of the Django application writes.

use std::collections::HashMap;
use std::io::BufRead;

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};
use crate::model::django::{
    Batch, CleanUp, Code, ImportedEntry, ImportedLog, Marks, Past, Person, end_of, moment,
};
use crate::model::schedule::RunKind;
use crate::model::state::CodeState;
use crate::model::time::Timestamp;
use crate::platform::moved::records;

/// The records that matter.
#[derive(Debug, Default)]
pub struct Dump {
    /// Everybody who has or had codes, in the order of the dump.
    pub persons: Vec<Person>,
    /// What is kept of each, by their key.
    pub pasts: HashMap<String, Past>,
    pub entries: Vec<ImportedEntry>,
    pub clean_ups: Vec<CleanUp>,
}

/// Records as they come: those that belong together may stand in any order.
#[derive(Default)]
struct Records {
    users: Vec<(Person, [String; 2])>,
    batches: Vec<Owned<Batch>>,
    /// Batches of which the history knows, purged or not.
    history: Vec<Owned<Batch>>,
    codes: Vec<(String, Owned<Code>)>,
    /// Who tried a code with success, and when.
    setups: Vec<(String, Timestamp)>,
    entries: Vec<(ImportedEntry, [String; 2])>,
    clean_ups: Vec<CleanUp>,
}

/// Something with the user it belongs to and the user who deleted it, as the dump names them.
struct Owned<T> {
    user: String,
    deleted_by: String,
    what: T,
}

/// What the dump says for nobody.
const NOBODY: &str = "null";

/// Reads a dump; records of anything else do not matter.
///
/// # Errors
/// [`Kind::Usage`] when it is none, with the record that is not as it should be.
pub fn read(input: impl BufRead) -> Result<Dump> {
    let mut records = Records::default();
    let (mut number, mut wrong) = (0, None);
    records::each(input, None, HINT, |record| {
        number += 1;
        if wrong.is_none() && records.add(number, &record).is_none() {
            wrong = Some(number);
        }
    })?;
    match wrong {
        Some(number) => Err(refuse(format!(
            "record {number} is not as the application writes it"
        ))),
        None => records.joined(),
    }
}

const HINT: &str = "write it with `manage.py dumpdata auth.user django_auth_recovery_codes`";

fn refuse(message: String) -> Error {
    Error::new(Kind::Usage, message).hint(format!("nothing was changed; {HINT}"))
}

impl Records {
    /// None for a record that is not as it should be.
    fn add(&mut self, number: u64, record: &Value) -> Option<()> {
        let fields = Fields(record["fields"].as_object()?);
        let model = record["model"].as_str()?;
        match model.strip_prefix("django_auth_recovery_codes.") {
            Some("recoverycodesbatch") => {
                let id = record["pk"].as_str()?.to_owned();
                self.batches.push(fields.batch(id)?);
            }
            Some("recoverycodesbatchhistory") => {
                let id = fields.text("batch_id")?;
                self.history.push(fields.batch(id)?);
            }
            Some("recoverycode") => {
                let code = (fields.text("batch")?, fields.code(number)?);
                self.codes.push(code);
            }
            Some("recoverycodesetup") if fields.flag("success")? => {
                let setup = (fields.key("user")?, fields.at("modified_at")?);
                self.setups.push(setup);
            }
            Some("recoverycodeaudit") => {
                let entry = ImportedEntry {
                    log: ImportedLog::Audit,
                    number: record["pk"].as_i64()?,
                    at: fields.at("timestamp")?,
                    actor: None,
                    action: fields.text("action")?,
                    user: None,
                    batch: fields.maybe_text("batch")?,
                    details: format!(
                        "{} ({} of {})",
                        fields.maybe_text("reason")?.unwrap_or_default(),
                        fields.number("number_deleted")?,
                        fields.number("number_issued")?
                    ),
                };
                let about = [fields.key("deleted_by")?, fields.key("user_issued_to")?];
                self.entries.push((entry, about));
            }
            Some("recoverycodepurgehistory") => {
                let details = format!(
                    "{} codes of {} batches, retention {} days",
                    fields.number("total_codes_purged")?,
                    fields.number("total_batches_purged")?,
                    fields.number("retention_days")?
                );
                let at = fields.at("timestamp")?;
                self.note(record, ImportedLog::Purges, at, ("purge", None, details))?;
            }
            Some("recoverycodeemaillog") => {
                let details = format!("status {}", fields.text("status")?);
                let to = Some(fields.text("to_email")?);
                let subject = fields.text("subject")?;
                let at = fields.at("sent_on")?;
                self.note(record, ImportedLog::Email, at, (&subject, to, details))?;
            }
            Some("recoverycodecleanupscheduler") => {
                self.clean_ups.push(fields.clean_up(RunKind::Purge)?);
            }
            Some("recoverycodeauditscheduler") => {
                self.clean_ups.push(fields.clean_up(RunKind::Prune)?);
            }
            Some(_) => {}
            // A project may have a model of its own for users; other records know user names too.
            None if model == "auth.user" || fields.0.contains_key("password") => {
                self.add_user(number, record, &fields)?;
            }
            None => {}
        }
        Some(())
    }

    fn add_user(&mut self, number: u64, record: &Value, fields: &Fields<'_>) -> Option<()> {
        let Some(name) = fields.0.get("username") else {
            return Some(());
        };
        let name = name.as_str()?.to_owned();
        let email = fields.0.get("email").map_or(Some(""), Value::as_str)?;
        let keys = [
            record["pk"].to_string(),
            Value::from(vec![name.clone()]).to_string(),
        ];
        let person = Person {
            record: number,
            key: name.clone(),
            name,
            email: email.to_owned(),
            is_active: fields
                .0
                .get("is_active")
                .map_or(Some(true), Value::as_bool)?,
        };
        self.users.push((person, keys));
        Some(())
    }

    fn note(
        &mut self,
        record: &Value,
        log: ImportedLog,
        at: Timestamp,
        (action, user, details): (&str, Option<String>, String),
    ) -> Option<()> {
        let entry = ImportedEntry {
            log,
            number: record["pk"].as_i64()?,
            at,
            actor: None,
            action: action.to_owned(),
            user,
            batch: None,
            details,
        };
        let nobody = [NOBODY.to_owned(), NOBODY.to_owned()];
        self.entries.push((entry, nobody));
        Some(())
    }

    /// Puts together what belongs together.
    fn joined(self) -> Result<Dump> {
        let mut names: HashMap<&str, &str> = HashMap::new();
        for (person, keys) in &self.users {
            for key in keys {
                names.insert(key, &person.key);
            }
        }
        let name_of = |key: &str| names.get(key).map(|name| (*name).to_owned());
        let mut batches: HashMap<String, (Option<String>, Batch)> = HashMap::new();
        for (is_gone, owned) in self
            .batches
            .into_iter()
            .map(|owned| (false, owned))
            .chain(self.history.into_iter().map(|owned| (true, owned)))
        {
            let mut batch = owned.what;
            batch.deleted_by = name_of(&owned.deleted_by);
            // What a purge there took is known from the history alone.
            let place = batches.entry(batch.id.clone());
            match is_gone {
                true => drop(place.or_insert((name_of(&owned.user), batch))),
                false => drop(place.insert_entry((name_of(&owned.user), batch))),
            }
        }
        for (batch, owned) in self.codes {
            let holder = name_of(&owned.user)
                .ok_or_else(|| refuse(format!("the dump does not hold the user {}", owned.user)))?;
            if let Some((owner, batch)) = batches.get_mut(&batch) {
                // The codes say whose the batch is.
                if batch.codes.is_empty() {
                    *owner = Some(holder.clone());
                }
                if *owner == Some(holder) {
                    batch.codes.push(owned.what);
                }
            }
        }
        let mut pasts: HashMap<String, Past> = HashMap::new();
        for (owner, batch) in batches.into_values() {
            if let Some(owner) = owner {
                pasts.entry(owner).or_default().batches.push(batch);
            }
        }
        for (user, at) in self.setups {
            if let Some(past) = name_of(&user).and_then(|name| pasts.get_mut(&name)) {
                past.confirmed_at = Some(at);
            }
        }
        let entries = self.entries.into_iter().map(|(entry, [actor, user])| {
            let user = entry.user.clone().or_else(|| name_of(&user));
            let actor = name_of(&actor);
            ImportedEntry {
                actor,
                user,
                ..entry
            }
        });
        Ok(Dump {
            entries: entries.collect(),
            clean_ups: self.clean_ups,
            persons: self
                .users
                .iter()
                .filter(|(person, _)| pasts.contains_key(&person.key))
                .map(|(person, _)| person.clone())
                .collect(),
            pasts,
        })
    }
}

/// The fields of a record.
struct Fields<'a>(&'a Map<String, Value>);

impl Fields<'_> {
    fn text(&self, name: &str) -> Option<String> {
        Some(self.0.get(name)?.as_str()?.to_owned())
    }

    fn maybe_text(&self, name: &str) -> Option<Option<String>> {
        match self.0.get(name)? {
            Value::Null => Some(None),
            text => Some(Some(text.as_str()?.to_owned())),
        }
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.0.get(name)?.as_u64()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    fn at(&self, name: &str) -> Option<Timestamp> {
        moment(self.0.get(name)?.as_str()?)
    }

    fn maybe_at(&self, name: &str) -> Option<Option<Timestamp>> {
        match self.maybe_text(name)? {
            None => Some(None),
            Some(text) => moment(&text).map(Some),
        }
    }

    /// The key by which another record is named.
    fn key(&self, name: &str) -> Option<String> {
        Some(self.0.get(name)?.to_string())
    }

    fn batch(&self, id: String) -> Option<Owned<Batch>> {
        let expires_at = match self.maybe_text("expiry_date")? {
            None => None,
            Some(day) => Some(end_of(&day)?),
        };
        let batch = Batch {
            id,
            created_at: self.at("created_at")?,
            modified_at: self.at("modified_at")?,
            expires_at,
            is_active: self.text("status")? == "a",
            deleted_at: self.maybe_at("deleted_at")?,
            deleted_by: None,
            issued: self.number("number_issued")?,
            used: self.number("number_used")?,
            invalidated: self.number("number_invalidated")?,
            removed: self.number("number_removed")?,
            is_viewed: self.flag("viewed")?,
            is_downloaded: self.flag("downloaded")?,
            is_emailed: self.flag("emailed")?,
            codes: Vec::new(),
        };
        self.owned(batch)
    }

    fn code(&self, record: u64) -> Option<Owned<Code>> {
        let status = self.text("status")?;
        let marks = Marks {
            status: &status,
            is_used: self.flag("is_used")?,
            is_deactivated: self.flag("is_deactivated")?,
            is_marked_for_deletion: self.flag("mark_for_deletion")?,
        };
        let state = marks.state();
        let deleted_at = self.maybe_at("deleted_at")?;
        let modified_at = self.at("modified_at")?;
        self.owned(Code {
            record: Some(record),
            created_at: self.at("created_at")?,
            look_up_hash: self.text("look_up_hash")?,
            state,
            is_by_hand: self.key("deleted_by")? != NOBODY,
            changed_at: deleted_at
                .filter(|_| state != CodeState::Used)
                .unwrap_or(modified_at),
        })
    }

    fn owned<T>(&self, what: T) -> Option<Owned<T>> {
        Some(Owned {
            user: self.key("user")?,
            deleted_by: self.key("deleted_by")?,
            what,
        })
    }

    fn clean_up(&self, run: RunKind) -> Option<CleanUp> {
        let keeps_empty = match run {
            RunKind::Purge => !self.flag("delete_empty_batch")?,
            RunKind::Prune => false,
        };
        Some(CleanUp {
            name: self.text("name")?,
            run,
            every: CleanUp::every(&self.text("schedule_type")?),
            start: self.at("run_at")?,
            next: None,
            retention_days: Some(self.number("retention_days")?),
            keep_empty: keeps_empty,
            log: self.flag("use_with_logger")?,
            is_enabled: self.flag("enable_scheduler")?,
        })
    }
}
