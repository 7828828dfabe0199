//! What a server has in the store's schema, against what this program makes there.

use std::collections::BTreeMap;

use super::super::connection::Connection;
use super::super::difference::{Difference, How};
use super::super::value::params;
use crate::error::Result;

/// Everything there is: kind, name, text.
const SCHEMA: &str = include_str!("schema.sql");

/// The part of it that acts by itself when rows are read or written. It is asked in every transaction
/// that proves something, and all of it would cost more than all the rest of a login.
const WATCHED: &str = include_str!("watched.sql");

/// What this version makes, as [`SCHEMA`] and [`WATCHED`] tell it; a test keeps them.
const AS_MADE: &str = include_str!("../../../../migrations/postgres/schema.txt");
const WATCHED_AS_MADE: &str = include_str!("../../../../migrations/postgres/watched.txt");

/// Whether nothing acts by itself but what this version makes.
pub fn is_as_made(connection: &Connection) -> Result<bool> {
    Ok(watched(connection)?.trim_end() == WATCHED_AS_MADE.trim_end())
}

/// What acts by itself.
pub fn watched(connection: &Connection) -> Result<String> {
    connection.value(WATCHED, params! {})
}

/// What there is: a line for each table, constraint, index, trigger and function.
pub fn as_made(connection: &Connection) -> Result<String> {
    let lines = read(connection)?.into_iter();
    Ok(lines
        .map(|((kind, name), text)| format!("{kind} {name}\t{text}\n"))
        .collect())
}

type Schema = BTreeMap<(String, String), String>;

fn read(connection: &Connection) -> Result<Schema> {
    let rows = connection.all(SCHEMA, params! {}, |row| {
        let text: String = row.get(2)?;
        let text: Vec<&str> = text.split_whitespace().collect();
        Ok(((row.get(0)?, row.get(1)?), text.join(" ")))
    })?;
    Ok(rows.into_iter().collect())
}

/// Everything that differs from what this version makes.
pub fn differences(connection: &Connection) -> Result<Vec<Difference>> {
    let made: BTreeMap<(&str, &str), &str> = AS_MADE
        .lines()
        .filter_map(|line| {
            let (key, text) = line.split_once('\t')?;
            Some((key.split_once(' ')?, text))
        })
        .collect();
    let found = read(connection)?;
    let of = |kind: &str, name: &str, how| Difference {
        kind: kind.to_owned(),
        name: name.to_owned(),
        how,
    };
    let wrong = made.iter().filter_map(|((kind, name), text)| {
        match found.get(&((*kind).to_owned(), (*name).to_owned())) {
            None => Some(of(kind, name, How::Missing)),
            Some(other) if other != text => Some(of(kind, name, How::Changed)),
            Some(_) => None,
        }
    });
    let foreign = found
        .keys()
        .filter(|(kind, name)| !made.contains_key(&(&**kind, &**name)))
        .map(|(kind, name)| of(kind, name, How::Foreign));
    Ok(wrong.chain(foreign).collect())
}
