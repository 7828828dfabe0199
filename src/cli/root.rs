//! The tree of words: help, man pages and completions are made from it.

use std::ffi::OsString;
use std::sync::{LazyLock, Mutex, PoisonError};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::check::{everything, status};
use super::cleaning::purge;
use super::codes::{batch, code, confirm, history, verify};
use super::desk::bash::Bash;
use super::desk::global::Global;
use super::door::serve;
use super::issuing::generate;
use super::manual::help;
use super::moving::import;
use super::setup::{completions, config, init};
use super::sheets::{email, export, logout};
use super::trust::{backup, key, log, restore, store};
use super::users::{limit, user};
use super::work::{schedule, task, worker};

/// One-time recovery codes for two-factor logins
///
/// Hands out recovery codes, checks them, and lets each work exactly once. Everything lies in
/// one SQLite file, or on a PostgreSQL server that several hosts share; only hashes of the codes are kept,
/// under a key that lies apart from it.
#[derive(Debug, Parser)]
#[command(
    name = "recovery-codes",
    version,
    max_term_width = 100,
    propagate_version = true,
    disable_help_subcommand = true
)]
pub struct Root {
    #[command(flatten)]
    pub global: Global,

    #[command(subcommand)]
    pub word: Word,
}

/// Every word.
#[derive(Debug, Subcommand)]
pub enum Word {
    Init(init::Init),
    Check(everything::Check),
    #[command(subcommand)]
    Config(config::Config),
    Status(status::Status),
    #[command(subcommand)]
    User(user::User),
    Generate(generate::Generate),
    Confirm(confirm::Confirm),
    Verify(verify::Verify),
    Serve(serve::Serve),
    Export(export::Export),
    Email(email::Email),
    Logout(logout::Logout),
    #[command(subcommand)]
    Code(code::Code),
    #[command(subcommand)]
    Batch(batch::Batch),
    History(history::History),
    #[command(subcommand)]
    Limit(limit::Limit),
    #[command(subcommand)]
    Log(log::Log),
    Purge(purge::Purge),
    #[command(subcommand)]
    Schedule(schedule::Schedule),
    #[command(subcommand)]
    Task(task::Task),
    Worker(worker::Worker),
    #[command(subcommand)]
    Key(key::Key),
    #[command(subcommand)]
    Import(import::Import),
    Backup(backup::Backup),
    Restore(restore::Restore),
    #[command(subcommand)]
    Store(store::Store),
    Completions(completions::Completions),
    Help(help::Help),
}

/// The whole tree, as clap sees it.
pub fn command() -> clap::Command {
    Root::command()
}

/// Answers a shell that asks what could come next, if it is one that called.
pub fn complete() {
    use clap_complete::env::{Elvish, Fish, Powershell, Shells, Zsh};
    clap_complete::CompleteEnv::with_factory(command)
        .shells(Shells(&[&Bash, &Elvish, &Fish, &Powershell, &Zsh]))
        .complete();
}

/// Reads a command line. The tree is built once and never taken down, which would take as long
/// as building it.
pub fn parse(args: &[OsString]) -> Result<Root, clap::Error> {
    static TREE: LazyLock<Mutex<clap::Command>> = LazyLock::new(|| Mutex::new(command()));
    let mut tree = TREE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut matches = tree.try_get_matches_from_mut(args)?;
    Root::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut tree))
}

impl Word {
    /// Whether it asks at the door: then neither configuration nor log of this account matter, which it
    /// may not even be able to read.
    pub fn asks_at_the_door(&self) -> bool {
        match self {
            Self::Verify(word) => word.trial.socket.is_some(),
            Self::Confirm(word) => word.trial.socket.is_some(),
            _ => false,
        }
    }
}
