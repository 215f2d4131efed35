//! The forms that clients post, as the description of the API shows them. Parameters that are not listed are ignored (RFC 6749 §3.1).
#![expect(dead_code, reason = "nobody makes one: they describe")]

use utoipa::ToSchema;

/// Who the client is: so, or by HTTP Basic, never both.
#[derive(ToSchema)]
struct ClientCredentials {
    /// The client's UUID, or its short name.
    #[schema(nullable = false)]
    client_id: Option<String>,
    /// Of a client that has one.
    #[schema(nullable = false)]
    client_secret: Option<String>,
}

/// RFC 6749 §4.1.3, §6 and §4.4.2.
#[derive(ToSchema)]
pub(super) struct TokenForm {
    #[serde(flatten)]
    client: ClientCredentials,
    /// `authorization_code`, `refresh_token` or `client_credentials`.
    grant_type: String,
    /// The code.
    #[schema(nullable = false)]
    code: Option<String>,
    /// Where the code was sent.
    #[schema(nullable = false)]
    redirect_uri: Option<String>,
    /// What the challenge was made from (RFC 7636 §4.5).
    #[schema(nullable = false)]
    code_verifier: Option<String>,
    /// The latest refresh token.
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// No more than was granted.
    #[schema(nullable = false)]
    scope: Option<String>,
}

/// RFC 7662 §2.1 and RFC 7009 §2.1.
#[derive(ToSchema)]
pub(super) struct PresentedToken {
    #[serde(flatten)]
    client: ClientCredentials,
    /// The token.
    token: String,
    /// Says nothing that the token does not say itself.
    #[schema(nullable = false)]
    token_type_hint: Option<String>,
}
