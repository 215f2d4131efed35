//! From where an API key may be used.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use thiserror::Error;

/// 1 to 100 networks. Each is CIDR without host bits, or a single address, in the one spelling that is also its canonical one;
/// IPv4 written as IPv6 is refused rather than matched by surprise. "Everywhere" has to be said: `0.0.0.0/0`, `::/0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sources(Vec<IpNet>);

/// Why a list was refused; the text is for the caller.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum InvalidSources {
    /// An empty list could be read as "none" or as "all".
    #[error("must hold 1 to 100 networks")]
    Count,
    /// This entry.
    #[error("must be an address or a network without host bits, like 192.0.2.0/24")]
    Network,
}

fn network(text: &str) -> Option<IpNet> {
    let net = text.parse().ok().or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))?;
    let mapped = matches!(net, IpNet::V6(v6) if v6.prefix_len() >= 96 && v6.network().to_ipv4_mapped().is_some());
    let canonical = net.to_string() == text || net.addr().to_string() == text && net.prefix_len() == net.max_prefix_len();
    (net.trunc() == net && !mapped && canonical).then_some(net)
}

impl Sources {
    /// Parses every entry.
    ///
    /// # Errors
    /// When the list is empty or too long, or an entry is not a network.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidSources> {
        let networks: Vec<IpNet> = texts.into_iter().map(network).collect::<Option<_>>().ok_or(InvalidSources::Network)?;
        if (1..=100).contains(&networks.len()) { Ok(Self(networks)) } else { Err(InvalidSources::Count) }
    }

    /// Whether `address` (its IPv4-mapped form made IPv4) lies in one of the networks.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The networks, as given.
    pub fn iter(&self) -> impl Iterator<Item = &IpNet> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_says_other_than_it_means_is_refused() {
        for text in ["", "10.0.0.5/8", "10.0.0.0/08", "::ffff:10.0.0.0/104", "::ffff:10.0.0.1", "10.0.0", "010.0.0.1", "any"] {
            assert_eq!(Sources::parse([text]), Err(InvalidSources::Network), "{text}");
        }
        assert_eq!(Sources::parse([]), Err(InvalidSources::Count));
    }

    #[test]
    fn a_mapped_address_is_the_ipv4_address_that_it_means() {
        let sources = Sources::parse(["10.0.0.0/8", "2001:db8::1"]).ok();
        let from = |text: &str| sources.as_ref().zip(text.parse().ok()).map(|(sources, ip)| sources.contain(ip));
        assert_eq!(from("::ffff:10.1.2.3"), Some(true));
        assert_eq!(from("2001:db8::1"), Some(true));
        assert_eq!(from("11.0.0.1"), Some(false));
    }
}
