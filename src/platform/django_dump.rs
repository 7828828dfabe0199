//! What `manage.py dumpdata` of the Django application writes: users, and their codes as far as
//! it keeps them.

use serde_json::{Map, Value};

use crate::error::{Error, Kind, Result};

/// The records that matter.
#[derive(Debug, Default)]
pub struct Dump {
    pub users: Vec<User>,
    pub batches: Vec<Batch>,
    pub codes: Vec<Code>,
}

/// A user of the application.
#[derive(Debug)]
pub struct User {
    /// Which record it is; the first is 1.
    pub record: u64,
    /// How other records name it: by number or by its natural key.
    pub keys: [String; 2],
    pub name: String,
    /// Empty for none.
    pub email: String,
    pub is_active: bool,
}

/// Codes that were issued at one time.
#[derive(Debug)]
pub struct Batch {
    /// A UUID.
    pub id: String,
    pub created_at: String,
    /// The day after which its codes are expired.
    pub expires_on: Option<String>,
    pub is_active: bool,
}

/// One code.
#[derive(Debug)]
pub struct Code {
    /// Which record it is; the first is 1.
    pub record: u64,
    /// One of the keys of its user.
    pub user: String,
    pub batch: String,
    pub look_up_hash: String,
    /// Whether it was neither used nor invalidated nor deleted.
    pub is_live: bool,
}

const BATCH: &str = "django_auth_recovery_codes.recoverycodesbatch";
const CODE: &str = "django_auth_recovery_codes.recoverycode";

/// Reads a dump; records of anything else do not matter.
///
/// # Errors
/// [`Kind::Usage`] when it is none, with the record that is not as it should be.
pub fn read(bytes: &[u8]) -> Result<Dump> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let records: Vec<Value> = serde_json::from_slice(bytes).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        refuse(format!("this is no dump in JSON: {place}"))
    })?;
    let mut dump = Dump::default();
    for (number, record) in (1..).zip(&records) {
        if add(&mut dump, number, record).is_none() {
            return Err(refuse(format!(
                "record {number} is not as the application writes it"
            )));
        }
    }
    Ok(dump)
}

fn refuse(message: String) -> Error {
    Error::new(Kind::Usage, message).hint(
        "nothing was changed; write it with `manage.py dumpdata auth.user django_auth_recovery_codes`",
    )
}

/// None for a record that is not as it should be.
fn add(dump: &mut Dump, number: u64, record: &Value) -> Option<()> {
    let fields = record["fields"].as_object()?;
    match record["model"].as_str()? {
        BATCH => dump.batches.push(Batch {
            id: record["pk"].as_str()?.to_owned(),
            created_at: text(fields, "created_at")?,
            expires_on: match fields.get("expiry_date")? {
                Value::Null => None,
                date => Some(date.as_str()?.to_owned()),
            },
            is_active: text(fields, "status")? == "a",
        }),
        CODE => dump.codes.push(Code {
            record: number,
            user: fields.get("user")?.to_string(),
            batch: text(fields, "batch")?,
            look_up_hash: text(fields, "look_up_hash")?,
            is_live: text(fields, "status")? == "a"
                && !flag(fields, "is_used")?
                && !flag(fields, "is_deactivated")?
                && !flag(fields, "mark_for_deletion")?,
        }),
        // A project may have a model of its own for users; other records know user names too.
        model if model == "auth.user" || fields.contains_key("password") => {
            if let Some(name) = fields.get("username") {
                let name = name.as_str()?.to_owned();
                dump.users.push(User {
                    record: number,
                    keys: [
                        record["pk"].to_string(),
                        Value::from(vec![name.clone()]).to_string(),
                    ],
                    name,
                    email: fields
                        .get("email")
                        .map_or(Some(""), Value::as_str)?
                        .to_owned(),
                    is_active: fields.get("is_active").map_or(Some(true), Value::as_bool)?,
                });
            }
        }
        _ => {}
    }
    Some(())
}

fn text(fields: &Map<String, Value>, name: &str) -> Option<String> {
    Some(fields.get(name)?.as_str()?.to_owned())
}

fn flag(fields: &Map<String, Value>, name: &str) -> Option<bool> {
    fields.get(name)?.as_bool()
}
