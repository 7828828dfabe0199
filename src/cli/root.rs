//! The tree of words: help, man pages and completions are made from it.

use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::sync::{LazyLock, Mutex, PoisonError};

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

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

/// Every word, and the tree of one of them alone: that of all takes longer to build than most words to
/// do.
macro_rules! words {
    ($($(#[$attribute:meta])? $name:literal $variant:ident($word:ty) $augment:ident,)+) => {
        /// Every word.
        #[derive(Debug, Subcommand)]
        pub enum Word {
            $($(#[$attribute])? $variant($word),)+
        }

        impl Word {
            /// The tree of the word of this name, if it is one.
            fn alone(name: &str) -> Option<clap::Command> {
                match name {
                    $($name => Some(<$word>::$augment(clap::Command::new($name))),)+
                    _ => None,
                }
            }
        }
    };
}

words! {
    "init" Init(init::Init) augment_args,
    "check" Check(everything::Check) augment_args,
    #[command(subcommand)]
    "config" Config(config::Config) augment_subcommands,
    "status" Status(status::Status) augment_args,
    #[command(subcommand)]
    "user" User(user::User) augment_subcommands,
    "generate" Generate(generate::Generate) augment_args,
    "confirm" Confirm(confirm::Confirm) augment_args,
    "verify" Verify(verify::Verify) augment_args,
    "serve" Serve(serve::Serve) augment_args,
    "export" Export(export::Export) augment_args,
    "email" Email(email::Email) augment_args,
    "logout" Logout(logout::Logout) augment_args,
    #[command(subcommand)]
    "code" Code(code::Code) augment_subcommands,
    #[command(subcommand)]
    "batch" Batch(batch::Batch) augment_subcommands,
    "history" History(history::History) augment_args,
    #[command(subcommand)]
    "limit" Limit(limit::Limit) augment_subcommands,
    #[command(subcommand)]
    "log" Log(log::Log) augment_subcommands,
    "purge" Purge(purge::Purge) augment_args,
    #[command(subcommand)]
    "schedule" Schedule(schedule::Schedule) augment_subcommands,
    #[command(subcommand)]
    "task" Task(task::Task) augment_subcommands,
    "worker" Worker(worker::Worker) augment_args,
    #[command(subcommand)]
    "key" Key(key::Key) augment_subcommands,
    #[command(subcommand)]
    "import" Import(import::Import) augment_subcommands,
    "backup" Backup(backup::Backup) augment_args,
    "restore" Restore(restore::Restore) augment_args,
    #[command(subcommand)]
    "store" Store(store::Store) augment_subcommands,
    "completions" Completions(completions::Completions) augment_args,
    "help" Help(help::Help) augment_args,
}

impl Root {
    /// The tree without words and options.
    fn bare() -> clap::Command {
        clap::Command::new("recovery-codes")
            .version(env!("CARGO_PKG_VERSION"))
            .propagate_version(true)
            .disable_help_subcommand(true)
            .subcommand_required(true)
    }
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

/// Reads a command line. The tree is never taken down, which would take as long as building it.
pub fn parse(args: &[OsString]) -> Result<Root, clap::Error> {
    if let Some(parsed) = parse_alone(args) {
        return parsed;
    }
    static TREE: LazyLock<Mutex<clap::Command>> = LazyLock::new(|| Mutex::new(command()));
    let mut tree = TREE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut matches = tree.try_get_matches_from_mut(args)?;
    Root::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut tree))
}

/// Reads it with the first word that stands in it and no other. What that tree cannot read, the
/// whole one has to, which knows more to say about it; what it can read, both read alike, for a word is
/// where the tree has it, and nowhere else.
fn parse_alone(args: &[OsString]) -> Option<Result<Root, clap::Error>> {
    let words = args.iter().skip(1).filter_map(|arg| arg.to_str());
    let word = words.clone().find_map(Word::alone);
    let is_version = word.is_none();
    let tree = Root::bare().subcommands(word);
    let mut tree = ManuallyDrop::new(Global::augment_args(tree));
    match tree.try_get_matches_from_mut(args) {
        Ok(mut matches) => Root::from_arg_matches_mut(&mut matches).ok().map(Ok),
        Err(error) if is_version && error.kind() == ErrorKind::DisplayVersion => Some(Err(error)),
        Err(_) => None,
    }
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
