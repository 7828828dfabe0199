//! What a word answers, and the one place where answers and errors are written out.

use std::io;

use zeroize::Zeroizing;

use super::global::{Color, Global};
use crate::error::{Error, Exit};
use crate::model::environment::Environment;
use crate::model::location::Location;
use crate::model::page::Page;
use crate::model::zone::Zone;
use crate::platform::terminal::Terminal;
use crate::render::quoting::in_shell;
use crate::render::record::Record;
use crate::render::style::Style;
use crate::render::table::View;
use crate::render::visible::visible;
use crate::render::{json, table};

/// The data of an answer.
#[derive(Debug)]
pub enum Data {
    One(Record),
    Many(Page<Record>),
    /// Said already.
    Said,
}

/// What a person sees of it on standard output.
#[derive(Debug)]
enum Shown {
    Nothing,
    /// The data as details or as a table.
    Data,
    /// These lines.
    Lines(Vec<Zeroizing<String>>),
}

/// A word's answer.
#[derive(Debug)]
pub struct Report {
    data: Data,
    shown: Shown,
    notes: Vec<String>,
    /// What programs are told beside a list.
    beside: Record,
    exit: Exit,
    obstacle: Option<Error>,
}

impl Report {
    /// One thing, shown as details.
    pub fn details(record: Record) -> Self {
        Self::new(Data::One(record), Shown::Data)
    }

    /// A page of a list, shown as a table. `nothing` is said of a list without a row.
    pub fn page(page: Page<Record>, nothing: impl Into<String>) -> Self {
        let mut notes = Vec::new();
        if page.total == 0 {
            notes.push(nothing.into());
        } else if page.items.is_empty() {
            notes.push(format!(
                "There is no page {}; the last is {}.",
                page.page, page.pages
            ));
        } else if page.pages > 1 {
            notes.push(format!(
                "Page {} of {}; --page shows another.",
                page.page, page.pages
            ));
        }
        let mut report = Self::new(Data::Many(page), Shown::Data);
        report.notes = notes;
        report
    }

    /// The same data, which a person sees as these lines.
    pub fn shown_as(mut self, lines: Vec<String>) -> Self {
        self.shown = Shown::Lines(lines.into_iter().map(Zeroizing::new).collect());
        self
    }

    /// A deed of which a person only hears.
    pub fn done(record: Record, note: impl Into<String>) -> Self {
        Self::new(Data::One(record), Shown::Nothing).note(note)
    }

    /// Data that a person sees as these lines.
    pub fn lines(record: Record, lines: Vec<Zeroizing<String>>) -> Self {
        Self::new(Data::One(record), Shown::Lines(lines))
    }

    /// What is said after an answer that was written out already, and how that ended.
    pub fn afterwards(exit: Exit) -> Self {
        Self::new(Data::Said, Shown::Nothing).exit(exit)
    }

    fn new(data: Data, shown: Shown) -> Self {
        Self {
            data,
            shown,
            notes: Vec::new(),
            beside: Record::new(),
            exit: Exit::Done,
            obstacle: None,
        }
    }

    /// Whether it is an answer that says no.
    pub fn is_no(&self) -> bool {
        self.exit == Exit::No
    }

    /// How it ends and what it says, for who asked through the door; advice is in words for `printer`.
    pub fn spoken(self, printer: &Printer) -> (Exit, Record) {
        let said = match self.data {
            Data::One(record) => record,
            Data::Many(_) | Data::Said => Record::new(),
        };
        let said = match &self.obstacle {
            Some(error) => said.extend(printer.told(error)),
            None => said,
        };
        (self.exit, said)
    }

    /// Something said beside the data, on standard error.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same, several times.
    pub fn notes(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Something said beside a list, to programs.
    pub fn beside(mut self, record: Record) -> Self {
        self.beside = self.beside.extend(record);
        self
    }

    /// Whether it is a list of which not all is shown.
    pub fn is_a_part(&self) -> bool {
        matches!(&self.data, Data::Many(page) if page.pages > 1)
    }

    /// How the program ends.
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// An obstacle that is told beside the answer and decides the exit code.
    pub fn obstacle(mut self, error: Error) -> Self {
        self.exit = error.exit();
        self.obstacle = Some(error);
        self
    }
}

/// How every command begins that is named in a sentence.
const CALLED: &str = concat!("`", "recovery-codes ");

fn again(global: &Global) -> String {
    let mut called = CALLED.to_owned();
    for (option, path) in [("--store", &global.store), ("--config", &global.config)] {
        if let Some(path) = path {
            called.push_str(&format!(
                "{option} {} ",
                in_shell(&Location::new(path, &Environment::default()).to_string())
            ));
        }
    }
    if global.system {
        called.push_str("--system ");
    }
    called
}

/// Writes answers and errors in the way that was asked for.
#[derive(Clone, Debug)]
pub struct Printer {
    json: bool,
    quiet: bool,
    /// How the program is called again on the same store.
    again: String,
    output_style: Style,
    error_style: Style,
    shows_output: bool,
    /// On whose clock times are told.
    zone: Zone,
}

impl Printer {
    /// The way the options ask for.
    pub fn new(global: &Global, environment: &Environment, terminal: &dyn Terminal) -> Self {
        let plain = environment
            .get("NO_COLOR")
            .is_some_and(|value| !value.is_empty())
            || environment.get("TERM") == Some("dumb");
        let style = |is_terminal: bool| Style {
            is_coloured: match global.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => is_terminal && !plain,
            },
        };
        Self {
            json: global.json,
            quiet: global.quiet,
            again: again(global),
            output_style: style(terminal.shows_output()),
            error_style: style(terminal.is_interactive()),
            shows_output: terminal.shows_output(),
            zone: Zone::Utc,
        }
    }

    /// From now on times are told on the clock of the zone that is set, else of the machine's; to
    /// what is no person, in UTC.
    pub fn tell_time_in(&mut self, set: &Zone, machine: &Zone) {
        self.zone = match set {
            Zone::System if self.shows_output => machine.clone(),
            Zone::System => Zone::Utc,
            set => set.clone(),
        };
    }

    /// On whose clock times are told.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// How tables look that are drawn on this terminal now.
    pub fn view(&self, terminal: &dyn Terminal) -> View {
        View {
            width: terminal.width(),
            style: self.output_style,
            zone: self.zone.clone(),
        }
    }

    /// Advice whose commands can be pasted as they stand: they name the store and the configuration that
    /// this one was given.
    pub fn advised(&self, text: &str) -> String {
        text.replace(CALLED, &self.again)
    }

    /// Before the options could be read.
    pub fn plain(json: bool) -> Self {
        let style = Style { is_coloured: false };
        Self {
            json,
            quiet: false,
            again: CALLED.to_owned(),
            output_style: style,
            error_style: style,
            shows_output: false,
            zone: Zone::Utc,
        }
    }

    /// Writes an answer; says how the program ends.
    pub fn report(&self, report: &Report, terminal: &mut dyn Terminal) -> Exit {
        let written = if self.json {
            match &report.data {
                Data::One(record) => terminal.write_output(json::record(record).as_bytes()),
                Data::Many(page) => {
                    terminal.write_output(json::page(page, &report.beside).as_bytes())
                }
                Data::Said => Ok(()),
            }
        } else {
            self.show(report, terminal)
        };
        if let Err(error) = written {
            return self.unwritten(error, terminal);
        }
        if !self.json && !self.quiet {
            for note in &report.notes {
                terminal.write_error(format!("{}\n", visible(&self.advised(note))).as_bytes());
            }
        }
        if let Some(error) = &report.obstacle {
            self.error(error, terminal);
        }
        report.exit
    }

    fn show(&self, report: &Report, terminal: &mut dyn Terminal) -> io::Result<()> {
        let view = self.view(terminal);
        match (&report.shown, &report.data) {
            (Shown::Nothing, _) | (_, Data::Said) => Ok(()),
            (Shown::Data, Data::One(record)) => {
                terminal.write_output(table::details(record, &view).as_bytes())
            }
            (Shown::Data, Data::Many(page)) => {
                terminal.write_output(table::rows(page, &view).as_bytes())
            }
            (Shown::Lines(lines), _) => {
                let size = lines.iter().map(|line| line.len() + 1).sum();
                let mut text = Zeroizing::new(String::with_capacity(size));
                for line in lines {
                    text.push_str(line);
                    text.push('\n');
                }
                terminal.write_output(text.as_bytes())
            }
        }
    }

    /// The deed is done, but nobody could be told.
    fn unwritten(&self, error: io::Error, terminal: &mut dyn Terminal) -> Exit {
        let hint = "what the command did is done; see `recovery-codes log audit`. Codes that could not be shown are lost: generate new ones";
        let error = Error::file("standard output cannot be written", error).hint(hint);
        self.error(&error, terminal)
    }

    /// An obstacle as a field of a document.
    pub fn told(&self, error: &Error) -> Record {
        let advice = error.advice().map(|hint| self.advised(hint));
        json::obstacle(error, advice.as_deref())
    }

    /// Writes an error; says how the program ends.
    pub fn error(&self, error: &Error, terminal: &mut dyn Terminal) -> Exit {
        if self.json {
            terminal.write_error(json::record(&self.told(error)).as_bytes());
            return error.exit();
        }
        let mut text = format!(
            "{} {}\n",
            self.error_style.alarm("error:"),
            visible(&error.to_string())
        );
        if let Some(hint) = error.advice().map(|hint| self.advised(hint)) {
            text.push_str(&format!(
                "{} {}\n",
                self.error_style.advice("hint:"),
                visible(&hint)
            ));
        }
        terminal.write_error(text.as_bytes());
        error.exit()
    }
}
