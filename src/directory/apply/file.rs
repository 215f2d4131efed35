//! The file's form. Unknown keys are refused.

use super::super::{
    customers::NewCustomer, domains::NewDomain, functions::NewFunction, groups::NewGroup, permissions::NamedPermission,
    users::NewUser,
};
use aggregates::values::ShortName;
use serde::Deserialize;

/// A whole file.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Definitions {
    /// `[[domain]]`
    pub domain: Vec<NewDomain>,
    /// `[[function]]`
    pub function: Vec<GivenFunction>,
    /// `[[customer]]`: those above before those below.
    pub customer: Vec<GivenCustomer>,
    /// `[[group]]`
    pub group: Vec<GivenGroup>,
    /// `[[user]]`
    pub user: Vec<GivenUser>,
    /// `[[client]]`: OAuth clients, with the field names of the Argus API, and `clientSecretEnv`.
    pub client: Vec<toml::Table>,
}

/// A function with what it implies.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenFunction {
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    pub name: String,
    /// What it allows, in words.
    #[serde(default)]
    pub description: String,
    /// Administrators hand it out. Cannot be changed later.
    #[serde(default)]
    pub role: bool,
    /// All that it implies directly.
    pub children: Option<Vec<String>>,
}

/// A customer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenCustomer {
    /// The domain.
    pub domain: Option<ShortName>,
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    pub name: String,
    /// The customer above.
    pub parent: Option<String>,
    /// Whether it is shut out.
    #[serde(default)]
    pub disabled: bool,
}

/// A group with who is in it and what it may do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenGroup {
    /// The domain.
    pub domain: Option<ShortName>,
    /// The name in references.
    pub short_name: String,
    /// The name to show.
    pub name: String,
    /// What it is for, in words.
    #[serde(default)]
    pub description: String,
    /// The customer that it belongs to. Cannot be changed later.
    pub customer: Option<String>,
    /// All users who are in it directly.
    pub users: Option<Vec<String>>,
    /// All groups that are in it directly.
    pub groups: Option<Vec<String>>,
    /// All that was granted to it.
    pub permissions: Option<Vec<NamedPermission>>,
}

/// A user. Of the three ways to a password at most one is given; the last two are for users who have none yet.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GivenUser {
    /// The domain.
    pub domain: Option<ShortName>,
    /// The name to sign in with; by it the user is found again.
    pub user_name: String,
    /// The name to show.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the address is known to be the user's.
    #[serde(default)]
    pub email_verified: bool,
    /// The telephone number.
    pub phone: Option<String>,
    /// Who it is, in words.
    #[serde(default)]
    pub description: String,
    /// The customer that the user belongs to. Cannot be changed later.
    pub customer: Option<String>,
    /// Whether the user is shut out.
    #[serde(default)]
    pub blocked: bool,
    /// An argon2id PHC string.
    pub password_hash: Option<String>,
    /// The environment variable that holds the password.
    pub password_env: Option<String>,
    /// Draw a password and show it once; it must be changed.
    #[serde(default)]
    pub generate_password: bool,
    /// All that was granted to the user.
    pub permissions: Option<Vec<NamedPermission>>,
}

impl From<&GivenFunction> for NewFunction {
    fn from(given: &GivenFunction) -> Self {
        let GivenFunction { short_name, name, description, role, .. } = given.clone();
        Self { short_name, name, description, role }
    }
}

impl From<&GivenCustomer> for NewCustomer {
    fn from(given: &GivenCustomer) -> Self {
        let GivenCustomer { short_name, name, parent, .. } = given.clone();
        Self { short_name, name, parent }
    }
}

impl From<&GivenGroup> for NewGroup {
    fn from(given: &GivenGroup) -> Self {
        let GivenGroup { short_name, name, description, customer, .. } = given.clone();
        Self { short_name, name, description, customer }
    }
}

impl From<&GivenUser> for NewUser {
    fn from(given: &GivenUser) -> Self {
        let GivenUser { user_name, name, email, phone, description, customer, .. } = given.clone();
        Self { user_name, name, email, phone, description, customer }
    }
}
