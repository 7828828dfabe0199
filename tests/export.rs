//! `export`: once per batch, within the session.

use crate::harness::Desk;

#[test]
fn a_batch_is_exported_once() {
    let desk = Desk::new().with_runtime();
    let codes = desk.issue("alice");
    let first = desk.run(&["export", "alice", "--output", "-"]);
    assert_eq!(first.exit, 0, "{}", first.err);
    for code in &codes {
        assert!(first.out.contains(code.as_str()));
    }
    let second = desk.run(&["export", "alice", "--output", "-", "--format", "pdf"]);
    assert_eq!(second.exit, 3);
    assert!(second.err.contains("was exported on"), "{}", second.err);
    desk.assert_sound();
}
