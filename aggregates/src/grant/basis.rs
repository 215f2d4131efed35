//! What an authorization or a token was decided on: enough to explain the decision years later.

use crate::{
    ids::{CustomerId, FunctionId, SubjectId},
    session::AuthenticationMethod,
    values::{ApiKeyPrefix, FunctionNumbers, IpRange, IpRanges, Scope, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The facts that decided an authorization or a token: who could do this, and under which definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// The version of the client's definition: the sequence of its stream.
    pub client_version: i64,
    /// The customer that the client is bound to.
    pub customer: Option<CustomerId>,
    /// The function that the client requires.
    pub required_function: FunctionId,
    /// The permission by which the user holds it.
    pub held_by: HeldBy,
    /// What the client may do for the user: those functions of its permission scope that the user holds for the client's customer or
    /// one below it, within what narrows the session or the API key.
    pub functions: FunctionNumbers,
    /// The client's address range that the caller was in; `None` where none is asked for, as of a browser or a script.
    pub range: Option<IpRange>,
    /// How the user proved who they are.
    pub method: AuthenticationMethod,
    /// When.
    pub authenticated_at: Timestamp,
}

/// A permission: this subject has this function for this customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBy {
    /// The user, or a group that the user is in.
    pub subject: SubjectId,
    /// The function, or one that implies it.
    pub function: FunctionId,
    /// The customer, or one above it.
    pub customer: CustomerId,
}

/// As much of a [`Basis`] as was known when something was refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The permission by which the user holds the required function.
    pub held_by: Option<HeldBy>,
    /// The client's address range that the caller was in.
    pub range: Option<IpRange>,
    /// The API key that was presented.
    pub api_key: Option<ApiKeyPrefix>,
    /// How the user proved who they are.
    pub method: Option<AuthenticationMethod>,
    /// When.
    pub authenticated_at: Option<Timestamp>,
}

/// What a refusal missed, beside what its reason says already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The client is not permitted these scopes.
    Scopes(BTreeSet<Scope>),
    /// The caller was in none of these ranges.
    Ranges(IpRanges),
    /// A condition that did not hold: a sentence of the program, never a text that somebody sent.
    Condition(String),
}
