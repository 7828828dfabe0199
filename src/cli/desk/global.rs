//! Options that every word takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

/// Options that every word takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options for every word")]
pub struct Global {
    /// The store: a file, or the URL of a server, postgres://…
    #[arg(long, global = true, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub store: Option<PathBuf>,

    /// The configuration file; the key file lies beside it
    #[arg(long, global = true, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// The machine's configuration, for an account that would use its own
    #[arg(long, global = true, conflicts_with = "config")]
    pub system: bool,

    /// Who gives the command, for the audit log [default: $SUDO_USER, else $USER]
    #[arg(long, global = true, value_name = "NAME")]
    pub actor: Option<String>,

    /// Why, for the audit log
    #[arg(long, global = true, value_name = "TEXT")]
    pub reason: Option<String>,

    /// Print one JSON document on standard output; errors as JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,

    /// Say nothing but what was asked for
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Do not ask; take yes for an answer
    #[arg(short, long, visible_alias = "noinput", global = true)]
    pub yes: bool,

    /// When to use colours
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = false
    )]
    pub color: Color,
}
