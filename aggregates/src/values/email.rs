//! E-mail addresses.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// `local@domain` in ASCII: a dot-atom (RFC 5322 §3.2.3, no quoting) and a domain name of at least two labels. At most 254
/// bytes (RFC 5321 §4.5.3.1.3 with the angle brackets). Kept as given; it identifies nobody and decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// Why an address was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be an e-mail address like name@example.com")]
pub struct InvalidEmail;

fn is_atom(text: &str) -> bool {
    let legal = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
    !text.is_empty() && text.bytes().all(legal)
}

fn is_label(text: &str) -> bool {
    let legal = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(legal) && !text.starts_with('-') && !text.ends_with('-')
}

impl FromStr for Email {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let (local, domain) = text.split_once('@').ok_or(InvalidEmail)?;
        let local_fits = local.len() <= 64 && local.split('.').all(is_atom);
        let domain_fits = domain.contains('.') && domain.split('.').all(is_label);
        if text.len() <= 254 && local_fits && domain_fits { Ok(Self(text.to_owned())) } else { Err(InvalidEmail) }
    }
}

text_value!(Email, InvalidEmail);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_two_readings_is_refused() {
        for text in [
            "",
            "a",
            "a@b",
            "a@b@c.example",
            "\"a b\"@c.example",
            ".a@c.example",
            "a@-c.example",
            "a@c..example",
            "ä@c.example",
        ] {
            assert_eq!(text.parse::<Email>(), Err(InvalidEmail), "{text}");
        }
        assert!("first.last+tag@mail.example.com".parse::<Email>().is_ok());
    }
}
