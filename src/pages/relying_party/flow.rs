//! The three conversations with the provider: where to send the browser, code for tokens, refresh token for tokens.

use super::{
    RelyingParty,
    http::Basic,
    id_token::{self, Claims, Expected},
    sessions::{Pending, SignedIn},
    trouble::Trouble,
};
use aws_lc_rs::digest;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use url::Url;

const SCOPE: &str = "openid profile email phone groups customer";

/// A token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    refresh_token: Option<String>,
    id_token: Option<String>,
}

impl RelyingParty {
    /// The authorization request that belongs to `pending` (OpenID Connect Core §3.1.2.1, RFC 7636 §4.3).
    pub(super) async fn authorization_request(&self, pending: &Pending) -> Result<Url, Trouble> {
        let challenge = digest::digest(&digest::SHA256, pending.verifier.as_bytes());
        let mut url = self.provider.metadata().await?.authorization_endpoint.0.clone();
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &self.redirect_uri()),
            ("scope", SCOPE),
            ("state", &pending.state),
            ("nonce", &pending.nonce),
            ("code_challenge", &URL_SAFE_NO_PAD.encode(challenge)),
            ("code_challenge_method", "S256"),
        ]);
        Ok(url)
    }

    /// Redeems the code, verifies who signed in, and asks for the claims.
    pub(super) async fn redeem(&self, code: &str, pending: &Pending) -> Result<SignedIn, Trouble> {
        let redirect_uri = self.redirect_uri();
        let tokens = self
            .tokens(&[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", &redirect_uri),
                ("code_verifier", &pending.verifier),
            ])
            .await?;
        let id_token = tokens.id_token.ok_or(Trouble::Untrusted("There is no id_token"))?;
        let identity = self.verified(&id_token, Some(&pending.nonce)).await?;
        let userinfo = self.userinfo(&tokens.access_token, &identity).await?;
        Ok(SignedIn { refresh_token: tokens.refresh_token, id_token, identity, userinfo, refreshed: 0 })
    }

    /// New tokens for the old (RFC 6749 §6); a new `id_token` must be about the same person (OpenID Connect Core §12.2).
    pub(super) async fn renew(&self, old: SignedIn) -> Result<SignedIn, Trouble> {
        let refresh_token = old.refresh_token.as_deref().ok_or(Trouble::Untrusted("There is no refresh token"))?;
        let tokens = self.tokens(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await?;
        let (id_token, identity) = match tokens.id_token {
            Some(id_token) => {
                let identity = self.verified(&id_token, None).await?;
                same_subject(&identity, &old.identity)?;
                (id_token, identity)
            }
            None => (old.id_token, old.identity),
        };
        let userinfo = self.userinfo(&tokens.access_token, &identity).await?;
        Ok(SignedIn {
            refresh_token: tokens.refresh_token.or(old.refresh_token),
            id_token,
            identity,
            userinfo,
            refreshed: old.refreshed.saturating_add(1),
        })
    }

    async fn tokens(&self, fields: &[(&str, &str)]) -> Result<Tokens, Trouble> {
        let client = Basic { id: &self.settings.client_id, secret: &self.settings.client_secret };
        self.provider.http.post(&self.provider.metadata().await?.token_endpoint.0, client, fields).await
    }

    async fn verified(&self, id_token: &str, nonce: Option<&str>) -> Result<Claims, Trouble> {
        let (issuer, client_id) = (self.provider.issuer(), self.settings.client_id.as_str());
        let expected = Expected { issuer, client_id, nonce, now: self.clock.now() };
        id_token::verify(id_token, &self.provider.keys().await?, &expected)
    }

    /// Claims by the access token; they count only when they are about the person of the `id_token` (§5.3.2).
    async fn userinfo(&self, access_token: &str, identity: &Claims) -> Result<Claims, Trouble> {
        let endpoint = &self.provider.metadata().await?.userinfo_endpoint.0;
        let claims = self.provider.http.get(endpoint, Some(access_token)).await?;
        same_subject(&claims, identity)?;
        Ok(claims)
    }
}

fn same_subject(claims: &Claims, identity: &Claims) -> Result<(), Trouble> {
    let same = claims.get("sub").is_some_and(|subject| Some(subject) == identity.get("sub"));
    if same { Ok(()) } else { Err(Trouble::Untrusted("The claims are about somebody else")) }
}
