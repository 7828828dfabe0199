//! Accounts of this machine by number and by name, from wherever it has them.

use std::collections::BTreeSet;
#[cfg(target_os = "linux")]
use std::ffi::CString;

use nix::unistd::{Group, Uid, User};

use crate::error::{Error, Kind, Result};
use crate::model::door::{DoorWord, Rule, Who};

/// Who is at the other end of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: u32,
    /// Its name; none where the machine knows no such account.
    pub name: Option<String>,
    /// The rules that are for it.
    rules: Vec<Rule>,
}

impl Account {
    /// The account with this number, and what these rules let it ask. Its groups are those that the
    /// machine knows it is in: what a process says of its own, it may have from where nobody gave it
    /// (`user_namespaces(7)`).
    pub fn of(id: u32, rules: &[Rule]) -> Self {
        let known = User::from_uid(Uid::from_raw(id)).ok().flatten();
        let groups = known.as_ref().map(groups_of).unwrap_or_default();
        let name = known.map(|known| known.name);
        let is_meant = |rule: &&Rule| match &rule.who {
            Who::User(meant) => name.as_ref() == Some(meant),
            Who::Group(meant) => group(meant).is_some_and(|id| groups.contains(&id)),
        };
        Self {
            id,
            rules: rules.iter().filter(is_meant).cloned().collect(),
            name,
        }
    }

    /// Whether one of the rules lets it ask this about that user.
    pub fn may(&self, word: DoorWord, user: &str) -> bool {
        self.rules.iter().any(|rule| {
            rule.words.contains(&word)
                // A name that looks like an address could lead to whoever has that address.
                && (!rule.is_own || (self.name.as_deref() == Some(user) && !user.contains('@')))
        })
    }

    /// Whether it may ask anything.
    pub fn is_known(&self) -> bool {
        !self.rules.is_empty()
    }
}

/// What the account with this number is called; none where the machine knows no such account.
pub fn name_of(id: u32) -> Option<String> {
    let known = User::from_uid(Uid::from_raw(id)).ok().flatten();
    known.map(|known| known.name)
}

/// The groups that the machine knows somebody is in.
#[cfg(target_os = "linux")]
fn groups_of(known: &User) -> Vec<u32> {
    let name = CString::new(known.name.as_str()).ok();
    let groups = name.and_then(|name| nix::unistd::getgrouplist(&name, known.gid).ok());
    let groups = groups.unwrap_or_default();
    groups.into_iter().map(|group| group.as_raw()).collect()
}

/// Elsewhere only the first.
#[cfg(not(target_os = "linux"))]
fn groups_of(known: &User) -> Vec<u32> {
    vec![known.gid.as_raw()]
}

/// The numbers of the accounts that the rules name themselves, and not by a group.
pub fn named(rules: &[Rule]) -> BTreeSet<u32> {
    let name = |rule: &Rule| match &rule.who {
        Who::User(name) => User::from_name(name).ok().flatten(),
        Who::Group(_) => None,
    };
    let found = rules.iter().filter_map(name);
    found.map(|user| user.uid.as_raw()).collect()
}

fn group(name: &str) -> Option<u32> {
    let group = Group::from_name(name).ok().flatten()?;
    Some(group.gid.as_raw())
}

/// Sees that the machine has whom a rule is for.
///
/// # Errors
/// [`Kind::Config`].
pub fn require(rule: &Rule) -> Result<()> {
    let (is_there, what) = match &rule.who {
        Who::User(name) => (
            User::from_name(name).ok().flatten().is_some(),
            format!("account {name}"),
        ),
        Who::Group(name) => (group(name).is_some(), format!("group {name}")),
    };
    match is_there {
        true => Ok(()),
        false => Err(Error::new(
            Kind::Config,
            format!("serve.allow: this machine has no {what}"),
        )
        .hint("correct the name, or take the rule out")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(texts: &[&str]) -> Vec<Rule> {
        texts
            .iter()
            .map(|text| Rule::parse(text).unwrap())
            .collect()
    }

    #[test]
    fn a_rule_is_for_whom_it_names() {
        let root = |texts: &[&str]| Account::of(0, &rules(texts));
        assert_eq!(root(&[]).name.as_deref(), Some("root"));
        for (rule, may) in [
            ("user=root words=verify", true),
            ("group=root words=confirm+verify", true),
            ("user=root words=confirm", false),
            ("user=daemon words=verify", false),
            ("group=daemon words=verify", false),
            ("user=root words=verify own=true", false),
        ] {
            assert_eq!(root(&[rule]).may(DoorWord::Verify, "alice"), may, "{rule}");
        }
        let own = root(&["group=root words=verify own=true"]);
        assert!(own.may(DoorWord::Verify, "root"));
        assert!(own.is_known() && !root(&["user=bin words=verify"]).is_known());
        assert!(!root(&[]).may(DoorWord::Verify, "root"));
        assert_eq!(
            named(&rules(&[
                "user=root words=verify",
                "group=bin words=verify"
            ])),
            BTreeSet::from([0])
        );
    }

    #[test]
    fn whom_the_machine_does_not_know_has_no_name() {
        let all = rules(&["user=root words=verify", "group=root words=verify"]);
        let nobody = Account::of(4_000_000_000, &all);
        assert_eq!((&nobody.name, nobody.rules.len()), (&None, 0));
        assert!(!nobody.may(DoorWord::Verify, "root"));
        assert!(require(&rules(&["user=root words=verify"])[0]).is_ok());
        for rule in [
            "user=nobody-has-this words=verify",
            "group=nor-this words=verify",
        ] {
            let error = require(&rules(&[rule])[0]).unwrap_err();
            assert_eq!(error.kind(), Kind::Config);
        }
    }
}
