//! Access tokens as JWTs (RFC 9068), for resource servers that verify by themselves. Presented to this server, such a token is worth
//! what its grant is worth now, like any other; it holds no secret, so that its signature is what proves it.

use super::AuthorizedGrant;
use crate::{http::Idp, keys::SignFailed};
use aggregates::{
    grant::{AccessToken, Grant},
    ids::{ClientId, GrantId, UserId},
    values::Timestamp,
};
use serde::{Deserialize, Serialize};

/// RFC 9068 §2.1: what keeps an access token and an ID token apart.
const TYP: &str = "at+jwt";

/// The claims, RFC 9068 §2.2.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct AccessClaims {
    iss: String,
    /// The client, whose application is the resource server; and this server, where the token opens userinfo and the API.
    aud: [String; 2],
    sub: UserId,
    client_id: ClientId,
    exp: i64,
    iat: i64,
    /// `<grant>.<generation>`.
    jti: String,
    auth_time: i64,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    amr: Vec<String>,
    scope: String,
    username: String,
}

/// What a JWT says, which we have signed.
pub(super) struct SignedAccess {
    pub(super) grant: GrantId,
    pub(super) generation: u32,
    pub(super) user: UserId,
}

/// Signs a token that was recorded as issued.
///
/// # Errors
/// When the key does not sign.
pub fn signed_access_token(
    idp: &Idp,
    passed: &AuthorizedGrant<'_>,
    (id, grant): (GrantId, &Grant),
    token: &AccessToken,
    now: Timestamp,
) -> Result<String, SignFailed> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
    let claims = AccessClaims {
        iss: idp.issuer().to_owned(),
        aud: [grant.client.to_string(), idp.issuer().to_owned()],
        sub: grant.user,
        client_id: grant.client,
        exp: token.expires_at.seconds(),
        iat: now.seconds(),
        jti: format!("{id}.{}", token.generation),
        auth_time: grant.authenticated_at.seconds(),
        amr: passed.basis(None).method.amr().map(str::to_owned).into_iter().collect(),
        scope: scopes.join(" "),
        username: passed.user.user_name.clone().unwrap_or_default(),
    };
    idp.signing.sign(TYP, &serde_json::json!(claims))
}

/// Reads a token as a resource server does (RFC 9068 §4): the type, the signature, who issued it, for whom, and until when.
pub(super) fn read(idp: &Idp, text: &str) -> Option<SignedAccess> {
    let claims: AccessClaims = idp.signing.verified(TYP, text)?;
    let ours = claims.iss == idp.issuer() && claims.aud == [claims.client_id.to_string(), idp.issuer().to_owned()];
    let (grant, generation) = claims.jti.split_once('.')?;
    (ours && idp.now().seconds() < claims.exp).then_some(())?;
    Some(SignedAccess { grant: grant.parse().ok()?, generation: generation.parse().ok()?, user: claims.sub })
}
