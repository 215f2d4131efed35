//! The landing page of a client's application.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;
use url::Url;

/// An absolute `https` URL of at most 2000 printable ASCII characters, with a host and without a user name. It becomes a link
/// on the portal's pages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MainUri(String);

/// Why a landing page was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be an https URL of at most 2000 ASCII characters without spaces, user name or password")]
pub struct InvalidMainUri;

impl FromStr for MainUri {
    type Err = InvalidMainUri;

    fn from_str(text: &str) -> Result<Self, InvalidMainUri> {
        let legal =
            |c: u8| c.is_ascii_graphic() && !matches!(c, b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}');
        let authority = text.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
        let named = authority.is_some_and(|host| !host.is_empty() && !host.contains('@'));
        let fits = text.len() <= 2000 && text.bytes().all(legal) && named && Url::parse(text).is_ok();
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidMainUri) }
    }
}

text_value!(MainUri, InvalidMainUri);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_an_https_url_is_refused() {
        let long = format!("https://client.example/{}", "a".repeat(2000));
        for text in [
            "",
            &long,
            "http://client.example/",
            "HTTPS://client.example/",
            "javascript:alert(1)//https://",
            "data:text/html,https://",
            "https://",
            "https:///client.example",
            "https:client.example",
            "https://client.example@evil/",
            "https://client.example:99999/",
            "https://client.example/\r\nSet-Cookie:a=b",
            "https://client.example/\" onload=alert(1)",
            "https://client.example/<script>",
            r"https://client.example\@evil",
            "https://clïent.example/",
            " https://client.example/",
        ] {
            assert_eq!(text.parse::<MainUri>(), Err(InvalidMainUri), "{text:?}");
        }
    }

    #[test]
    fn an_https_url_is_kept_as_written() {
        for text in ["https://client.example", "https://client.example:8443/a?b=c#/d", "https://[2001:db8::1]/"] {
            assert_eq!(text.parse::<MainUri>().map(String::from), Ok(text.to_owned()));
        }
    }
}
