//! Records as tables and as pages of details, within the width of the terminal.

use comfy_table::{
    ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle, Width,
};

use super::record::{Record, Value};
use super::style::Style;
use super::words::{cell, lines as words_in_lines};
use crate::model::page::Page;
use crate::model::zone::Zone;

/// How answers are shown to a person.
#[derive(Clone, Debug, Default)]
pub struct View {
    /// The terminal's columns, where there is one.
    pub width: Option<u16>,
    pub style: Style,
    /// On whose clock times are told.
    pub zone: Zone,
}

/// Columns where there is no terminal to ask.
const USUAL_WIDTH: u16 = 80;

/// Columns below which lists become records.
const NARROW: u16 = 60;

/// One rule under the heading and nothing else: a row is a line wherever it fits.
const RULED: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('-').junction('-'))
    .content_lines(ContentLineStyle::none().junction(' '));

/// Rows under a heading, from the labelled fields of each record.
pub fn rows(page: &Page<Record>, view: &View) -> String {
    let Some(first) = page.items.first() else {
        return String::new();
    };
    ruled(first, page.items.iter(), view)
}

/// One record: a line for each labelled field, then its lists of records as tables and its inner
/// records under their titles.
pub fn details(record: &Record, view: &View) -> String {
    let mut text = lines(record, view);
    for (label, value) in labelled(record).filter(|(_, value)| !is_plain(value)) {
        let inner = match value {
            Value::Record(inner) => details(inner, view),
            Value::List(values) => rows_of(values, view),
            _ => continue,
        };
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&view.style.title(label));
        text.push('\n');
        text.push_str(&inner);
    }
    text
}

fn rows_of(values: &[Value], view: &View) -> String {
    let records: Vec<&Record> = values
        .iter()
        .filter_map(|value| match value {
            Value::Record(record) => Some(record),
            _ => None,
        })
        .collect();
    records.first().map_or_else(String::new, |first| {
        ruled(first, records.iter().copied(), view)
    })
}

/// Rows under a heading with a rule below it; where a word would have to be broken for that, records
/// one below the other.
fn ruled<'a>(first: &Record, records: impl Iterator<Item = &'a Record>, view: &View) -> String {
    let records: Vec<&Record> = records.collect();
    let header: Vec<String> = labelled(first).map(|(label, _)| label.to_owned()).collect();
    let rows: Vec<Vec<String>> = records
        .iter()
        .map(|record| {
            labelled(record)
                .map(|(_, value)| cell(value, &view.zone))
                .collect()
        })
        .collect();
    let Some(least) = least_widths(&header, &rows, view.width.unwrap_or(USUAL_WIDTH)) else {
        let records: Vec<String> = records.iter().map(|record| lines(record, view)).collect();
        return records.join("\n");
    };
    let mut table = new_table(view.width);
    table.load_style(RULED);
    table.set_header(&header);
    for row in rows {
        table.add_row(row);
    }
    let last = header.len().saturating_sub(1);
    for (column, least) in table.column_iter_mut().zip(least) {
        let padding = u16::from(column.index != last);
        column.set_padding((0, padding));
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(
            least + padding,
        )));
    }
    finish(&table)
}

/// How narrow each column may become so that every word stays whole: a path, a date or a hint that is
/// broken in its middle cannot be read or pasted. None where that does not fit.
fn least_widths(header: &[String], rows: &[Vec<String>], width: u16) -> Option<Vec<u16>> {
    let longest: Vec<u16> = (0..header.len())
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells
                .chain(header.get(column))
                .flat_map(|text| text.split_whitespace())
                .map(|word| u16::try_from(word.chars().count()).unwrap_or(u16::MAX))
                .max()
                .unwrap_or(1)
        })
        .collect();
    let gaps = 2 * header.len().saturating_sub(1);
    let total: usize = longest.iter().copied().map(usize::from).sum();
    (width >= NARROW && total + gaps <= usize::from(width)).then_some(longest)
}

/// The labelled plain fields of a record, a line for each; what is too long goes on below itself.
fn lines(record: &Record, view: &View) -> String {
    let fields: Vec<(&str, String)> = labelled(record)
        .filter(|(_, value)| is_plain(value))
        .map(|(label, value)| (label, cell(value, &view.zone)))
        .collect();
    let longest = fields.iter().map(|(label, _)| label.chars().count()).max();
    let indent = longest.unwrap_or(0) + 2;
    let room = usize::from(view.width.unwrap_or(USUAL_WIDTH)).saturating_sub(indent);
    let mut text = String::new();
    for (label, value) in fields {
        for (number, line) in words_in_lines(&value, room).iter().enumerate() {
            let label = if number == 0 { label } else { "" };
            let line = format!("{label:<indent$}{line}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    text
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

    fn view(width: u16) -> View {
        View {
            width: Some(width),
            zone: Zone::Utc,
            ..View::default()
        }
    }

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
            for line in rows(&long, &view(width)).lines() {
                assert!(
                    line.chars().count() <= usize::from(width),
                    "{width}: {line}"
                );
            }
        }
        let lines = |width| rows(&long, &view(width)).lines().count();
        assert!(lines(200) < lines(80));
    }

    #[test]
    fn a_narrow_terminal_shows_records_and_breaks_no_word() {
        let path = "/very/long/path/that/would/not/fit/on/any/narrow/terminal/of/these.db";
        let shown = "User        alice\n\
                     Codes left  7\n\
                     \n\
                     User        bob\n\
                     Codes left  10\n";
        assert_eq!(rows(&page("alice"), &view(59)), shown);
        assert!(rows(&page(path), &view(80)).contains(path));
        assert!(rows(&page(path), &view(70)).starts_with(&format!("User        {path}\n")));
    }

    #[test]
    fn a_table_reads_like_this() {
        let shown = "User   Codes left\n\
                     -----------------\n\
                     alice  7\n\
                     bob    10\n";
        assert_eq!(rows(&page("alice"), &View::default()), shown);
    }

    #[test]
    fn a_time_is_broken_between_date_and_hour() {
        let at = crate::model::time::from_millis(1_790_000_000_000);
        let row = Record::new().field("a", "Issued", at).field(
            "b",
            "A column with many words",
            "word ".repeat(30),
        );
        let shown = rows(&Page::whole(vec![row]), &view(60));
        assert!(shown.contains("\n2026-09-21 "), "{shown}");
    }
}
