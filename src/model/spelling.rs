//! How a code is read out over the telephone: each letter by its code word of the radiotelephony
//! alphabet (ICAO Annex 10, volume II, figure 5-1), each digit by its name.

/// One character as a word: `A as in Alfa`, `7`; a capital of each word says which letter.
fn spelled(character: char) -> String {
    let word = match character.to_ascii_uppercase() {
        'A' => "Alfa",
        'B' => "Bravo",
        'C' => "Charlie",
        'D' => "Delta",
        'E' => "Echo",
        'F' => "Foxtrot",
        'G' => "Golf",
        'H' => "Hotel",
        'I' => "India",
        'J' => "Juliett",
        'K' => "Kilo",
        'L' => "Lima",
        'M' => "Mike",
        'N' => "November",
        'O' => "Oscar",
        'P' => "Papa",
        'Q' => "Quebec",
        'R' => "Romeo",
        'S' => "Sierra",
        'T' => "Tango",
        'U' => "Uniform",
        'V' => "Victor",
        'W' => "Whiskey",
        'X' => "X-ray",
        'Y' => "Yankee",
        'Z' => "Zulu",
        '0' => "zero",
        '1' => "one",
        '2' => "two",
        '3' => "three",
        '4' => "four",
        '5' => "five",
        '6' => "six",
        '7' => "seven",
        '8' => "eight",
        '9' => "nine",
        _ => return character.to_string(),
    };
    match character.is_ascii_alphabetic() {
        true => format!("{character} as in {word}"),
        false => word.to_owned(),
    }
}

/// A group of a code, a character after the other: `A as in Alfa, seven, K as in Kilo`. As it holds
/// the code, the caller wipes it.
pub fn group(group: &str) -> String {
    // A buffer that grew would leave the code behind where it was before.
    let mut said = String::with_capacity(group.len() * "X as in November, ".len());
    for character in group.chars() {
        if !said.is_empty() {
            said.push_str(", ");
        }
        said.push_str(&spelled(character));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alphabet::Alphabet;

    #[test]
    fn every_character_of_the_typeable_alphabet_has_a_word_of_its_own() {
        let characters = Alphabet::Typeable.characters();
        let mut words: Vec<String> = characters.iter().map(|c| spelled(char::from(*c))).collect();
        assert!(words.iter().all(|word| word.len() > 2), "{words:?}");
        words.sort();
        words.dedup();
        assert_eq!(words.len(), characters.len());
    }

    #[test]
    fn a_group_reads_like_this() {
        assert_eq!(group("A7K"), "A as in Alfa, seven, K as in Kilo");
        assert!(group("NNNNNN").len() <= 6 * "X as in November, ".len());
    }
}
