//! From where an attempt comes: an address, a host, a terminal. It is what the login path says, and
//! nothing here depends on its being true.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use super::user::{is_invisible, quote};
use crate::error::{Error, Kind, Result};

/// Characters it may have.
const LONGEST: usize = 128;

/// Bits of an IPv6 address that belong to one subscriber (RFC 6177 section 2).
const SUBSCRIBER: u32 = 64;

/// From where an attempt comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    text: String,
    counted: String,
}

impl Source {
    /// Reads what stands behind `--from`.
    ///
    /// # Errors
    /// [`Kind::Usage`] for nothing, for what is longer than 128 characters, and for what nobody can see.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let refused = |why: &str| {
            Err(
                Error::new(Kind::Usage, format!("{} is no source: {why}", quote(text)))
                    .hint("give an address, the name of a host, or a terminal"),
            )
        };
        if text.is_empty() {
            return refused("it is empty");
        }
        if text.chars().count() > LONGEST {
            return refused("it is longer than 128 characters");
        }
        if text.chars().any(is_invisible) {
            return refused("it holds invisible characters");
        }
        Ok(Self {
            counted: counted(text),
            text: text.to_owned(),
        })
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is counted together with it: of an IPv6 address the network of 64 bits, for whoever has one
    /// address of it has all; an IPv4 address by itself, however it is written; anything else as it is.
    pub fn counted(&self) -> &str {
        &self.counted
    }
}

fn counted(text: &str) -> String {
    // An address may have a zone behind it, which says nothing outside this machine.
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    let bare = address.strip_prefix('[').and_then(|a| a.strip_suffix(']'));
    let address = bare.unwrap_or(address).parse::<IpAddr>().ok();
    // Who comes again comes from another port.
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    match address.or_else(with_port).map(|a| a.to_canonical()) {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let network = address.to_bits() >> (128 - SUBSCRIBER) << (128 - SUBSCRIBER);
            format!("{}/{SUBSCRIBER}", Ipv6Addr::from_bits(network))
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_counted_by_whom_they_belong_to() {
        for (text, counted) in [
            ("203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("203.0.113.7:50022", "203.0.113.7"),
            ("[2001:db8:1:2::9]:50022", "2001:db8:1:2::/64"),
            ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
            ("[::ffff:203.0.113.7]:22", "203.0.113.7"),
            ("pts/3", "pts/3"),
            ("  Host.example.org ", "Host.example.org"),
            ("203.0.113.700", "203.0.113.700"),
        ] {
            assert_eq!(Source::parse(text).unwrap().counted(), counted, "{text}");
        }
    }

    #[test]
    fn what_nobody_can_read_is_refused() {
        for text in ["", "  ", "a\u{200b}b", "a\nb", &"x".repeat(129)] {
            assert_eq!(
                Source::parse(text).unwrap_err().kind(),
                Kind::Usage,
                "{text}"
            );
        }
        assert!(Source::parse(&"é".repeat(128)).is_ok());
    }
}
