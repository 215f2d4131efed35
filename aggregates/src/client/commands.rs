//! What can be asked of a client, and what a client is.

use crate::{
    ids::{CustomerId, DomainId, FunctionId},
    values::{
        AccessTokenFormat, ClientDescription, ClientName, CustomClaim, IpRanges, MainUri, PermittedScopes, RedirectUri,
        SecretHash, SecurityLevel, ShortName,
    },
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A request to define, change or end a client.
#[derive(Debug, Clone)]
pub enum ClientCommand {
    /// Bring the client into being.
    Define {
        /// What it shall be.
        definition: Box<Definition>,
        /// What was looked up.
        facts: Facts,
    },
    /// Make an existing client be what `definition` says; domain and customer stay.
    Redefine {
        /// What it shall be, in full.
        definition: Box<Definition>,
        /// What was looked up.
        facts: Facts,
    },
    /// Make an existing client be what it was once, but for how it authenticates and whether it is disabled.
    Restore {
        /// The version to go back to.
        to_version: i64,
        /// What the client was then.
        definition: Box<Definition>,
        /// What was looked up.
        facts: Facts,
    },
    /// End the client, and with it every grant.
    Delete,
}

/// What the rules need to know from elsewhere; true at the moment of the decision, because definitions are decided one
/// transaction at a time.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Whether another live client of the domain has the short name (in any case).
    pub short_name_taken: bool,
    /// Who asks.
    pub author: Author,
}

/// Who defines or changes a client, as far as the rules care.
#[derive(Debug, Clone)]
pub enum Author {
    /// Whoever runs the command line on the server: bound by no permission.
    Operator,
    /// A user, with the rights of this moment.
    User {
        /// Of the permission scopes in question (the present and the wanted one) those that the user holds as a whole, for the
        /// client's customer, or everywhere in the domain when the client has none.
        may_hand_out: BTreeSet<FunctionId>,
        /// The level of the user's own session.
        level: SecurityLevel,
    },
}

/// An OAuth client, complete.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The human id, unique among the domain's live clients.
    pub short_name: ShortName,
    /// The name on portal pages.
    pub name: ClientName,
    /// A sentence for people.
    pub description: ClientDescription,
    /// The application's landing page.
    pub main_uri: MainUri,
    /// Where the authorization endpoint may send the browser; none for a client that only runs scripts.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where the client itself may call from.
    pub ip_ranges: IpRanges,
    /// How the client proves itself at the token endpoint.
    pub authentication: ClientAuthentication,
    /// The domain whose users it serves. Never changes.
    pub domain: DomainId,
    /// The customer it is bound to; `None`: any customer of the domain. Never changes.
    pub customer: Option<CustomerId>,
    /// What a user must hold to be let in.
    pub required_function: FunctionId,
    /// What the client may do on behalf of a user, at most.
    pub permission_scope: FunctionId,
    /// The scopes that it may be granted.
    pub permitted_scopes: PermittedScopes,
    /// Left out of lists unless asked for.
    pub hidden: bool,
    /// Extra claims.
    pub custom_claims: Vec<CustomClaim>,
    /// The cap on delegated sessions.
    pub max_security_level: SecurityLevel,
    /// Whether a code is only given for a PKCE challenge (RFC 7636). Always for a client without a secret.
    pub require_pkce: bool,
    /// Whether scripts may use it (RFC 6749 §4.4).
    pub client_credentials: bool,
    /// Whether each use of a token must come with the address of the user's browser.
    pub require_same_client_ip: bool,
    /// What its access tokens look like.
    pub access_token_format: AccessTokenFormat,
    /// It is out of use. An event of its own says so, never the one that defines a client.
    #[serde(default, skip_serializing_if = "is_false")]
    pub disabled: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for this form")]
fn is_false(flag: &bool) -> bool {
    !flag
}

/// How a client proves itself: `authenticationMethod` of the Argus API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// Not at all: a public client (RFC 6749 §2.1).
    None,
    /// With a secret, by form or HTTP Basic (RFC 6749 §2.3.1).
    Password {
        /// What is kept of it.
        secret: SecretHash,
    },
}
