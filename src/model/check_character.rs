//! The check character of a group in the alphabet `typeable`: a mistyped group is known by itself.
//!
//! The last character of a group follows from the others and from which group it is. The characters
//! stand for the elements of GF(32), and `register = 2 * (register + value)` takes them in one after
//! the other, beginning with the number of the group: a totally anti-symmetric quasigroup, as in the
//! check digit of H. M. Damm. So each place has a weight of its own, and none is zero. Any one wrong
//! character is found, as are any two that changed places, a pair that was doubled wrongly (`AA` for
//! `BB`), and two groups that changed places; of other mistakes 31 in 32.
//!
//! Crockford's own check symbol, modulo 37, needs five symbols that are not in the alphabet, one of
//! them U, and is one for the whole code: it would not say which group.

use super::alphabet::{Alphabet, GROUP};

/// Twice as much in GF(32), whose polynomial is x^5 + x^2 + 1.
const fn twice(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

fn characters() -> &'static [u8] {
    Alphabet::Typeable.characters()
}

/// What is left of the group with this number, counted from 0, when its characters are taken in;
/// none if one is not of the alphabet.
fn register(number: u8, group: &[u8]) -> Option<u8> {
    group.iter().try_fold(number, |register, character| {
        let value = characters().iter().position(|one| one == character)?;
        Some(twice(register ^ u8::try_from(value).ok()?))
    })
}

/// The last character of the group with this number, counted from 0, of which these are the others.
pub fn check_character(number: u8, others: &[u8]) -> u8 {
    let value = register(number, others).unwrap_or_default();
    characters()
        .get(usize::from(value))
        .copied()
        .unwrap_or_default()
}

/// Whether the group with this number, counted from 0, is as it was drawn, as far as it shows.
pub fn holds(number: u8, group: &[u8]) -> bool {
    group.len() == GROUP && register(number, group) == Some(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAST: usize = GROUP - 1;

    /// Groups to begin from. What a mistake adds to the register does not depend on them, for it is a
    /// sum; so a few stand for all.
    fn groups() -> impl Iterator<Item = (u8, [u8; GROUP])> {
        (0..7).flat_map(|number| {
            (0..32).map(move |seed: usize| {
                let mut group = [0; GROUP];
                for (place, character) in group.iter_mut().enumerate() {
                    *character = characters()[(seed * (place + 3) + place * place) % 32];
                }
                group[LAST] = check_character(number, &group[..LAST]);
                (number, group)
            })
        })
    }

    #[test]
    fn twice_runs_through_the_whole_field() {
        let mut seen = [false; 32];
        let mut value = 1;
        for _ in 0..31 {
            assert!(!seen[usize::from(value)]);
            seen[usize::from(value)] = true;
            value = twice(value);
        }
        assert_eq!((value, seen[0]), (1, false));
    }

    #[test]
    fn mistakes_add_up_whatever_the_group() {
        let plain = |group: &[u8]| register(0, group).unwrap();
        for (number, group) in groups() {
            assert!(holds(number, &group));
            for (_, other) in groups().step_by(7) {
                let mut sum = [0; GROUP];
                for (place, character) in sum.iter_mut().enumerate() {
                    let value = |group: &[u8; GROUP]| {
                        let at = |c: &u8| *c == group[place];
                        characters().iter().position(at).unwrap()
                    };
                    *character = characters()[value(&group) ^ value(&other)];
                }
                assert_eq!(plain(&sum), plain(&group) ^ plain(&other));
            }
        }
    }

    #[test]
    fn each_wrong_character_is_found() {
        for (number, group) in groups() {
            for place in 0..GROUP {
                for character in characters() {
                    let mut mistyped = group;
                    mistyped[place] = *character;
                    assert_eq!(holds(number, &mistyped), mistyped == group);
                }
            }
        }
    }

    #[test]
    fn any_two_that_changed_places_are_found_and_pairs_typed_for_pairs() {
        for number in 0..7 {
            for (one, other) in (0..GROUP).flat_map(|one| (0..one).map(move |other| (one, other))) {
                for (left, right) in characters()
                    .iter()
                    .flat_map(|left| characters().iter().map(move |right| (left, right)))
                    .filter(|(left, right)| left != right)
                {
                    let with = |left: u8, right: u8| {
                        let mut group = [b'0'; GROUP];
                        (group[one], group[other]) = (left, right);
                        register(number, &group)
                    };
                    assert_ne!(with(*left, *right), with(*right, *left));
                    assert_ne!(with(*left, *left), with(*right, *right));
                }
            }
        }
    }

    #[test]
    fn a_group_in_another_place_is_found() {
        for (number, group) in groups() {
            for place in 0..7 {
                assert_eq!(holds(place, &group), place == number);
            }
        }
        assert!(!holds(0, b"00000"));
        assert!(!holds(0, b"0000U0"));
        assert_eq!(check_character(0, b"00000"), b'0');
        // Written down, for codes on paper must be read for ever.
        assert_eq!(check_character(3, b"7XK2M"), b'Y');
    }
}
