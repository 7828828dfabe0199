//! The few colours there are.

/// Whether and how text is coloured.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style {
    /// Whether colours are wanted at all.
    pub is_coloured: bool,
}

impl Style {
    /// Something is wrong.
    pub fn alarm(self, text: &str) -> String {
        self.wrap("31;1", text)
    }

    /// A title.
    pub fn title(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Advice.
    pub fn advice(self, text: &str) -> String {
        self.wrap("36", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.is_coloured {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
