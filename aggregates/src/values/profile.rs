//! What is known about a person.

use super::{Description, DisplayName, Email, Phone, UserName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The personal data of one user. Its JSON, sealed under the user's own key, is what events carry; clear, it stands only in
/// the `users` read model. Therefore its `Debug` says nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The name with which the person signs in, unique in the domain.
    pub user_name: UserName,
    /// The name to show.
    pub name: DisplayName,
    /// Where mail reaches the person.
    pub email: Option<Email>,
    /// Where a call reaches the person.
    pub phone: Option<Phone>,
    /// Who the person is, in words.
    #[serde(default)]
    pub description: Description,
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile(..)")
    }
}
