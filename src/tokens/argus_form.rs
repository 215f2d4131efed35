//! Access and session tokens as the Argus API presents them: `username/opaque`.

use super::codec::LENGTH;

/// The token as its holder gets it.
#[must_use]
pub fn argus_form(user_name: &str, opaque: &str) -> String {
    format!("{user_name}/{opaque}")
}

/// Splits `username/opaque`. `None` unless both halves are written as we write them: a name of `[a-z0-9._-]`, a token of 96
/// base64url characters. The name is a claim: who the token belongs to, its stream says, and the two must be equal.
#[must_use]
pub fn parse_argus_form(text: &str) -> Option<(&str, &str)> {
    let (user_name, opaque) = text.split_once('/')?;
    let name = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, b'.' | b'_' | b'-');
    let token = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_');
    let legal = (1..=64).contains(&user_name.len())
        && user_name.bytes().all(name)
        && opaque.len() == LENGTH
        && opaque.bytes().all(token);
    legal.then_some((user_name, opaque))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_but_one_name_and_one_token_is_refused() {
        let token = "a".repeat(LENGTH);
        let long = "u".repeat(65);
        for name in ["", " bob", "bob ", "b b", "bob/", "/bob", "a/b", "bob\n", "bob\0", "Bob", "bób", "bob%2F", &long]
        {
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
        assert_eq!(parse_argus_form(&argus_form("bob.b-1", &token)), Some(("bob.b-1", token.as_str())));
    }
}
