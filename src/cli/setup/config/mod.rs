//! `config …`: the settings.

mod path;
mod show;
mod template;

use crate::cli::desk::subwords;

subwords! {
    /// Show the settings, their files and a template
    pub enum Config {
        Show(show::Show),
        Path(path::Path),
        Template(template::Template),
    }
}
