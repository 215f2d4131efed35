//! Scopes: RFC 6749 §3.3.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, str::FromStr};
use thiserror::Error;

/// One `scope-token` of RFC 6749 §3.3, of at most 100 characters: printable ASCII without space, `"` and `\`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scope(String);

/// Why a scope was refused; the text is for the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("must be 1 to 100 printable ASCII characters without space, \" and \\ (RFC 6749 section 3.3)")]
pub struct InvalidScope;

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, InvalidScope> {
        let legal = |c: u8| c.is_ascii_graphic() && !matches!(c, b'"' | b'\\');
        let fits = (1..=100).contains(&text.len()) && text.bytes().all(legal);
        if fits { Ok(Self(text.to_owned())) } else { Err(InvalidScope) }
    }
}

text_value!(Scope, InvalidScope);

/// Which scopes a client may be granted. "All" is a choice that is stored as such: no missing or emptied list turns into it
/// when events are read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermittedScopes {
    /// Every scope.
    Any,
    /// These; the set is never empty.
    Only(BTreeSet<Scope>),
}

impl PermittedScopes {
    /// The reading of the Argus API: an empty list permits all scopes.
    #[must_use]
    pub fn listed(scopes: BTreeSet<Scope>) -> Self {
        if scopes.is_empty() { Self::Any } else { Self::Only(scopes) }
    }

    /// Whether the client may be granted `scope`.
    #[must_use]
    pub fn permit(&self, scope: &Scope) -> bool {
        match self {
            Self::Any => true,
            Self::Only(scopes) => scopes.contains(scope),
        }
    }

    /// The list that the Argus API shows: empty for all.
    pub fn list(&self) -> impl Iterator<Item = &Scope> {
        match self {
            Self::Any => None,
            Self::Only(scopes) => Some(scopes),
        }
        .into_iter()
        .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_one_scope_token_is_refused() {
        for text in ["", " ", "openid profile", "a\"b", "a\\b", "a\tb", "a\0", "é", "\u{200b}", &"a".repeat(101)] {
            assert_eq!(text.parse::<Scope>(), Err(InvalidScope), "{text:?}");
        }
    }

    #[test]
    fn a_scope_token_is_kept_as_written() {
        for text in ["openid", "urn:example:read", "https://example.org/a?b#c", "!", "~", &"a".repeat(100)] {
            assert_eq!(text.parse::<Scope>().map(String::from), Ok(text.to_owned()));
        }
    }

    #[test]
    fn only_the_stored_choice_any_permits_every_scope() {
        let [email, phone]: [Scope; 2] = ["email", "phone"].map(|text| Scope(text.to_owned()));
        assert!(PermittedScopes::Any.permit(&email));
        let only = PermittedScopes::listed([email.clone()].into());
        assert!(only.permit(&email) && !only.permit(&phone));
        assert!(!PermittedScopes::Only(BTreeSet::new()).permit(&email));
        assert_eq!(PermittedScopes::listed(BTreeSet::new()), PermittedScopes::Any);
    }
}
