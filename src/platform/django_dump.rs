//! What `manage.py dumpdata` of the Django application writes.

use std::io::BufRead;

use serde_json::Value;

use crate::error::{Error, Kind, Result};
use crate::model::django::{end_of, moment};
use crate::model::django_dump::{Cell, Column, Holds, Record, TABLES, Table};
use crate::platform::moved::records;

const HINT: &str = "write it with `manage.py dumpdata auth.user django_auth_recovery_codes`";

/// What is said of a dump that cannot be used.
pub fn refuse(message: String) -> Error {
    Error::new(Kind::Usage, message).hint(format!("nothing was changed; {HINT}"))
}

/// Reads a dump; records of anything else do not matter. Those that belong together may stand in any order.
///
/// # Errors
/// [`Kind::Usage`] when it is none, with the record that is not as it should be; what `put` says.
pub fn read(input: impl BufRead, mut put: impl FnMut(Record) -> Result<()>) -> Result<()> {
    let (mut number, mut wrong) = (0, None);
    records::each(input, None, HINT, |record| {
        number += 1;
        if wrong.is_some() {
            return Ok(());
        }
        match look(number, &record) {
            Some(Some(record)) => put(record)?,
            Some(None) => {}
            None => wrong = Some(number),
        }
        Ok(())
    })?;
    match wrong {
        Some(number) => Err(refuse(format!(
            "record {number} is not as the application writes it"
        ))),
        None => Ok(()),
    }
}

/// What a record is, if it matters; none for one that is not as it should be.
fn look(number: u64, record: &Value) -> Option<Option<Record>> {
    let fields = record["fields"].as_object()?;
    let model = record["model"].as_str()?;
    match model.strip_prefix("django_auth_recovery_codes.") {
        Some(model) => match TABLES.iter().find(|table| table.model == model) {
            Some(table) => row(table, number, record).map(Some),
            None => Some(None),
        },
        // A project may have a model of its own for users; other records know user names too.
        None if model == "auth.user" || fields.contains_key("password") => user(number, record),
        None => Some(None),
    }
}

fn user(number: u64, record: &Value) -> Option<Option<Record>> {
    let fields = &record["fields"];
    let Some(name) = fields.get("username") else {
        return Some(None);
    };
    let name = name.as_str()?.to_owned();
    let email = fields.get("email").map_or(Some(""), Value::as_str)?;
    Some(Some(Record::User {
        number,
        email: email.to_owned(),
        is_active: fields.get("is_active").map_or(Some(true), Value::as_bool)?,
        keys: [
            record["pk"].to_string(),
            Value::from(vec![name.clone()]).to_string(),
        ],
        name,
    }))
}

fn row(table: &'static Table, number: u64, record: &Value) -> Option<Record> {
    let cells = table.columns.iter();
    let cells = cells.map(|column| cell(column, number, record));
    Some(Record::Row(table, cells.collect::<Option<_>>()?))
}

fn cell(column: &Column, number: u64, record: &Value) -> Option<Cell> {
    let field = || record["fields"].get(column.field);
    let text = |value: &Value| Some(Cell::Text(value.as_str()?.to_owned()));
    let whole = |number: u64| i64::try_from(number).ok().map(Cell::Number);
    let time = |value: &Value| {
        moment(value.as_str()?)?;
        text(value)
    };
    let maybe = |read: &dyn Fn(&Value) -> Option<Cell>| match field()? {
        Value::Null => Some(Cell::Nothing),
        value => read(value),
    };
    match column.holds {
        Holds::Record => whole(number),
        Holds::TextKey => text(&record["pk"]),
        Holds::NumberKey => record["pk"].as_i64().map(Cell::Number),
        Holds::Text => text(field()?),
        Holds::MaybeText => maybe(&text),
        Holds::Count => whole(field()?.as_u64()?),
        Holds::Flag => Some(Cell::Number(field()?.as_bool()?.into())),
        Holds::Moment => time(field()?),
        Holds::MaybeMoment => maybe(&time),
        Holds::MaybeDay => maybe(&|value| {
            end_of(value.as_str()?)?;
            text(value)
        }),
        Holds::User => maybe(&|value| Some(Cell::User(value.to_string()))),
    }
}
