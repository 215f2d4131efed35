//! What happened to a client. Each change names one aspect of its [`Definition`] with the fields that it has there.

use super::{ClientAuthentication, Definition};
use crate::{
    ids::FunctionId,
    values::{
        AccessTokenFormat, ClientDescription, ClientName, CustomClaim, IpRanges, MainUri, PermittedScopes, RedirectUri,
        SecretHash, SecurityLevel, ShortName,
    },
};
use serde::{Deserialize, Serialize};

/// A past fact about a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientEvent {
    /// The client came into being.
    Defined {
        /// As it was defined.
        definition: Box<Definition>,
    },
    /// It is called otherwise.
    Renamed {
        /// The human id from now on.
        short_name: ShortName,
        /// The name from now on.
        name: ClientName,
    },
    /// It is described otherwise.
    Described {
        /// The description from now on.
        description: ClientDescription,
        /// The landing page from now on.
        main_uri: MainUri,
    },
    /// Browsers are sent elsewhere.
    RedirectUrisChanged {
        /// All of them, from now on.
        redirect_uris: Vec<RedirectUri>,
    },
    /// The client calls from elsewhere.
    IpRangesChanged {
        /// All of them, from now on.
        ip_ranges: IpRanges,
    },
    /// The way to authenticate changed; earlier grants end.
    AuthenticationChanged {
        /// The way from now on.
        authentication: ClientAuthentication,
    },
    /// The secret changed; the way to authenticate and the grants remain.
    SecretRotated {
        /// What is kept of the new secret.
        secret: SecretHash,
    },
    /// Users need another function to be let in.
    RequiredFunctionChanged {
        /// The one needed from now on.
        required_function: FunctionId,
    },
    /// Delegated rights have another bound.
    PermissionScopeChanged {
        /// The bound from now on.
        permission_scope: FunctionId,
    },
    /// Other scopes may be granted.
    PermittedScopesChanged {
        /// Those permitted from now on.
        permitted_scopes: PermittedScopes,
    },
    /// Other extra claims are emitted.
    CustomClaimsChanged {
        /// All of them, from now on.
        custom_claims: Vec<CustomClaim>,
    },
    /// Delegated sessions have another cap.
    SecurityLevelChanged {
        /// The cap from now on.
        max_security_level: SecurityLevel,
    },
    /// It was hidden, or shown again.
    VisibilityChanged {
        /// Whether it is hidden from now on.
        hidden: bool,
    },
    /// Tokens are issued and used under other rules.
    TokenRulesChanged {
        /// Whether a code needs a PKCE challenge.
        require_pkce: bool,
        /// Whether scripts may use it.
        client_credentials: bool,
        /// Whether each use must name the browser's address.
        require_same_client_ip: bool,
        /// What access tokens look like.
        access_token_format: AccessTokenFormat,
    },
    /// An earlier definition was brought back: the changes that this took follow in the same append.
    Restored {
        /// The version, which is to say the number of events, after which it was so.
        to_version: i64,
    },
    /// It was put out of use; earlier grants end.
    Disabled {},
    /// It may be used again; the grants that ended with its disabling do not come back.
    Enabled {},
    /// It ended, and with it every grant.
    Deleted {},
}

stored_as!(ClientEvent {
    Defined => "client.defined" "1",
    Renamed => "client.renamed" "1",
    Described => "client.described" "1",
    RedirectUrisChanged => "client.redirect_uris_changed" "1",
    IpRangesChanged => "client.ip_ranges_changed" "1",
    AuthenticationChanged => "client.authentication_changed" "1",
    SecretRotated => "client.secret_rotated" "1",
    RequiredFunctionChanged => "client.required_function_changed" "1",
    PermissionScopeChanged => "client.permission_scope_changed" "1",
    PermittedScopesChanged => "client.permitted_scopes_changed" "1",
    CustomClaimsChanged => "client.custom_claims_changed" "1",
    SecurityLevelChanged => "client.security_level_changed" "1",
    VisibilityChanged => "client.visibility_changed" "1",
    TokenRulesChanged => "client.token_rules_changed" "1",
    Restored => "client.restored" "1",
    Disabled => "client.disabled" "1",
    Enabled => "client.enabled" "1",
    Deleted => "client.deleted" "1",
});
