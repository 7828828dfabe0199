//! The real platform meets the program.

use std::process::ExitCode;

use recovery_codes::platform::{Platform, hardening, signals};
use recovery_codes::{cli, config, secret};

#[expect(clippy::disallowed_methods, reason = "here the arguments come in")]
fn main() -> ExitCode {
    hardening::no_core_dumps();
    signals::survive_file_limit();
    cli::complete();
    let mut platform = Platform::real(secret::random::system_entropy(), config::paths::places());
    recovery_codes::run(std::env::args_os(), &mut platform)
        .code()
        .into()
}
