//! A message in words, with marks at what is stressed and at what is to be typed.

/// The marks, which no message and no value holds: where what is stressed begins and ends, and where
/// what is to be typed does.
const MARKS: [char; 4] = ['\u{1}', '\u{2}', '\u{3}', '\u{4}'];

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said(String);

impl Said {
    /// Words with marks in them.
    pub(super) fn new(marked: String) -> Self {
        Self(marked)
    }

    /// As plain text: nothing is stressed, and what is to be typed stands in `backticks`.
    pub fn plain(&self) -> String {
        self.dressed(str::to_owned, ["", "", "`", "`"])
    }

    /// With everything but the marks written anew, and these in the place of the marks: before and
    /// after what is stressed, before and after what is to be typed.
    pub fn dressed(&self, write: impl Fn(&str) -> String, marks: [&str; 4]) -> String {
        let mut dressed = String::with_capacity(self.0.len());
        for part in self.0.split_inclusive(MARKS) {
            let mark = part.chars().next_back().filter(|c| MARKS.contains(c));
            dressed.push_str(&write(part.trim_end_matches(MARKS)));
            let place = mark.and_then(|mark| MARKS.iter().position(|known| *known == mark));
            dressed.push_str(place.map_or("", |place| marks[place]));
        }
        dressed
    }
}

/// Text that is stressed.
pub(super) fn stressed(text: &str) -> String {
    format!("{}{text}{}", MARKS[0], MARKS[1])
}

/// Text that is to be typed.
pub(super) fn typed(text: &str) -> String {
    format!("{}{text}{}", MARKS[2], MARKS[3])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_what_the_place_wants() {
        let said = Said::new(format!("a < {}, {}", stressed("b"), typed("c")));
        assert_eq!(said.plain(), "a < b, `c`");
        let html = said.dressed(
            |text| text.replace('<', "&lt;"),
            ["<b>", "</b>", "<tt>", "</tt>"],
        );
        assert_eq!(html, "a &lt; <b>b</b>, <tt>c</tt>");
        assert_eq!(Said::new(String::new()).plain(), "");
    }
}
