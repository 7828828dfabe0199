//! Records as tables and as pages of details, within the width of the terminal.

use comfy_table::{ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, presets};

use super::record::{Record, Value};
use super::style::Style;
use super::words::cell;
use crate::model::page::Page;

/// Columns where there is no terminal to ask.
const USUAL_WIDTH: u16 = 80;

/// One rule under the heading and nothing else: a row is a line wherever it fits.
const RULED: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none().junction(' '));

/// Rows under a heading, from the labelled fields of each record.
pub fn rows(page: &Page<Record>, width: Option<u16>) -> String {
    let Some(first) = page.items.first() else {
        return String::new();
    };
    let mut table = new_table(width);
    table.load_style(RULED);
    table.set_header(labelled(first).map(|(label, _)| label));
    for record in &page.items {
        table.add_row(labelled(record).map(|(_, value)| cell(value)));
    }
    finish(&table)
}

/// One record: a line for each labelled field, then its lists of records as tables and its inner
/// records under their titles.
pub fn details(record: &Record, width: Option<u16>, style: Style) -> String {
    let mut table = new_table(width);
    table.load_style(presets::NOTHING);
    for (label, value) in labelled(record).filter(|(_, value)| is_plain(value)) {
        table.add_row([label.to_owned(), cell(value)]);
    }
    let mut text = if table.is_empty() {
        String::new()
    } else {
        finish(&table)
    };
    for (label, value) in labelled(record).filter(|(_, value)| !is_plain(value)) {
        let inner = match value {
            Value::Record(inner) => details(inner, width, style),
            Value::List(values) => rows_of(values, width),
            _ => continue,
        };
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&style.title(label));
        text.push('\n');
        text.push_str(&inner);
    }
    text
}

fn rows_of(values: &[Value], width: Option<u16>) -> String {
    let mut table = new_table(width);
    table.load_style(RULED);
    for value in values {
        if let Value::Record(record) = value {
            if table.header().is_none() {
                table.set_header(labelled(record).map(|(label, _)| label));
            }
            table.add_row(labelled(record).map(|(_, value)| cell(value)));
        }
    }
    finish(&table)
}

fn labelled(record: &Record) -> impl Iterator<Item = (&'static str, &Value)> {
    record
        .fields()
        .iter()
        .filter(|field| !field.label.is_empty())
        .map(|field| (field.label, &field.value))
}

fn is_plain(value: &Value) -> bool {
    match value {
        Value::Record(_) => false,
        Value::List(values) => !values.iter().any(|value| matches!(value, Value::Record(_))),
        _ => true,
    }
}

fn new_table(width: Option<u16>) -> Table {
    let mut table = Table::new();
    table
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.unwrap_or(USUAL_WIDTH).max(20));
    table
}

fn finish(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str) -> Page<Record> {
        Page::whole(vec![
            Record::new()
                .field("user", "User", name)
                .field("n", "Codes left", 7_u64),
            Record::new()
                .field("user", "User", "bob")
                .field("n", "Codes left", 10_u64),
        ])
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let long = page(&"long name ".repeat(30));
        for width in [40_u16, 80, 200] {
            for line in rows(&long, Some(width)).lines() {
                assert!(
                    line.chars().count() <= usize::from(width),
                    "{width}: {line}"
                );
            }
        }
        let lines = |width| rows(&long, Some(width)).lines().count();
        assert!(lines(200) < lines(80));
    }

    #[test]
    fn a_table_reads_like_this() {
        let shown = " User    Codes left\n\
                     ────────────────────\n \
                     alice   7\n \
                     bob     10\n";
        assert_eq!(rows(&page("alice"), None), shown);
    }
}
