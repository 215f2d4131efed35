//! Claims that a client gets beside the standard ones.

use super::Scope;
use crate::ids::FunctionId;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use thiserror::Error;

/// One extra claim: emitted under `claim` when `scope` is granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomClaim {
    /// Its name in the token.
    pub claim: ClaimName,
    /// The scope that asks for it.
    pub scope: Scope,
    /// Where its value comes from.
    pub from: ClaimSource,
}

/// Where the value of a custom claim comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimSource {
    /// The same for everybody.
    Value(ClaimValue),
    /// Copied from the user.
    Attribute(UserAttribute),
    /// True when the user holds the function.
    Function(FunctionId),
}

/// A fixed value: a text, a whole number or a truth value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ClaimValue {
    /// At most 1000 characters when it was typed.
    Text(String),
    /// A whole number.
    Number(i64),
    /// True or false.
    Flag(bool),
}

/// What can be copied from a user, in the words of the Argus API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserAttribute {
    /// The user name.
    Username,
    /// The full name.
    Name,
    /// The absolute URL of the picture.
    Picture,
    /// The mail address.
    Email,
    /// The phone number.
    Phone,
    /// The address that the session is bound to.
    #[serde(rename = "clientIP")]
    ClientIp,
    /// The number of the customer.
    #[serde(rename = "customerID")]
    CustomerId,
    /// The short name of the customer.
    CustomerShortName,
    /// The name of the customer.
    CustomerName,
    /// The number of the domain.
    #[serde(rename = "domainID")]
    DomainId,
}

/// The name of a custom claim: 1 to 100 characters of `[a-zA-Z0-9_:./-]`, and none that the server itself emits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClaimName(String);

/// Why a claim name was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidClaimName {
    /// Not a name.
    #[error("must be 1 to 100 characters of a-z, A-Z, 0-9, _ : . / -")]
    Characters,
    /// A relying party would take it for the server's own word.
    #[error("is a reserved claim")]
    Reserved,
}

/// The claims of RFC 7519, RFC 9068, OpenID Connect Core §2 and §5.1 and of this server: never somebody else's to set.
const RESERVED: &[&str] = &[
    "iss",
    "sub",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "nonce",
    "auth_time",
    "acr",
    "amr",
    "azp",
    "at_hash",
    "c_hash",
    "s_hash",
    "sid",
    "events",
    "cnf",
    "act",
    "may_act",
    "scope",
    "client_id",
    "token_type",
    "active",
    "username",
    "preferred_username",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "phone",
    "phone_number",
    "phone_number_verified",
    "address",
    "groups",
    "groupstring",
    "roles",
    "entitlements",
    "customer_id",
    "domain_id",
    "customer_shortname",
    "customer_name",
    "client_ip",
    "_claim_names",
    "_claim_sources",
];

impl FromStr for ClaimName {
    type Err = InvalidClaimName;

    fn from_str(text: &str) -> Result<Self, InvalidClaimName> {
        let legal = |c: u8| c.is_ascii_alphanumeric() || b"_:./-".contains(&c);
        if !(1..=100).contains(&text.len()) || !text.bytes().all(legal) {
            return Err(InvalidClaimName::Characters);
        }
        if RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
            Err(InvalidClaimName::Reserved)
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

text_value!(ClaimName, InvalidClaimName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_that_the_server_emits_is_nobody_elses() {
        for text in ["sub", "aud", "groups", "email", "client_ip", "customer_id"] {
            assert_eq!(text.parse::<ClaimName>(), Err(InvalidClaimName::Reserved), "{text}");
        }
    }

    #[test]
    fn a_claim_name_is_plain_ascii() {
        for text in ["", "a b", "a\"b", "ä", "a\0", &"a".repeat(101)] {
            assert_eq!(text.parse::<ClaimName>(), Err(InvalidClaimName::Characters), "{text:?}");
        }
        for text in ["department", "https://example.org/claims/level", "urn:x:y"] {
            assert_eq!(text.parse::<ClaimName>().map(String::from), Ok(text.to_owned()));
        }
    }
}
