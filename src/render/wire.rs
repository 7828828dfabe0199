//! What goes through the local door: a question a line, an answer a line (JSON).
//!
//! A question names a word, a user and a code, and may say from where it comes and why. An answer is the
//! document of the word with the exit status of the word before it.

use std::borrow::Cow;

use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

use super::json;
use super::record::Record;
use crate::error::{Error, Kind, Result};

/// More bytes than any question has.
pub const LONGEST: usize = 8 * 1024;

/// What is asked. Its code is not copied out of the line that was read, except where somebody wrote it
/// with JSON's escapes: that copy is wiped on drop, but not what the reader of JSON had of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question<'a> {
    #[serde(borrow)]
    pub word: Cow<'a, str>,
    #[serde(borrow)]
    pub user: Cow<'a, str>,
    #[serde(borrow)]
    pub code: Cow<'a, str>,
    #[serde(borrow, default)]
    pub from: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub reason: Option<Cow<'a, str>>,
}

impl Drop for Question<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(code) = &mut self.code {
            code.zeroize();
        }
    }
}

impl<'a> Question<'a> {
    /// Reads a line.
    ///
    /// # Errors
    /// [`Kind::Usage`]; nothing of the line is repeated.
    pub fn parse(line: &'a [u8]) -> Result<Self> {
        let refused = |why: String| {
            Error::new(Kind::Usage, format!("the question cannot be read ({why})"))
                .hint(r#"ask with one line of JSON: {"word":"verify","user":"alice","code":"…","from":"203.0.113.7"}"#)
        };
        // The names of the fields are asked for, so that nobody counts on their order.
        if !line.trim_ascii_start().starts_with(b"{") {
            return Err(refused("it is no object".to_owned()));
        }
        serde_json::from_slice(line).map_err(|error| {
            let said = error.to_string();
            let said = said.split(" at line").next().unwrap_or_default();
            // Names of fields that are missing are ours; all else may repeat what was sent.
            refused(match said.split('`').next() {
                Some("missing field ") => said.to_owned(),
                Some("unknown field ") => {
                    "there are fields besides word, user, code, from and reason".to_owned()
                }
                _ => format!("{:?} error at byte {}", error.classify(), error.column()),
            })
        })
    }

    /// The line, with its end.
    pub fn line(&self) -> Zeroizing<String> {
        let text = |text: &Cow<'_, str>| text.as_ref().to_owned();
        let optional = |value: &Option<Cow<'_, str>>| value.as_ref().map(text);
        json::record(
            &Record::new()
                .data("word", text(&self.word))
                .data("user", text(&self.user))
                .data("code", Zeroizing::new(self.code.as_ref().to_owned()))
                .data("from", optional(&self.from))
                .data("reason", optional(&self.reason)),
        )
    }
}

/// The answer to a question: how the word ended, and what it said.
pub fn answer(exit: u8, said: Record) -> Zeroizing<String> {
    json::record(&Record::new().data("exit", u64::from(exit)).extend(said))
}

/// An answer that was read.
pub struct Answer {
    /// The exit status of the word.
    pub exit: u64,
    said: serde_json::Value,
}

impl Answer {
    /// Reads a line; none for what is no answer.
    pub fn parse(line: &[u8]) -> Option<Self> {
        let said: serde_json::Value = serde_json::from_slice(line).ok()?;
        Some(Self {
            exit: said["exit"].as_u64()?,
            said,
        })
    }

    /// Text under this name.
    pub fn text(&self, name: &str) -> Option<String> {
        self.said[name].as_str().map(str::to_owned)
    }

    /// A number under this name.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.said[name].as_u64()
    }

    /// A yes or no under this name.
    pub fn flag(&self, name: &str) -> Option<bool> {
        self.said[name].as_bool()
    }

    /// The obstacle, where it tells of one.
    pub fn obstacle(&self) -> Option<Error> {
        let told = self.said.get("error")?;
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        let kind = Kind::from_word(&text("kind")).unwrap_or(Kind::Io);
        let error = Error::new(kind, text("message"));
        Some(match told["hint"].as_str() {
            Some(hint) => error.hint(hint),
            None => error,
        })
    }
}
