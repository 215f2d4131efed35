//! `grant_type=authorization_code`: RFC 6749 §4.1.3 with PKCE (RFC 7636 §4.5).

use super::{TokenRequest, reply};
use crate::{http::OAuthError, tokens::Kind};
use aggregates::{
    grant::{GrantCommand, GrantEvent, Redemption},
    ids::GrantId,
};
use aws_lc_rs::digest;
use axum::response::Response;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

pub(super) async fn exchange(request: TokenRequest) -> Result<Response, OAuthError> {
    let idp = request.idp.clone();
    let code = idp.tokens.decode(Kind::Code, request.form.required("code")?);
    let id = code.as_ref().map(|code| GrantId::new(code.aggregate));
    let proven = request.proven(id, "authorization_code").await?;
    let Some((code, id)) = code.zip(id) else {
        idp.metrics.count(|metrics| &metrics.junk_tokens);
        return Err(proven.unknown(None).await);
    };
    let grant = proven.grant(id).await?;
    let access = idp.tokens.successor(&code, Kind::Access, 1);
    let refresh = idp.tokens.successor(&code, Kind::Refresh, 1);
    let lifetimes = &idp.config.lifetimes;
    let command = GrantCommand::RedeemCode(Redemption {
        by: proven.client.id,
        code: code.hash(),
        redirect_uri: proven.request.form.get("redirect_uri").map(str::to_owned),
        verifier: proven.request.form.get("code_verifier").map(challenge_of),
        door: proven.door_for_code(&grant.aggregate),
        access: access.hash(),
        refresh: refresh.hash(),
        access_lifetime: proven.access_lifetime(),
        refresh_lifetime: lifetimes.refresh,
        now: proven.now,
    });
    match idp.store.execute_on_while(proven.guard().as_ref(), grant, command, &proven.context()).await {
        Ok(done) if matches!(done.events.as_slice(), [GrantEvent::CodeRedeemed { .. }]) => {
            let nonce = done.aggregate.nonce.clone();
            reply::tokens(&proven, (id, &done.aggregate), &reply::Issued { access, refresh: Some(refresh), nonce })
        }
        // A replay or a spoiled code: the events say so.
        Ok(_) => Err(OAuthError::InvalidGrant),
        Err(error) => Err(proven.failed(id, error).await),
    }
}

/// BASE64URL(SHA256(verifier)), or something that no challenge equals when the verifier is not one (RFC 7636 §4.1).
fn challenge_of(verifier: &str) -> String {
    let legal = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_' | b'~');
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(legal) {
        return String::new();
    }
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::challenge_of;

    #[test]
    fn what_is_not_a_verifier_equals_no_challenge() {
        for verifier in [
            "",
            "short",
            &"a".repeat(42),
            &"a".repeat(129),
            &format!("{}é", "a".repeat(43)),
            &format!("{} ", "a".repeat(43)),
        ] {
            assert_eq!(challenge_of(verifier), "", "{verifier}");
        }
    }

    /// The example of RFC 7636 Appendix B.
    #[test]
    fn the_challenge_is_the_hash_of_the_verifier() {
        let challenge = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
