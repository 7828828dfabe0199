//! What templates say in the reader's language: `t("message")`, `facts([["label", value]])`, and
//! text in lines.

use std::sync::Arc;

use minijinja::{AutoEscape, Environment, Error, HtmlEscape, State, Value};

use super::news::News;
use crate::render::language::{Filling, Said, Texts};
use crate::render::words::lines;

/// Columns of a letter.
const WIDTH: usize = 78;

/// Columns before the values of facts, at least.
const LABELS: usize = 9;

/// Lets the templates speak in the language of this letter.
pub(super) fn speak(environment: &mut Environment<'_>, news: &News<'_>, variables: &Value) {
    let texts = Arc::clone(news.texts);
    let fillings: Arc<Vec<(String, Filling)>> = Arc::new(fillings(variables));
    let say = move |state: &State<'_, '_>, message: &str| {
        let fillings: Vec<_> = fillings
            .iter()
            .map(|(name, filling)| (name.as_str(), filling.clone()))
            .collect();
        dressed(state, &texts.say(message, &fillings))
    };
    let texts = Arc::clone(news.texts);
    environment.add_function("t", say);
    environment.add_function("facts", move |state: &State<'_, '_>, facts: Value| {
        told(state, &texts, &facts)
    });
    environment.add_filter("wrap", |text: &str| lines(text, WIDTH).join("\n"));
}

/// Each variable that a message may hold.
fn fillings(variables: &Value) -> Vec<(String, Filling)> {
    let names = variables.try_iter().into_iter().flatten();
    let filled = names.filter_map(|name| {
        let value = variables.get_item(&name).ok()?;
        let filling = match (u64::try_from(value.clone()), value.as_str()) {
            (_, Some(text)) => Filling::Text(text.to_owned()),
            (Ok(number), None) if value.is_number() => Filling::Number(number),
            _ => return None,
        };
        Some((name.to_string(), filling))
    });
    filled.collect()
}

fn is_html(state: &State<'_, '_>) -> bool {
    matches!(state.auto_escape(), AutoEscape::Html)
}

fn dressed(state: &State<'_, '_>, said: &Said) -> Value {
    if !is_html(state) {
        return Value::from(said.plain());
    }
    let escaped = |text: &str| HtmlEscape(text).to_string();
    let marks = ["<strong>", "</strong>", "<code>", "</code>"];
    Value::from_safe_string(said.dressed(escaped, marks))
}

/// Labels and values, one below the other; a value that is none is left out.
fn told(state: &State<'_, '_>, texts: &Texts, facts: &Value) -> Result<Value, Error> {
    let mut all: Vec<(String, Value)> = Vec::new();
    for fact in facts.try_iter()? {
        let (label, value) = (fact.get_item_by_index(0)?, fact.get_item_by_index(1)?);
        if !value.is_none() {
            all.push((texts.plain(label.as_str().unwrap_or_default()), value));
        }
    }
    if is_html(state) {
        let row = |(label, value): &(String, Value)| {
            let value = match value.is_safe() {
                true => value.to_string(),
                false => HtmlEscape(&value.to_string()).to_string(),
            };
            format!("<tr><td>{}</td><td>{value}</td></tr>\n", HtmlEscape(label))
        };
        let rows: String = all.iter().map(row).collect();
        return Ok(Value::from_safe_string(format!(
            "<table style=\"border-spacing: 1em 0.2em\">\n{rows}</table>"
        )));
    }
    let longest = all.iter().map(|(label, _)| label.chars().count()).max();
    let width = (longest.unwrap_or(0) + 2).max(LABELS);
    let line = |(label, value): &(String, Value)| {
        let label = format!("{label}:");
        format!("    {label:<width$}{value}")
    };
    let lines: Vec<String> = all.iter().map(line).collect();
    Ok(Value::from(lines.join("\n")))
}
