//! One newtype per id. Each is a UUID (version 7 when we made it), written in exactly one way: lower case with hyphens.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use thiserror::Error;
use uuid::Uuid;

/// The text is not a UUID in lower case with hyphens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not an id")]
pub struct InvalidId;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// An id that was made elsewhere.
            #[must_use]
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The 128 bits.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            /// Accepts the one spelling that [`fmt::Display`] writes.
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let id = Uuid::try_parse(text).map_err(|_| InvalidId)?;
                let mut written = Uuid::encode_buffer();
                if id.as_hyphenated().encode_lower(&mut written) == text { Ok(Self(id)) } else { Err(InvalidId) }
            }
        }
    };
}

id!(
    /// An OAuth client.
    ClientId
);
id!(
    /// One authorization and everything issued from it.
    GrantId
);
id!(
    /// One sign-in of one user.
    SessionId
);
id!(
    /// A person or a technical account. Also the `sub` claim.
    UserId
);
id!(
    /// A group of users and groups.
    GroupId
);
id!(
    /// A user or a group: whatever a permission can be given to.
    SubjectId
);
id!(
    /// A customer, or a customer group with subcustomers.
    CustomerId
);
id!(
    /// A domain: the space in which user names are unique.
    DomainId
);
id!(
    /// A function: a named permission, or a role made of such.
    FunctionId
);
id!(
    /// A signing key. Its text is the `kid` of RFC 7517.
    SigningKeyId
);

impl From<UserId> for SubjectId {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl From<GroupId> for SubjectId {
    fn from(group: GroupId) -> Self {
        Self(group.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let text = "0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001";
        assert_eq!(text.parse::<ClientId>().map(|id| id.to_string()), Ok(text.to_owned()));
        for other in [
            "0192F3C8-7D1E-7AA0-8A35-0FD3A8A1C001",
            "{0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001}",
            "urn:uuid:0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001",
            "0192f3c87d1e7aa08a350fd3a8a1c001",
            " 0192f3c8-7d1e-7aa0-8a35-0fd3a8a1c001",
            "",
        ] {
            assert_eq!(other.parse::<ClientId>(), Err(InvalidId), "{other}");
        }
    }
}
