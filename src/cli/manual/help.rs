//! `help`

use clap::Args;
use clap::error::ErrorKind;
use zeroize::Zeroizing;

use crate::cli::desk::{Call, Report};
use crate::cli::manual::words::{documented, list};
use crate::config::table::{SETTINGS, variable};
use crate::error::{Error, Kind, Result};
use crate::render::record::Record;

/// Show help for a word, or for a topic
///
/// The topics are words, exit-codes, json, time, settings, security, pam, recipes, hosts, moving
/// and concepts.
#[derive(Debug, Args)]
pub struct Help {
    /// A word, or a topic
    #[arg(value_name = "WORD|TOPIC")]
    what: Vec<String>,
}

/// Each topic with its text.
pub const TOPICS: [(&str, &str); 10] = [
    ("exit-codes", include_str!("exit-codes.md")),
    ("json", include_str!("json.md")),
    ("time", include_str!("time.md")),
    ("settings", include_str!("settings.md")),
    ("security", include_str!("security.md")),
    ("pam", include_str!("pam.md")),
    ("recipes", include_str!("recipes.md")),
    ("hosts", include_str!("hosts.md")),
    ("moving", include_str!("moving.md")),
    ("concepts", include_str!("concepts.md")),
];

impl Help {
    pub fn run(self, call: &mut Call<'_>) -> Result<Report> {
        let what = self.what.join(" ");
        let topic = TOPICS.into_iter().find(|(name, _)| *name == what);
        let text = match topic {
            Some((name, text)) => about(name, text),
            None if what == "words" => list(&(call.tree)()),
            None => of_word(documented((call.tree)()), &self.what)?,
        };
        let record = Record::new()
            .data("about", what)
            .data("text", text.as_str());
        let shown = Zeroizing::new(text.trim_end().to_owned());
        Ok(Report::lines(record, vec![shown]))
    }
}

/// The text of a topic as a person reads it.
fn about(name: &str, text: &str) -> String {
    // What stands between these marks is for those who make the manual.
    let lines = text.lines().filter(|line| !line.starts_with("<!-- "));
    let mut text: String = lines.flat_map(|line| [line, "\n"]).collect();
    if name == "settings" {
        text.push_str(&settings());
    }
    text
}

/// A list of all settings.
pub fn settings() -> String {
    let mut text = String::new();
    for setting in SETTINGS {
        let default = match setting.default {
            "" => "none".to_owned(),
            default => format!("`{default}`"),
        };
        text.push_str(&format!(
            "\n- **{}**: {} Takes {}. Default: {default}. Variable: `{}`",
            setting.key,
            setting.help,
            setting.shape.describe(),
            variable(setting.key),
        ));
        for django in setting.django {
            text.push_str(&format!(", else `{}`", django.name));
        }
        text.push_str(".\n");
    }
    text
}

/// What `--help` says of a word; without one, of all.
fn of_word(tree: clap::Command, words: &[String]) -> Result<String> {
    let line = words.iter().map(String::as_str);
    let line = std::iter::once("recovery-codes").chain(line);
    match tree.try_get_matches_from(line.chain(["--help"])) {
        Err(said) if said.kind() == ErrorKind::DisplayHelp => Ok(said.render().to_string()),
        _ => Err(Error::new(
            Kind::Usage,
            format!(
                "there is no word or topic {}",
                crate::model::user::quote(&words.join(" "))
            ),
        )
        .hint("`recovery-codes help` lists the words, `recovery-codes help help` the topics")),
    }
}
