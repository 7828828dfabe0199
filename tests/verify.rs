//! `verify`: each code works once.

use crate::harness::Desk;

#[test]
fn a_code_is_accepted_once() {
    let desk = Desk::new();
    let codes = desk.issue("alice");
    let first = desk.pipe(&["verify", "alice"], &codes[0]);
    assert_eq!(
        (first.exit, first.err.as_str()),
        (0, "Accepted. 9 codes are left.\n")
    );
    let second = desk.pipe(&["verify", "alice"], &codes[0]);
    assert_eq!((second.exit, second.err.as_str()), (1, "Not accepted.\n"));
    desk.assert_sound();
}
