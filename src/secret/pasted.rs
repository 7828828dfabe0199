//! The one code in what somebody pasted: a line of a sheet, a row of a table, a quoted word. What
//! surrounds it is left out; nothing in it is guessed.

use std::mem;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::model::alphabet::{CHECKED_GROUPS, CHECKED_LENGTH, GROUP, GROUPS, LENGTH};

/// What stands between two words of letters and digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Gap {
    Dash,
    Space,
    Other,
}

/// Letters and digits without anything in between, and what stands before them.
struct Word {
    gap: Gap,
    text: Zeroizing<String>,
}

/// What could be codes in this text, each once, without dashes. Six or seven groups that dashes join
/// come first, then 36 or 42 characters in a row, then six or seven groups with spaces between them.
pub(super) fn codes_in(text: &str) -> Vec<Zeroizing<String>> {
    let words = words(text);
    let mut found = joined(&words, Gap::Dash);
    if found.is_empty() {
        let whole = words
            .iter()
            .filter(|word| [LENGTH, CHECKED_LENGTH].contains(&word.text.chars().count()));
        found = whole.map(|word| word.text.clone()).collect();
    }
    if found.is_empty() {
        found = joined(&words, Gap::Space);
    }
    found.sort_unstable_by(|one, other| one.as_str().cmp(other));
    found.dedup();
    found
}

/// Codes whose groups have at most this gap between them. Of more groups in a row than make whole codes
/// nobody can say which are meant.
fn joined(words: &[Word], most: Gap) -> Vec<Zeroizing<String>> {
    let (mut found, mut row): (Vec<_>, Vec<&Word>) = (Vec::new(), Vec::new());
    let mut end = |row: &mut Vec<&Word>| {
        let row = mem::take(row);
        for size in [GROUPS, CHECKED_GROUPS] {
            if !row.len().is_multiple_of(size) {
                continue;
            }
            for groups in row.chunks(size) {
                let mut code = Zeroizing::new(String::with_capacity(4 * CHECKED_LENGTH));
                groups.iter().for_each(|word| code.push_str(&word.text));
                found.push(code);
            }
        }
    };
    for word in words {
        if word.gap > most {
            end(&mut row);
        }
        match word.text.chars().count() == GROUP {
            true => row.push(word),
            false => end(&mut row),
        }
    }
    end(&mut row);
    found
}

fn words(text: &str) -> Vec<Word> {
    let text = decoded(text);
    let (mut words, mut gap) = (Vec::new(), Gap::Other);
    let mut word = Zeroizing::new(String::with_capacity(text.len()));
    for c in text.chars().filter(|c| !is_unseen(*c)) {
        if c.is_alphanumeric() {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            let text = Zeroizing::new(word.as_str().to_owned());
            words.push(Word { gap, text });
            word.clear();
            gap = Gap::Space;
        }
        gap = match gap {
            Gap::Other => Gap::Other,
            _ if is_dash(c) => Gap::Dash,
            before if c.is_whitespace() => before,
            _ => Gap::Other,
        };
    }
    if !word.is_empty() {
        words.push(Word { gap, text: word });
    }
    words
}

/// As it is meant: full-width characters of a keyboard, and characters by their numbers, as they stand in
/// the source of a page (Unicode, Standard Annex 15: NFKC).
fn decoded(text: &str) -> Zeroizing<String> {
    let mut plain = Zeroizing::new(String::with_capacity(4 * text.len()));
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("&#") {
        plain.extend(before.nfkc());
        rest = behind;
        match behind.split_once(';') {
            Some((number, behind)) if character(number).is_some() => {
                plain.extend(character(number));
                rest = behind;
            }
            _ => plain.push_str("&#"),
        }
    }
    plain.extend(rest.nfkc());
    plain
}

fn character(number: &str) -> Option<char> {
    let number = match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(number)
}

/// Dashes of any kind: Unicode category Pd, minus, underscore, hyphen bullet.
pub(super) fn is_dash(c: char) -> bool {
    matches!(
        u32::from(c),
        0x2D | 0x5F | 0x58A | 0x5BE | 0x1400 | 0x1806 | 0x2010
            ..=0x2015
                | 0x2043
                | 0x2053
                | 0x207B
                | 0x208B
                | 0x2212
                | 0x2E17
                | 0x2E1A
                | 0x2E3A
                | 0x2E3B
                | 0x301C
                | 0x3030
                | 0x30A0
                | 0xFE31
                | 0xFE32
                | 0xFE58
                | 0xFE63
                | 0xFF0D
    )
}

/// What cannot be seen at all, a soft hyphen among it.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(u32::from(c),
        0xAD | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060 | 0x2066..=0x2069 | 0xFEFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "p9fYKD-5ybWEN-PZWQnl-hDqxPs-9AAqtb-HuBVP4";

    fn found(text: &str) -> Vec<String> {
        codes_in(text).iter().map(|code| code.to_string()).collect()
    }

    #[test]
    fn what_surrounds_the_one_code_is_left_out() {
        let plain = CODE.replace('-', "");
        let wide: String = CODE
            .chars()
            .map(|c| match c {
                '-' => '\u{2010}',
                c => char::from_u32(u32::from(c) + 0xFEE0).unwrap(),
            })
            .collect();
        let entity = CODE.replace('-', "&#8209;");
        let spaced = CODE.replace('-', " ");
        for text in [
            CODE,
            &format!("[ ]   3  {CODE}"),
            &format!("3. {CODE}"),
            &format!("3 {CODE}"),
            &format!("\u{2022} {CODE}"),
            &format!("\"{CODE}\""),
            &format!("\u{201c}{CODE}\u{201d}"),
            &format!("`{CODE}`"),
            &format!("{CODE}."),
            &format!("3,p9fYKD,{CODE}"),
            &format!("p9fYKD  {CODE}"),
            &format!("p9fYKD {CODE} p9fYKD"),
            &format!("alice  {plain}  active"),
            &format!("3-{CODE}"),
            &wide,
            &entity,
            &entity.replace("8209", "x2011"),
            &format!("3) {spaced}"),
            &format!("{CODE} {CODE}"),
            &CODE.replace('-', " - "),
            &CODE.replace('-', "\u{200b}-"),
        ] {
            assert_eq!(found(text), [plain.as_str()], "{text}");
        }
    }

    #[test]
    fn nothing_in_it_is_guessed() {
        let spaced = CODE.replace('-', " ");
        for text in [
            "",
            "&#",
            "&#8209",
            &CODE[1..],
            &CODE.replace("PZW", "PZ-W"),
            &format!("x{CODE}"),
            &format!("{CODE}x"),
            &format!("{0}-{0}-{CODE}", "AAAAAA"),
            &format!("{spaced} AAAAAA AAAAAA"),
            &CODE.replace('-', "."),
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        let other = CODE.replace('p', "q");
        assert_eq!(found(&format!("{CODE}\n{other}")).len(), 2);
        // Seven groups may be a longer code, and only the whole row.
        let seven = format!("AAAAAA-{CODE}");
        assert_eq!(found(&format!("3. {seven}.")), [seven.replace('-', "")]);
        assert_eq!(found(&format!("{seven} {seven}\n{CODE}")).len(), 2);
    }
}
