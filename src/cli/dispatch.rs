//! From arguments to an exit code.

use std::ffi::OsString;
use std::sync::Arc;

use clap::error::ErrorKind;

use super::desk::{Call, Printer, Report, names};
use super::manual::words::documented;
use super::root::{self, Root, Word};
use crate::config::layers;
use crate::config::paths::{self, Asked};
use crate::error::{Error, Exit, Kind, Result};
use crate::platform::{Platform, files, journal};
use crate::secret::code::looks_like_a_code;

/// Runs one command.
pub fn run(args: impl IntoIterator<Item = OsString>, platform: &mut Platform) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let root = match root::parse(&args) {
        Ok(root) => root,
        Err(error) => return not_understood(&error, &args, platform),
    };
    let mut printer = Printer::new(&root.global, &platform.environment, &*platform.terminal);
    match answer(root, &mut printer, platform) {
        Ok(report) => printer.report(&report, &mut *platform.terminal),
        Err(error) => printer.error(&error, &mut *platform.terminal),
    }
}

fn answer(root: Root, printer: &mut Printer, platform: &mut Platform) -> Result<Report> {
    let Root { global, word } = root;
    let now = (platform.clock)();
    let (environment, places) = (&platform.environment, &platform.places);
    layers::refuse_what_is_not_text(environment)?;
    let asked = Asked {
        config: global.config.as_deref(),
        is_system: global.system,
    };
    let config = paths::config(asked, environment, places);
    let is_elsewhere = word.asks_at_the_door();
    let text = match is_elsewhere {
        true => None,
        false => files::read_if_there(&config.path)?,
    };
    let file = text.as_deref().map(|text| layers::lines(text));
    let in_file = file.as_ref().and_then(layers::store_in_file);
    let paths = paths::resolve(
        global.store.as_deref(),
        environment,
        places,
        config,
        in_file,
    );
    let loaded = layers::load(paths, environment, file);
    // What says that something is wrong with the log does its work without it.
    let is_to_look = matches!(word, Word::Check(_) | Word::Config(_));
    let settings = loaded.settings().ok().filter(|_| !is_elsewhere);
    if let Some(settings) = &settings {
        printer.tell_time_in(&settings.time.zone, &platform.zone);
    }
    let log = match settings.and_then(|settings| Some((settings.log.file?, settings.log.level))) {
        Some((path, level)) => match journal::open(&path) {
            Ok(file) => Some((file, level)),
            Err(_) if is_to_look => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    let clock = Arc::clone(&platform.clock);
    let mut call = Call {
        platform,
        global,
        printer: printer.clone(),
        loaded,
        now,
        tree: root::command,
    };
    let outcome = |call: &mut Call<'_>| {
        let outcome = speak(word, call);
        if let Err(error) = &outcome {
            tracing::warn!(kind = error.kind().word(), "{error}");
        }
        outcome
    };
    match log {
        Some((file, level)) => journal::with_file(file, &level, clock, || outcome(&mut call)),
        None => outcome(&mut call),
    }
}

fn speak(word: Word, call: &mut Call<'_>) -> Result<Report> {
    match word {
        Word::Init(word) => word.run(call),
        Word::Check(word) => word.run(call),
        Word::Config(word) => word.run(call),
        Word::Status(word) => word.run(call),
        Word::User(word) => word.run(call),
        Word::Generate(word) => word.run(call),
        Word::Confirm(word) => word.run(call),
        Word::Verify(word) => word.run(call),
        Word::Serve(word) => word.run(call),
        Word::Export(word) => word.run(call),
        Word::Email(word) => word.run(call),
        Word::Logout(word) => word.run(call),
        Word::Code(word) => word.run(call),
        Word::Batch(word) => word.run(call),
        Word::History(word) => word.run(call),
        Word::Limit(word) => word.run(call),
        Word::Log(word) => word.run(call),
        Word::Purge(word) => word.run(call),
        Word::Schedule(word) => word.run(call),
        Word::Task(word) => word.run(call),
        Word::Worker(word) => word.run(call),
        Word::Backup(word) => word.run(call),
        Word::Restore(word) => word.run(call),
        Word::Store(word) => word.run(call),
        Word::Key(word) => word.run(call),
        Word::Import(word) => word.run(call),
        Word::Completions(word) => word.run(call),
        Word::Help(word) => word.run(call),
    }
}

/// The same help with all that is said of a word, which a command line is read without.
fn helped(error: &clap::Error, args: &[OsString]) -> Option<clap::Error> {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    is_help.then(|| documented(root::command()).try_get_matches_from(args).err())?
}

/// Help and version are answers; everything else that clap says is a usage error.
fn not_understood(error: &clap::Error, args: &[OsString], platform: &mut Platform) -> Exit {
    let terminal = &mut *platform.terminal;
    if error.kind() == ErrorKind::DisplayVersion {
        let _ = terminal.write_output(error.render().to_string().as_bytes());
        return Exit::Done;
    }
    let helped = helped(error, args);
    let error = helped.as_ref().unwrap_or(error);
    if error.kind() == ErrorKind::DisplayHelp {
        let _ = terminal.write_output(error.render().to_string().as_bytes());
        return Exit::Done;
    }
    let json = args
        .iter()
        .take_while(|arg| *arg != "--")
        .any(|arg| arg == "--json");
    // What clap says repeats the argument it stumbled over.
    if args.iter().skip(1).any(holds_a_code) {
        return Printer::plain(json).error(&names::code_as_argument(), terminal);
    }
    let said = error.render().to_string();
    let said = crate::render::visible::visible(&said);
    if !json {
        terminal.write_error(said.as_bytes());
        return Exit::Usage;
    }
    let (message, hint) = match error.kind() {
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => ("a word is missing".into(), None),
        _ => in_one_line(&said),
    };
    let hint = hint.unwrap_or_else(|| "see `recovery-codes --help`".into());
    let error = Error::new(Kind::Usage, message).hint(hint);
    Printer::plain(true).error(&error, terminal)
}

/// Whether an argument, or the value behind its equals sign, could be a code.
fn holds_a_code(arg: &OsString) -> bool {
    let arg = arg.to_string_lossy();
    let value = arg.split_once('=').map_or("", |(_, value)| value);
    looks_like_a_code(&arg) || looks_like_a_code(value)
}

/// What clap says over several lines: the error with what belongs to it, and its tip.
fn in_one_line(said: &str) -> (String, Option<String>) {
    let lines = |from: &str| {
        let mut lines = from
            .lines()
            .map(str::trim)
            .take_while(|line| !line.is_empty());
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(first, |all, line| {
            let joint = if all.ends_with(':') || line.starts_with('[') {
                " "
            } else {
                ", "
            };
            format!("{all}{joint}{line}")
        })
    };
    let tip = said.split_once("  tip: ").map(|(_, tip)| lines(tip));
    (lines(said.strip_prefix("error: ").unwrap_or(said)), tip)
}
