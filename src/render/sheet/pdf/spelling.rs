//! Text that holds anything becomes lines that can be set.

/// The text with each character that has no glyph as its Unicode number, `[U+674E]`, and whether
/// there was one.
pub fn spelled(text: &str, has_glyph: impl Fn(char) -> bool) -> (String, bool) {
    let mut shown = String::with_capacity(text.len());
    let mut is_complete = true;
    for c in text.chars() {
        if has_glyph(c) {
            shown.push(c);
        } else {
            is_complete = false;
            shown.push_str(&format!("[U+{:04X}]", u32::from(c)));
        }
    }
    (shown, is_complete)
}

/// The text in lines that fit: broken after a space or a bracket, or inside a word that is longer
/// than a line. genpdf's own paragraph would leave out everything from such a word on.
pub fn lines(text: &str, fits: impl Fn(&str) -> bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive([' ', ']']) {
        let longer = format!("{line}{word}");
        if fits(longer.trim_end()) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for c in word.chars() {
            line.push(c);
            if !fits(line.trim_end()) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push(c);
            }
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_character_without_a_glyph_is_shown_as_its_number() {
        let is_ascii = |c: char| c.is_ascii();
        assert_eq!(spelled("Max", is_ascii), ("Max".into(), true));
        assert_eq!(
            spelled("Max 李😀", is_ascii),
            ("Max [U+674E][U+1F600]".into(), false)
        );
    }

    #[test]
    fn a_line_breaks_at_a_space_if_it_can() {
        let broken = |text| lines(text, |line| line.len() <= 8);
        assert_eq!(broken("one two three"), ["one two ", "three"]);
        assert_eq!(broken("one extraordinary"), ["one ", "extraord", "inary"]);
        assert_eq!(broken("[U+6][U+7]"), ["[U+6]", "[U+7]"]);
        assert_eq!(broken(""), [""]);
    }

    proptest! {
        #[test]
        fn nothing_gets_lost_and_nothing_sticks_out(text in "[a-c李 \\]]{0,40}", width in 1_usize..12) {
            let lines = lines(&text, |line| line.chars().count() <= width);
            prop_assert_eq!(lines.concat(), text);
            for line in lines {
                prop_assert!(line.trim_end().chars().count() <= width);
            }
        }
    }
}
