//! The `Forwarded` header: RFC 7239 §4 and §6, of which only `for` is of interest here.

use std::{collections::BTreeSet, net::IpAddr};

/// The `for` of each element of one header line, from left to right; `None` for an element that names no address: `unknown`, an
/// obfuscated identifier, no `for` at all, or something that cannot be read.
pub(super) fn hops(line: &str) -> Vec<Option<IpAddr>> {
    match split(line, b',') {
        Some(elements) => elements.into_iter().map(hop).collect(),
        None => vec![None],
    }
}

fn hop(element: &str) -> Option<IpAddr> {
    let mut seen = BTreeSet::new();
    let mut found = None;
    for pair in split(element.trim_matches([' ', '\t']), b';')?.into_iter().filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (name.to_ascii_lowercase(), unquoted(value)?);
        if name == "for" {
            found = node(&value);
        }
        if !is_token(&name) || !seen.insert(name) {
            return None;
        }
    }
    found
}

/// `nodename [ ":" node-port ]`, RFC 7239 §6, as far as the name is an address. The port says nothing about who it is.
fn node(text: &str) -> Option<IpAddr> {
    let (address, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((six, port)) => (IpAddr::V6(six.parse().ok()?), port),
        None => {
            let (four, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (IpAddr::V4(four.parse().ok()?), port)
        }
    };
    (port.is_empty() || is_port(port.strip_prefix(':')?)).then(|| address.to_canonical())
}

/// Up to five digits, or an obfuscated port.
fn is_port(text: &str) -> bool {
    let obfuscated = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'.' | b'_' | b'-');
    match text.strip_prefix('_') {
        Some(rest) => !rest.is_empty() && rest.bytes().all(obfuscated),
        None => (1..=5).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit()),
    }
}

/// A token as it is, or what a quoted string stands for (RFC 9110 §5.6.4).
fn unquoted(value: &str) -> Option<String> {
    let Some(inner) = value.strip_prefix('"') else { return is_token(value).then(|| value.to_owned()) };
    let mut text = String::new();
    let mut rest = inner.strip_suffix('"')?.chars();
    while let Some(c) = rest.next() {
        text.push(match c {
            '\\' => rest.next()?,
            '"' => return None,
            other => other,
        });
    }
    Some(text)
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let legal = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&c);
    !text.is_empty() && text.bytes().all(legal)
}

/// The parts between separators that do not stand in a quoted string; `None` when such a string does not end.
fn split(text: &str, separator: u8) -> Option<Vec<&str>> {
    let (mut parts, mut from) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if byte == separator && !quoted => {
                parts.push(text.get(from..at)?);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..)?);
    (!quoted).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Vec<Option<String>> {
        hops(line).into_iter().map(|hop| hop.map(|ip| ip.to_string())).collect()
    }

    #[test]
    fn an_element_that_names_no_address_is_kept_as_such() {
        for line in [
            "",
            "for",
            "for=",
            "for=unknown",
            "for=_hidden",
            "for=\"_SEVKISEK\"",
            "for=example.org",
            "by=192.0.2.1",
            "proto=https;host=argus.example",
            "for=192.0.2.1;for=192.0.2.1",
            "for=192.0.2.1;FOR=198.51.100.7",
            "for=192.0.2.1;by=a;by=b",
            "for = 192.0.2.1",
            "for=192.0.2.1 ;by=a",
            "for=192.0.2.1;by",
            "for=192.0.2.1:4711",
            "for=\"192.0.2.1:\"",
            "for=\"192.0.2.1:123456\"",
            "for=\"192.0.2.1:_\"",
            "for=\"192.0.2.1:+80\"",
            "for=192.0.2.256",
            "for=010.0.0.1",
            "for=2001:db8::1",
            "for=[2001:db8::1]",
            "for=\"2001:db8::1\"",
            "for=\"[2001:db8::1\"",
            "for=\"[2001:db8::1]4711\"",
            "for=\"[192.0.2.1]\"",
            "for=\"[fe80::1%eth0]\"",
            "for=\"192.0.2.1",
            "for=\"192.0.2.1\"x",
            "for=\"192.0.2.1\\\"",
            "for=\"192.0.\"2.1\"",
            "for=\u{661}92.0.2.1",
        ] {
            assert_eq!(read(line), [None], "{line}");
        }
    }

    #[test]
    fn an_address_is_read_in_every_form_of_the_specification() {
        for (line, address) in [
            ("for=192.0.2.43", "192.0.2.43"),
            ("For=192.0.2.43", "192.0.2.43"),
            ("for=\"192.0.2.43\"", "192.0.2.43"),
            ("for=\"192.0.2.43:47011\"", "192.0.2.43"),
            ("for=\"192.0.2.43:_http\"", "192.0.2.43"),
            ("for=\"[2001:db8:cafe::17]\"", "2001:db8:cafe::17"),
            ("for=\"[2001:db8::1]:4711\"", "2001:db8::1"),
            ("for=\"[::ffff:192.0.2.43]\"", "192.0.2.43"),
            ("for=\"1\\92.0.2.43\"", "192.0.2.43"),
            ("proto=http;for=192.0.2.43;by=\"[2001:db8::2]\";host=\"a,b;c\\\"d\"", "192.0.2.43"),
            ("for=192.0.2.43;", "192.0.2.43"),
        ] {
            assert_eq!(read(line), [Some(address.to_owned())], "{line}");
        }
    }

    #[test]
    fn elements_stand_in_their_order_and_none_is_skipped() {
        let line = "for=192.0.2.43, for=\"[2001:db8::1]\";by=\"_a,b\" ,,for=unknown,\tfor=198.51.100.17";
        let [one, two, three] = ["192.0.2.43", "2001:db8::1", "198.51.100.17"].map(|ip| Some(ip.to_owned()));
        assert_eq!(read(line), [one, two, None, None, three]);
    }
}
