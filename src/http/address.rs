//! Three addresses, three types: the socket's peer, the caller behind trusted proxies, and what a client asserts of its user.
//!
//! The list is `X-Forwarded-For` (all lines, in order) or `Forwarded` (RFC 7239), followed by the peer. Trusted proxies are dropped
//! from the right; the first that is not trusted is the caller, and the entry to the left of it is what that caller asserts.
//! Without trusted proxies, which is the default, the caller is the peer, whatever the headers say. An entry that is not an
//! address is never skipped and never treated as absent. Two headers that do not say the same say nothing that can be read: one
//! of them may come from further away than the proxy that wrote the other.

use super::{Idp, OAuthError, forwarded_header};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;
use std::net::IpAddr;

/// The address at the other end of the socket. The server puts it into each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerIp(pub IpAddr);

/// The address of whoever called, after configured trusted proxies; IPv4-mapped IPv6 is IPv4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallerIp(pub IpAddr);

/// What the caller says about its user's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asserted {
    /// Nothing.
    Nothing,
    /// This address. To be believed only from the client whose token it is about.
    UserIp(IpAddr),
    /// Something that is not an address.
    Malformed,
}

/// Who called, and what they assert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forwarded {
    /// The caller.
    pub caller: CallerIp,
    /// What it asserts.
    pub asserted: Asserted,
}

/// The chain of addresses cannot be read where it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MalformedChain;

impl Forwarded {
    /// Reads the chain.
    ///
    /// # Errors
    /// [`MalformedChain`] when a trusted proxy reports a caller that is not an address.
    pub fn read(peer: PeerIp, headers: &HeaderMap, trusted: &[IpNet]) -> Result<Self, MalformedChain> {
        let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
        let mut chain = chain(headers).into_iter().rev();
        let mut caller = peer.0.to_canonical();
        while is_trusted(caller) {
            match chain.next() {
                Some(Some(ip)) => caller = ip,
                Some(None) => return Err(MalformedChain),
                None => break,
            }
        }
        let asserted = match chain.next() {
            None => Asserted::Nothing,
            Some(Some(ip)) => Asserted::UserIp(ip),
            Some(None) => Asserted::Malformed,
        };
        Ok(Self { caller: CallerIp(caller), asserted })
    }
}

/// The hops that the headers tell of, from left to right; `None` for one that is not an address.
fn chain(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let listed = entries(headers, "x-forwarded-for", |line| line.split(',').map(address).collect());
    let forwarded = entries(headers, "forwarded", forwarded_header::hops);
    match (listed, forwarded) {
        (listed, forwarded) if forwarded.is_empty() || listed == forwarded => listed,
        (listed, forwarded) if listed.is_empty() => forwarded,
        _ => vec![None],
    }
}

/// What `read` makes of all lines of one header, in order.
fn entries(headers: &HeaderMap, name: &str, read: impl Fn(&str) -> Vec<Option<IpAddr>>) -> Vec<Option<IpAddr>> {
    headers.get_all(name).iter().flat_map(|line| line.to_str().map_or_else(|_| vec![None], &read)).collect()
}

fn address(entry: &str) -> Option<IpAddr> {
    entry.trim().parse().ok().map(|ip: IpAddr| ip.to_canonical())
}

impl FromRequestParts<Idp> for Forwarded {
    type Rejection = OAuthError;

    async fn from_request_parts(parts: &mut Parts, idp: &Idp) -> Result<Self, OAuthError> {
        let peer = parts.extensions.get::<PeerIp>().copied().ok_or(OAuthError::Unavailable)?;
        Self::read(peer, &parts.headers, &idp.config.trusted_proxies)
            .map_err(|MalformedChain| OAuthError::InvalidRequest("a forwarded address cannot be read"))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn read(peer: &str, lines: &[&str], trusted: &[&str]) -> Result<Forwarded, MalformedChain> {
        let lines: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        read_all(peer, &lines, trusted)
    }

    fn read_all(peer: &str, lines: &[(&'static str, &str)], trusted: &[&str]) -> Result<Forwarded, MalformedChain> {
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append(*name, line.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        Forwarded::read(PeerIp(peer.parse().unwrap()), &headers, &trusted)
    }

    fn caller(ip: &str) -> CallerIp {
        CallerIp(ip.parse().unwrap())
    }

    #[test]
    fn a_trusted_proxy_that_reports_junk_is_refused() {
        for junk in ["unknown", "_hidden", "example.org", "1.2.3.4:80", "", "fe80::1%eth0", "192.0.2.1,"] {
            assert_eq!(read("10.0.0.1", &[junk], &["10.0.0.0/8"]), Err(MalformedChain), "{junk}");
        }
    }

    #[test]
    fn without_trusted_proxies_the_caller_is_the_peer_whatever_the_headers_say() {
        for lines in [&["203.0.113.9"][..], &["junk"], &["1.1.1.1, 2.2.2.2", "3.3.3.3"], &[]] {
            assert_eq!(read("198.51.100.7", lines, &[]).unwrap().caller, caller("198.51.100.7"), "{lines:?}");
        }
    }

    #[test]
    fn the_rightmost_untrusted_hop_is_the_caller() {
        let forwarded = read("10.0.0.1", &["6.6.6.6, 203.0.113.9", "10.0.0.2"], &["10.0.0.0/8"]).unwrap();
        assert_eq!(forwarded.caller, caller("203.0.113.9"));
        assert_eq!(forwarded.asserted, Asserted::UserIp("6.6.6.6".parse().unwrap()));
    }

    #[test]
    fn a_mapped_address_is_its_ipv4_address() {
        let forwarded = read("::ffff:198.51.100.7", &["::ffff:203.0.113.9"], &[]).unwrap();
        assert_eq!(forwarded.caller, caller("198.51.100.7"));
        assert_eq!(forwarded.asserted, Asserted::UserIp("203.0.113.9".parse().unwrap()));
    }

    #[test]
    fn an_assertion_that_is_not_an_address_is_malformed_not_absent() {
        assert_eq!(read("198.51.100.7", &["1.2.3.4, x"], &[]).unwrap().asserted, Asserted::Malformed);
    }

    const X: &str = "x-forwarded-for";
    const F: &str = "forwarded";

    #[test]
    fn two_headers_that_do_not_say_the_same_are_malformed() {
        for lines in [
            &[(X, "203.0.113.9"), (F, "for=203.0.113.10")][..],
            &[(X, "203.0.113.9"), (F, "for=unknown")],
            &[(X, ""), (F, "for=203.0.113.9")],
            &[(X, "203.0.113.9"), (F, "")],
            &[(X, "6.6.6.6, 203.0.113.9"), (F, "for=203.0.113.9")],
            &[(X, "203.0.113.9"), (F, "for=6.6.6.6"), (F, "for=203.0.113.9")],
        ] {
            assert_eq!(read_all("10.0.0.1", lines, &["10.0.0.0/8"]), Err(MalformedChain), "{lines:?}");
            let direct = read_all("10.0.0.1", lines, &[]).unwrap();
            assert_eq!((direct.caller, direct.asserted), (caller("10.0.0.1"), Asserted::Malformed), "{lines:?}");
        }
    }

    #[test]
    fn a_proxy_that_reports_an_obfuscated_caller_is_refused() {
        for line in ["for=unknown", "for=_hidden", "by=10.0.0.1", "for=203.0.113.9, for=unknown"] {
            assert_eq!(read_all("10.0.0.1", &[(F, line)], &["10.0.0.0/8"]), Err(MalformedChain), "{line}");
        }
    }

    #[test]
    fn other_headers_say_nothing() {
        for name in ["x-real-ip", "true-client-ip", "cf-connecting-ip", "x_forwarded_for", "x-forwarded", "x-client-ip"]
        {
            let forwarded = read_all("10.0.0.1", &[(name, "203.0.113.9")], &["10.0.0.0/8"]).unwrap();
            assert_eq!((forwarded.caller, forwarded.asserted), (caller("10.0.0.1"), Asserted::Nothing), "{name}");
        }
    }

    #[test]
    fn either_header_or_both_alike_tell_of_the_same_hops() {
        let both = [
            (X, "2001:db8::1, 203.0.113.9, ::ffff:10.0.0.2"),
            (F, "for=\"[2001:db8::1]:4711\""),
            (F, "for=203.0.113.9;proto=https, for=10.0.0.2"),
        ];
        for lines in [&both[..1], &both[1..], &both[..]] {
            let forwarded = read_all("10.0.0.1", lines, &["10.0.0.0/8"]).unwrap();
            assert_eq!(forwarded.caller, caller("203.0.113.9"), "{lines:?}");
            assert_eq!(forwarded.asserted, Asserted::UserIp("2001:db8::1".parse().unwrap()), "{lines:?}");
        }
    }
}
