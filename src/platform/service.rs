//! The services a run needs from outside, which a test brings along itself.

use crate::model::environment::{Entropy, Environment, Places};
use crate::model::zone::Zone;
use crate::platform::clock::{self, Clock};
use crate::platform::environment;
use crate::platform::mailer::{Mailer, SystemMailer};
use crate::platform::terminal::{SystemTerminal, Terminal};

/// Everything outside the program.
pub struct Platform {
    pub clock: Clock,
    pub entropy: Entropy,
    pub terminal: Box<dyn Terminal>,
    pub environment: Environment,
    pub places: Places,
    pub mailer: Box<dyn Mailer>,
    /// The zone of this machine.
    pub zone: Zone,
    /// Whether the process ends with the word.
    pub ends_with_word: bool,
}

impl Platform {
    /// The real one.
    pub fn real(entropy: Entropy, places: Places) -> Self {
        Self {
            clock: clock::system(),
            entropy,
            terminal: Box::new(SystemTerminal),
            environment: environment::variables(),
            places,
            mailer: Box::new(SystemMailer),
            zone: Zone::System,
            ends_with_word: true,
        }
    }
}
