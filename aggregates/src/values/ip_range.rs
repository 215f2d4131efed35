//! Address ranges in CIDR form: RFC 4632 and RFC 4291 §2.3.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::{fmt, net::IpAddr, str::FromStr};
use thiserror::Error;

/// One CIDR range, or a single address as a range of its own. Shown in one way: `10.0.0.0/8`, `192.0.2.7/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IpRange(IpNet);

/// Why a range was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidIpRange {
    /// Neither an address nor a range.
    #[error("must be an IPv4 or IPv6 address, or a range like 192.0.2.0/24 or 2001:db8::/32")]
    Form,
    /// `10.0.0.5/8`: nobody can tell whether the address or the length was meant.
    #[error("must not have bits set beyond the prefix")]
    HostBits,
    /// `::ffff:10.0.0.0/104`, which would never match: callers' addresses are made canonical first.
    #[error("must be written as an IPv4 range")]
    Mapped,
}

impl IpRange {
    /// Whether `address` lies inside. An IPv4-mapped IPv6 address is an IPv4 address; no other IPv6 form is.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&address.to_canonical())
    }

    /// Whether it holds every address of its family: `/0`.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.0.prefix_len() == 0
    }
}

impl FromStr for IpRange {
    type Err = InvalidIpRange;

    fn from_str(text: &str) -> Result<Self, InvalidIpRange> {
        let Some((address, prefix)) = text.split_once('/') else {
            return text
                .parse()
                .map(|address: IpAddr| Self(address.to_canonical().into()))
                .map_err(|_| InvalidIpRange::Form);
        };
        let address: IpAddr = address.parse().map_err(|_| InvalidIpRange::Form)?;
        if address.to_canonical() != address {
            return Err(InvalidIpRange::Mapped);
        }
        let net =
            prefix_length(prefix).and_then(|length| IpNet::new(address, length).ok()).ok_or(InvalidIpRange::Form)?;
        if net.network() == address { Ok(Self(net)) } else { Err(InvalidIpRange::HostBits) }
    }
}

/// Decimal digits as one writes them: no sign, no leading zero.
fn prefix_length(text: &str) -> Option<u8> {
    text.parse().ok().filter(|length: &u8| length.to_string() == text)
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl TryFrom<String> for IpRange {
    type Error = InvalidIpRange;

    fn try_from(text: String) -> Result<Self, InvalidIpRange> {
        text.parse()
    }
}

impl From<IpRange> for String {
    fn from(range: IpRange) -> Self {
        range.to_string()
    }
}

/// The addresses that a client may call from: 1 to 200 different ranges. There is no empty list, hence none that could be
/// read as "from everywhere"; that is `0.0.0.0/0` and `::/0`, in so many words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<IpRange>", into = "Vec<IpRange>")]
pub struct IpRanges(Vec<IpRange>);

/// Why a list of ranges was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidIpRanges {
    /// None, too many, or one of them twice.
    #[error("must be 1 to 200 different addresses or ranges")]
    Number,
    /// `0.0.0.0/1` and `128.0.0.0/1`: from everywhere, without saying so.
    #[error("must say 0.0.0.0/0 or ::/0 alone when every address is meant")]
    Everything,
}

impl IpRanges {
    /// The first range that holds `address`: the fact that an authorization records.
    #[must_use]
    pub fn matching(&self, address: IpAddr) -> Option<&IpRange> {
        self.0.iter().find(|range| range.contains(address))
    }

    /// Whether each range of `others` lies inside one of these.
    #[must_use]
    pub fn cover(&self, others: &Self) -> bool {
        others.iter().all(|other| self.iter().any(|range| range.0.contains(&other.0)))
    }

    /// In the order given.
    pub fn iter(&self) -> impl Iterator<Item = &IpRange> {
        self.0.iter()
    }
}

impl TryFrom<Vec<IpRange>> for IpRanges {
    type Error = InvalidIpRanges;

    fn try_from(ranges: Vec<IpRange>) -> Result<Self, InvalidIpRanges> {
        let repeated = ranges.iter().enumerate().any(|(at, range)| ranges.iter().take(at).any(|other| other == range));
        if !(1..=200).contains(&ranges.len()) || repeated {
            return Err(InvalidIpRanges::Number);
        }
        let narrow = ranges.iter().filter(|range| !range.is_everything()).map(|range| range.0).collect();
        let add_up = IpNet::aggregate(&narrow).iter().any(|sum| sum.prefix_len() == 0);
        if add_up { Err(InvalidIpRanges::Everything) } else { Ok(Self(ranges)) }
    }
}

impl From<IpRanges> for Vec<IpRange> {
    fn from(ranges: IpRanges) -> Self {
        ranges.0
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use super::*;
    use InvalidIpRange::{Form, HostBits, Mapped};

    fn ranges<const N: usize>(texts: [&str; N]) -> Result<IpRanges, InvalidIpRanges> {
        IpRanges::try_from(texts.map(|text| text.parse().unwrap()).to_vec())
    }

    #[test]
    fn a_range_that_could_be_read_in_two_ways_is_refused() {
        for (text, why) in [
            ("", Form),
            ("/", Form),
            ("/8", Form),
            ("10.0.0.0/", Form),
            ("10.0.0.0/33", Form),
            ("10.0.0.0/08", Form),
            ("10.0.0.0/+8", Form),
            ("10.0.0.0/-1", Form),
            ("10.0.0.0/ 8", Form),
            ("10.0.0.0/8/8", Form),
            ("10.0.0.0/255.0.0.0", Form),
            ("0.0.0.0/00", Form),
            ("::/129", Form),
            ("10.0.0", Form),
            ("10.1", Form),
            ("010.0.0.1", Form),
            ("0x0a.0.0.1", Form),
            ("167772161", Form),
            ("10.0.0.256", Form),
            ("10.0.0.1:80", Form),
            ("[::1]", Form),
            ("fe80::1%eth0", Form),
            ("fe80::1%1/64", Form),
            (" 10.0.0.1", Form),
            ("10.0.0.1\n", Form),
            ("client.example", Form),
            ("*", Form),
            ("１0.0.0.1", Form),
            ("10.0.0.5/8", HostBits),
            ("2001:db8::1/32", HostBits),
            ("1.0.0.0/0", HostBits),
            ("::ffff:10.0.0.0/104", Mapped),
            ("::ffff:0:0/96", Mapped),
        ] {
            assert_eq!(text.parse::<IpRange>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn an_empty_repeated_or_endless_list_is_refused() {
        assert_eq!(ranges([]), Err(InvalidIpRanges::Number));
        assert_eq!(ranges(["10.0.0.1", "10.0.0.1/32"]), Err(InvalidIpRanges::Number));
        assert_eq!(ranges(["2001:db8::1", "2001:DB8:0::1"]), Err(InvalidIpRanges::Number));
        assert_eq!(ranges(["10.0.0.1", "::ffff:10.0.0.1"]), Err(InvalidIpRanges::Number));
        let many = (0..201_u32).map(|n| IpRange(IpAddr::V4(n.into()).into())).collect::<Vec<_>>();
        assert_eq!(IpRanges::try_from(many), Err(InvalidIpRanges::Number));
        assert_eq!(ranges(["0.0.0.0/1", "128.0.0.0/1"]), Err(InvalidIpRanges::Everything));
        assert_eq!(ranges(["::/1", "10.0.0.1", "c000::/2", "8000::/2"]), Err(InvalidIpRanges::Everything));
        assert_eq!(ranges(["0.0.0.0/0", "128.0.0.0/1", "0.0.0.0/1"]), Err(InvalidIpRanges::Everything));
        assert!(ranges(["0.0.0.0/0", "::/0", "128.0.0.0/1"]).is_ok());
    }

    #[test]
    fn a_range_is_shown_in_one_way() {
        for (text, shown) in [
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("192.0.2.7", "192.0.2.7/32"),
            ("::ffff:192.0.2.7", "192.0.2.7/32"),
            ("2001:DB8:0:0::/32", "2001:db8::/32"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("::/0", "::/0"),
        ] {
            assert_eq!(text.parse::<IpRange>().map(String::from), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn only_a_mapped_address_is_an_ipv4_address() {
        let four = ranges(["10.0.0.0/8"]).unwrap();
        for inside in ["10.0.0.1", "10.255.255.255", "::ffff:10.0.0.1"] {
            assert_eq!(four.matching(inside.parse().unwrap()).map(ToString::to_string).as_deref(), Some("10.0.0.0/8"));
        }
        for outside in ["11.0.0.1", "9.255.255.255", "::10.0.0.1", "64:ff9b::10.0.0.1", "2002:a00:1::", "::1"] {
            assert_eq!(four.matching(outside.parse().unwrap()), None, "{outside}");
        }
        let six = ranges(["::/0"]).unwrap();
        assert_eq!(six.matching("::ffff:10.0.0.1".parse().unwrap()), None);
        assert!(six.matching("2001:db8::1".parse().unwrap()).is_some());
    }

    #[test]
    fn only_a_range_without_a_prefix_is_everything() {
        for (text, everything) in
            [("0.0.0.0/0", true), ("::/0", true), ("0.0.0.0/1", false), ("0.0.0.0", false), ("::", false)]
        {
            assert_eq!(text.parse::<IpRange>().map(|range| range.is_everything()), Ok(everything), "{text}");
        }
    }

    #[test]
    fn ranges_are_covered_by_those_around_them() {
        let own = ranges(["10.0.0.0/8", "2001:db8::/32"]).unwrap();
        for wider in [&["0.0.0.0/0"][..], &["10.0.0.0/7"], &["10.1.0.0/16", "192.0.2.1"], &["::/0"], &["2001:db9::1"]] {
            let wider = IpRanges::try_from(wider.iter().map(|text| text.parse().unwrap()).collect::<Vec<_>>()).unwrap();
            assert!(!own.cover(&wider), "{wider:?}");
        }
        assert!(own.cover(&own) && own.cover(&ranges(["10.1.0.0/16", "10.2.3.4", "2001:db8::1"]).unwrap()));
    }

    #[test]
    fn the_first_range_that_holds_the_address_is_the_one_recorded() {
        let both = ranges(["10.1.0.0/16", "10.0.0.0/8"]).unwrap();
        assert_eq!(both.matching("10.1.2.3".parse().unwrap()).map(ToString::to_string).as_deref(), Some("10.1.0.0/16"));
        assert_eq!(both.matching("10.2.0.1".parse().unwrap()).map(ToString::to_string).as_deref(), Some("10.0.0.0/8"));
    }
}
