//! The person at the other end, or the program: prompts, standard input, output and errors.

use std::io::{self, IsTerminal, Read, Write};

use dialoguer::console::Term;
use dialoguer::{Confirm, Password};
use zeroize::Zeroizing;

use super::closed_output;
use crate::error::{Error, Kind, Result};

/// Where words come from and go to.
pub trait Terminal: Send {
    /// Whether a person can be asked: standard input and standard error are terminals.
    fn is_interactive(&self) -> bool;

    /// Whether standard output is a terminal.
    fn shows_output(&self) -> bool;

    /// Columns of the terminal at standard output; none if it is not one.
    fn width(&self) -> Option<u16>;

    /// Asks a yes-or-no question; no answer means no.
    fn confirm(&mut self, question: &str) -> Result<bool>;

    /// Asks for a secret without showing it.
    fn ask_secret(&mut self, prompt: &str) -> Result<Zeroizing<String>>;

    /// Reads standard input to its end, or until there are more than `most` bytes.
    fn read_input(&mut self, most: usize) -> Result<Zeroizing<Vec<u8>>>;

    /// Writes to standard output and flushes it.
    fn write_output(&mut self, text: &[u8]) -> io::Result<()>;

    /// Writes to standard error; that this may fail changes nothing.
    fn write_error(&mut self, text: &[u8]);
}

/// The process's own.
#[derive(Debug, Default)]
pub struct SystemTerminal;

#[expect(
    clippy::disallowed_methods,
    reason = "this is the door to standard input, output and error"
)]
impl Terminal for SystemTerminal {
    fn is_interactive(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    fn shows_output(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn width(&self) -> Option<u16> {
        self.shows_output()
            .then(|| Term::stdout().size_checked().map(|(_, columns)| columns))
            .flatten()
    }

    fn confirm(&mut self, question: &str) -> Result<bool> {
        Confirm::new()
            .with_prompt(question)
            .default(false)
            .wait_for_newline(true)
            .interact()
            .map_err(not_answered)
    }

    fn ask_secret(&mut self, prompt: &str) -> Result<Zeroizing<String>> {
        Password::new()
            .with_prompt(prompt)
            .report(false)
            .allow_empty_password(true)
            .interact()
            .map(Zeroizing::new)
            .map_err(not_answered)
    }

    fn read_input(&mut self, most: usize) -> Result<Zeroizing<Vec<u8>>> {
        // Filled in place: a buffer that grows would leave copies of the secret behind.
        let mut bytes = Zeroizing::new(vec![0; most + 1]);
        let mut input = io::stdin().lock();
        let mut length = 0;
        while length < bytes.len() {
            match input.read(&mut bytes[length..]) {
                Ok(0) => break,
                Ok(read) => length += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Error::file("cannot read standard input", error)),
            }
        }
        bytes.truncate(length);
        Ok(bytes)
    }

    fn write_output(&mut self, text: &[u8]) -> io::Result<()> {
        if closed_output::was_closed() {
            return Err(io::Error::other("it is closed"));
        }
        let mut output = io::stdout().lock();
        output.write_all(text)?;
        output.flush()
    }

    fn write_error(&mut self, text: &[u8]) {
        let _ = io::stderr().lock().write_all(text);
    }
}

fn not_answered(error: dialoguer::Error) -> Error {
    let dialoguer::Error::IO(error) = error;
    Error::new(Kind::NotConfirmed, "the question was not answered")
        .hint("nothing was changed; answer it, or give --yes")
        .because(error)
}
