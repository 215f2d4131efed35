//! Which client is calling, and the proof (RFC 6749 §2.3): HTTP Basic or the form, never both, never the query string.

use super::{CallerIp, Idp, OAuthError, OAuthForm, bearer};
use crate::directory::passwords::Passwords;
use aggregates::{
    client::ClientAuthentication,
    grant::Refusal,
    values::{IpRange, SecretHash},
};
use aws_lc_rs::{constant_time::verify_slices_are_equal, digest};
use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::STANDARD};
use projections::standing::StandingClient;
use zeroize::Zeroizing;

/// What a request says about its client. Holds the secret, so it cannot be printed.
pub struct PresentedClient {
    /// `client_id`: the client's id or its short name.
    pub id: String,
    secret: Option<Zeroizing<String>>,
}

/// Why a client was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotProven {
    /// To be recorded, and answered with `invalid_client`.
    Refused(Refusal),
    /// The secret could not be checked now.
    Busy,
}

impl PresentedClient {
    /// Reads the credentials of a request.
    ///
    /// # Errors
    /// `invalid_client` when there are none or the header is malformed; `invalid_request` when there are two that differ or two secrets.
    pub fn read(headers: &HeaderMap, form: &OAuthForm) -> Result<Self, OAuthError> {
        let body_id = form.get("client_id");
        let body_secret = form.get("client_secret");
        let Some(basic) = bearer::credentials(headers, "Basic").map_err(|_| OAuthError::InvalidClient)? else {
            let id = body_id.ok_or(OAuthError::InvalidClient)?.to_owned();
            return Ok(Self { id, secret: body_secret.map(|secret| Zeroizing::new(secret.to_owned())) });
        };
        let (id, secret) = decode_basic(basic).ok_or(OAuthError::InvalidClient)?;
        if body_secret.is_some() || body_id.is_some_and(|body_id| body_id != id) {
            return Err(OAuthError::InvalidRequest("more than one way of client authentication"));
        }
        Ok(Self { id, secret: Some(secret) })
    }

    /// Checks the proof: the address first, then the secret, so that a stranger's guesses cost us nothing.
    ///
    /// # Errors
    /// [`NotProven`].
    pub async fn prove(&self, idp: &Idp, client: &StandingClient, caller: CallerIp) -> Result<IpRange, NotProven> {
        if !client.is_active() {
            return Err(NotProven::Refused(Refusal::ClientNotActive));
        }
        let range = client.definition.ip_ranges.matching(caller.0);
        let range = *range.ok_or(NotProven::Refused(Refusal::AddressOutsideRanges))?;
        let secret_missing =
            matches!(client.definition.authentication, ClientAuthentication::Password { .. }) && self.secret.is_none();
        if secret_missing {
            return Err(NotProven::Refused(Refusal::ClientNotAuthenticated));
        }
        self.prove_secret(idp, client).await.map(|()| range)
    }

    /// Checks the secret if one is given: where something else authenticates, it is not asked for, and a wrong one is refused.
    ///
    /// # Errors
    /// [`NotProven`].
    pub async fn prove_secret(&self, idp: &Idp, client: &StandingClient) -> Result<(), NotProven> {
        let proven = match (&client.definition.authentication, &self.secret) {
            (_, None) => true,
            (ClientAuthentication::None, Some(_)) => false,
            (ClientAuthentication::Password { secret: hash }, Some(secret)) => {
                verify(&idp.client_secrets, hash, secret).await?
            }
        };
        if proven { Ok(()) } else { Err(NotProven::Refused(Refusal::ClientNotAuthenticated)) }
    }
}

/// Whether the secret is the one that was hashed.
///
/// # Errors
/// [`NotProven::Busy`].
pub async fn verify(passwords: &Passwords, hash: &SecretHash, secret: &Zeroizing<String>) -> Result<bool, NotProven> {
    match hash {
        SecretHash::Sha256(expected) => {
            Ok(verify_slices_are_equal(sha256_hex(secret).as_bytes(), expected.as_bytes()).is_ok())
        }
        SecretHash::Argon2id(phc) => passwords.verify(Some(phc), secret.clone()).await.map_err(|_| NotProven::Busy),
    }
}

/// SHA-256 in lower case hexadecimal: how a secret that nobody can guess is stored.
#[must_use]
pub fn sha256_hex(secret: &str) -> String {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// `base64(form-encoded id ":" form-encoded secret)`, strictly.
fn decode_basic(text: &str) -> Option<(String, Zeroizing<String>)> {
    let bytes = Zeroizing::new(STANDARD.decode(text).ok()?);
    let pair = std::str::from_utf8(&bytes).ok()?;
    let (id, secret) = pair.split_once(':')?;
    let (id, secret) = (super::form::decode(id).ok()?, Zeroizing::new(super::form::decode(secret).ok()?));
    (!id.is_empty() && !secret.is_empty()).then_some((id, secret))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use axum::http::header;

    fn read(basic: Option<&str>, body: &str) -> Result<PresentedClient, OAuthError> {
        let mut headers = HeaderMap::new();
        if let Some(basic) = basic {
            headers.insert(header::AUTHORIZATION, basic.parse().unwrap());
        }
        PresentedClient::read(&headers, &OAuthForm::parse(body).unwrap())
    }

    #[test]
    fn malformed_credentials_are_not_a_client() {
        // "id" without a colon, "id:" without a secret, ":secret" without an id, bytes that are no UTF-8, loose base64.
        for basic in [
            "Basic",
            "Basic ",
            "Basic aWQ=",
            "Basic aWQ6",
            "Basic OnNlY3JldA==",
            "Basic /////w==",
            "Basic aWQ6cw",
            "Basic *",
        ] {
            assert_eq!(read(Some(basic), "").err(), Some(OAuthError::InvalidClient), "{basic}");
        }
        assert_eq!(read(None, "client_secret=s").err(), Some(OAuthError::InvalidClient));
    }

    #[test]
    fn two_ways_at_once_are_refused() {
        let basic = "Basic aWQ6c2VjcmV0";
        assert!(matches!(read(Some(basic), "client_secret=secret").err(), Some(OAuthError::InvalidRequest(_))));
        assert!(matches!(read(Some(basic), "client_id=other").err(), Some(OAuthError::InvalidRequest(_))));
    }

    #[test]
    fn basic_credentials_are_form_encoded_inside() {
        let header = format!("Basic {}", STANDARD.encode("a%3Ab:s%2Bc+d"));
        let presented = read(Some(&header), "client_id=a%3Ab").unwrap();
        assert_eq!((presented.id.as_str(), presented.secret.unwrap().as_str()), ("a:b", "s+c d"));
    }
}
