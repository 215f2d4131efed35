//! Access and session tokens as the Argus API presents them: `username/opaque`.

use super::codec::LENGTH;

/// The token as its holder gets it.
#[must_use]
pub fn argus_form(user_name: &str, opaque: &str) -> String {
    format!("{user_name}/{opaque}")
}

/// Splits `username/opaque`. `None` unless the user name is 1 to 255 bytes without a second `/`, blank or control character and
/// the rest has a token's length. The name is a claim: who the token belongs to, its stream says, and the two must agree.
#[must_use]
pub fn parse_argus_form(text: &str) -> Option<(&str, &str)> {
    let (user_name, opaque) = text.split_once('/')?;
    let named = (1..=255).contains(&user_name.len()) && !user_name.chars().any(|c| c.is_control() || c.is_whitespace());
    let token = opaque.len() == LENGTH && opaque.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'));
    (named && token).then_some((user_name, opaque))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_but_one_name_and_one_token_is_refused() {
        let token = "a".repeat(LENGTH);
        let long = "u".repeat(256);
        for name in ["", " bob", "bob ", "b b", "bob/", "/bob", "a/b", "bob\n", "bob\0", &long] {
            assert_eq!(parse_argus_form(&argus_form(name, &token)), None, "{name:?}");
        }
        for opaque in ["", "/", "abc", &format!("{token}="), &format!("/{token}"), &format!("{}+", &token[1..])] {
            assert_eq!(parse_argus_form(&argus_form("bob", opaque)), None, "{opaque}");
        }
        assert_eq!(parse_argus_form(&token), None);
    }

    #[test]
    fn a_name_and_a_token_are_split() {
        let token = "a".repeat(LENGTH);
        assert_eq!(parse_argus_form(&argus_form("bob@example.com", &token)), Some(("bob@example.com", token.as_str())));
    }
}
