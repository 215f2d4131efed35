//! Redirect URIs: RFC 6749 §3.1.2, RFC 9700 §2.1 and §4.1, and for loopback hosts RFC 8252 §7.3.

use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;
use url::Url;

/// Where a browser is sent back to. Compared as bytes and never normalised, so that the accepted set is exactly the
/// registered one. `https`, or `http` for a literal loopback host; written as a browser would write it, so that the bytes that
/// were registered are those that are visited.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// Why a redirect URI was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidRedirectUri {
    /// Empty, too long, or with a byte that RFC 3986 does not allow, or a `*`.
    #[error("must be 1 to 2000 characters of RFC 3986, without * (there are no wildcards)")]
    Characters,
    /// A scheme other than the two, or plain http to another host.
    #[error("must be https, or http to 127.0.0.1, [::1] or localhost")]
    Scheme,
    /// User name or password before the host.
    #[error("must not hold a user name or password")]
    UserInfo,
    /// RFC 6749 §3.1.2 forbids it.
    #[error("must not hold a fragment")]
    Fragment,
    /// A query parameter that the response itself carries.
    #[error("must not hold a query parameter named code, state, iss or error")]
    Query,
    /// Another text that a browser would send somewhere else, or to the same place under another name.
    #[error("must be in the form that a browser sends: lower case host, no default port, a path, no dot segments")]
    Form,
}

impl FromStr for RedirectUri {
    type Err = InvalidRedirectUri;

    fn from_str(text: &str) -> Result<Self, InvalidRedirectUri> {
        let legal = |c: u8| c.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()+,;=%".contains(&c);
        if !(1..=2000).contains(&text.len()) || !text.bytes().all(legal) {
            return Err(InvalidRedirectUri::Characters);
        }
        let url = Url::parse(text).map_err(|_| InvalidRedirectUri::Form)?;
        if !scheme_is_allowed(&url) {
            return Err(InvalidRedirectUri::Scheme);
        }
        if authority(text).contains('@') {
            return Err(InvalidRedirectUri::UserInfo);
        }
        if text.contains('#') {
            return Err(InvalidRedirectUri::Fragment);
        }
        if url.query_pairs().any(|(name, _)| matches!(&*name, "code" | "state" | "iss" | "error")) {
            return Err(InvalidRedirectUri::Query);
        }
        if url.as_str() == text { Ok(Self(text.to_owned())) } else { Err(InvalidRedirectUri::Form) }
    }
}

fn scheme_is_allowed(url: &Url) -> bool {
    match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost")),
        _ => false,
    }
}

/// What stands between `//` and the path.
fn authority(text: &str) -> &str {
    let (_, rest) = text.split_once("//").unwrap_or_default();
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

text_value!(RedirectUri, InvalidRedirectUri);

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may stop")]
mod tests {
    use super::*;
    use InvalidRedirectUri::{Characters, Form, Fragment, Query, Scheme, UserInfo};

    #[test]
    fn a_uri_that_is_not_exactly_one_https_or_loopback_address_is_refused() {
        let long = format!("https://client.example/{}", "a".repeat(2000));
        for (text, why) in [
            ("", Characters),
            (&*long, Characters),
            ("*", Characters),
            ("https://*.example/cb", Characters),
            ("https://client.example/*", Characters),
            ("https://client.example/c b", Characters),
            (" https://client.example/cb", Characters),
            ("https://client.example/cb\n", Characters),
            ("https://cli\tent.example/cb", Characters),
            ("https://client.example/\0", Characters),
            ("https://clïent.example/cb", Characters),
            ("https://ｃlient.example/cb", Characters),
            ("https://client。example/cb", Characters),
            (r"https:\\client.example\cb", Characters),
            (r"https://client.example\@evil/cb", Characters),
            ("javascript:alert(1)//https://", Scheme),
            ("JaVaScRiPt:alert(1)", Scheme),
            ("data:text/html,https://", Scheme),
            ("file:///etc/passwd", Scheme),
            ("intent://client.example", Scheme),
            ("http://client.example/cb", Scheme),
            ("http://127.0.0.1.evil/cb", Scheme),
            ("http://127.0.0.1@evil/cb", Scheme),
            ("http://0.0.0.0/cb", Scheme),
            ("http://127.0.0.2/cb", Scheme),
            ("http://[::ffff:127.0.0.1]/cb", Scheme),
            ("http://localhost.evil/cb", Scheme),
            ("https://client.example@evil/cb", UserInfo),
            ("https://user:word@client.example/cb", UserInfo),
            ("https://@client.example/cb", UserInfo),
            ("https://a@b@client.example/cb", UserInfo),
            ("http://user@127.0.0.1/cb", UserInfo),
            ("https://client.example/cb#", Fragment),
            ("https://client.example/cb#code=1", Fragment),
            ("https://client.example/cb?code=1", Query),
            ("https://client.example/cb?a=1&state=", Query),
            ("https://client.example/cb?iss", Query),
            ("https://client.example/cb?error=x", Query),
            ("https://client.example/cb?c%6Fde=1", Query),
            ("client.example/cb", Form),
            ("//client.example/cb", Form),
            ("/cb", Form),
            ("https:", Form),
            ("https://", Form),
            ("https:client.example/cb", Form),
            ("https:/client.example/cb", Form),
            ("https:///client.example/cb", Form),
            ("HTTPS://client.example/cb", Form),
            ("https://Client.example/cb", Form),
            ("https://client.example:443/cb", Form),
            ("https://client.example:/cb", Form),
            ("https://client.example:99999/cb", Form),
            ("https://client.example", Form),
            ("https://client.example?a=1", Form),
            ("https://client.example/../cb", Form),
            ("https://client.example/%2e%2e/cb", Form),
            ("https://client.example/./cb", Form),
            ("https://0x7f.1/cb", Form),
            ("http://127.1/cb", Form),
            ("http://2130706433/cb", Form),
            ("http://[0:0:0:0:0:0:0:1]/cb", Form),
        ] {
            assert_eq!(text.parse::<RedirectUri>(), Err(why), "{text:?}");
        }
    }

    #[test]
    fn a_redirect_uri_is_kept_byte_for_byte() {
        for text in [
            "https://client.example/",
            "https://client.example/cb",
            "https://client.example/cb/",
            "https://client.example:8443/cb?tenant=7&next=%2Fhome",
            "https://192.0.2.7/cb",
            "https://[2001:db8::1]/cb",
            "https://xn--clent-hsa.example/cb",
            "http://127.0.0.1/cb",
            "http://127.0.0.1:49152/cb",
            "http://[::1]:99/cb",
            "http://localhost:3000/cb",
        ] {
            assert_eq!(text.parse::<RedirectUri>().map(String::from), Ok(text.to_owned()));
        }
    }

    #[test]
    fn two_spellings_of_one_address_are_two_uris() {
        let registered: RedirectUri = "https://client.example/cb".parse().unwrap();
        for other in ["https://client.example/cb/", "https://client.example/cb?", "https://client.example/%63b"] {
            assert_ne!(other.parse().as_ref(), Ok(&registered), "{other}");
        }
    }
}
