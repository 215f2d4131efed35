//! The keys that sign ID tokens: kept in memory, read again every minute, since only discovery and public keys may lag.

use super::{
    jwt::SignFailed,
    key_maker::KeyMaker,
    key_set::{KeySet, KeySetError},
};
use crate::event_store::{Context, ExecuteError, StorageError};
use aggregates::{signing_key::SigningKeyError, values::Seconds};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::{
    sync::{Arc, PoisonError, RwLock, Weak},
    time::Duration,
};
use thiserror::Error;

/// How long a node may go on with keys that another node has rotated.
pub(super) const REFRESHED_EVERY: Duration = Duration::from_secs(60);

/// Why signing keys are not available.
#[derive(Debug, Error)]
pub enum SigningKeysError {
    /// The stored keys are of no use.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
    /// A key refused the step, for example since its successor is too young.
    #[error(transparent)]
    Refused(#[from] SigningKeyError),
    /// No key pair could be made or sealed.
    #[error("could not make a signing key")]
    NotMade,
    /// There is no active key or no successor to rotate.
    #[error("there is no active key or no successor: restart a server to make them")]
    Incomplete,
    /// Another node was changing the same key.
    #[error("a signing key was changed at the same time")]
    Conflict,
    /// They cannot be read or recorded.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<ExecuteError<SigningKeyError>> for SigningKeysError {
    fn from(error: ExecuteError<SigningKeyError>) -> Self {
        match error {
            ExecuteError::Refused(refusal) => Self::Refused(refusal),
            ExecuteError::Conflict | ExecuteError::Overtaken | ExecuteError::Unexplained => Self::Conflict,
            ExecuteError::Storage(error) => Self::Storage(error),
        }
    }
}

/// Signs and publishes. Cheap to clone.
#[derive(Clone)]
pub struct SigningKeys(Arc<Inner>);

struct Inner {
    maker: KeyMaker,
    current: RwLock<Arc<KeySet>>,
}

impl SigningKeys {
    /// Loads the keys, after making the first ones if there are none, and keeps them fresh as long as somebody holds this.
    ///
    /// # Errors
    /// When the stored keys are of no use, or cannot be read or made.
    pub async fn open(maker: KeyMaker) -> Result<Self, SigningKeysError> {
        maker.make_what_is_missing().await?;
        let set = KeySet::new(&maker.published().await?, &maker.keys, None)?;
        let opened = Self(Arc::new(Inner { maker, current: RwLock::new(Arc::new(set)) }));
        tokio::spawn(keep_fresh(Arc::downgrade(&opened.0)));
        Ok(opened)
    }

    /// The public keys, RFC 7517 §5: the active one, its successor, and retired ones whose tokens may still live.
    #[must_use]
    pub fn jwks(&self) -> Arc<Value> {
        self.0.current().jwks.clone()
    }

    /// A JWT (`typ` JWT, RS256) with these claims. Takes a third of a millisecond.
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn sign_jwt(&self, claims: &Value) -> Result<String, SignFailed> {
        self.sign("JWT", claims)
    }

    /// The same with another `typ`, for example `at+jwt` (RFC 9068 §2.1).
    ///
    /// # Errors
    /// When the key does not sign.
    pub fn sign(&self, typ: &str, claims: &Value) -> Result<String, SignFailed> {
        self.0.current().active.sign(typ, claims)
    }

    /// The claims of a JWT of this `typ` that one of the published keys has signed. The algorithm is the key's, whatever the header
    /// says, and keys are looked up among ours only. Of the claims nothing is checked.
    #[must_use]
    pub fn verified<C: DeserializeOwned + Clone>(&self, typ: &str, jwt: &str) -> Option<C> {
        let header = decode_header(jwt).ok()?;
        let given = header.typ.as_deref()?.to_ascii_lowercase();
        // RFC 7515 §4.1.9: the media type with or without its first part.
        if given.strip_prefix("application/").unwrap_or(&given) != typ {
            return None;
        }
        let keys: JwkSet = serde_json::from_value((*self.jwks()).clone()).ok()?;
        let key = DecodingKey::from_jwk(keys.find(header.kid.as_deref()?)?).ok()?;
        let mut signature = Validation::new(Algorithm::RS256);
        signature.required_spec_claims.clear();
        (signature.validate_exp, signature.validate_aud) = (false, false);
        decode::<C>(jwt, &key, &signature).ok().map(|token| token.claims)
    }

    /// The `sid` of an ID token that this server issued, to this client if one is named; however old it is (OpenID Connect
    /// RP-Initiated Logout §2 takes expired ones).
    #[must_use]
    pub fn session_of(&self, id_token: &str, issuer: &str, client: Option<&str>) -> Option<String> {
        let keys: JwkSet = serde_json::from_value((*self.jwks()).clone()).ok()?;
        let key = keys.find(decode_header(id_token).ok()?.kid.as_deref()?)?;
        let mut expected = Validation::new(Algorithm::RS256);
        expected.set_issuer(&[issuer]);
        expected.set_required_spec_claims(&["iss", "sub", "aud"]);
        expected.validate_exp = false;
        expected.validate_aud = client.is_some();
        if let Some(client) = client {
            expected.set_audience(&[client]);
        }
        let claims = decode::<Value>(id_token, &DecodingKey::from_jwk(key).ok()?, &expected).ok()?.claims;
        claims.get("sid")?.as_str().map(str::to_owned)
    }

    /// Lets the successor sign, retires the active key, which stays published for `longest` (the longest life of a token), and
    /// makes a new successor.
    ///
    /// # Errors
    /// `Refused(TooYoung)` when the successor has not been published for [`super::LEAD`].
    pub async fn rotate(&self, longest: Seconds, context: &Context) -> Result<(), SigningKeysError> {
        self.0.maker.rotate(longest, context).await?;
        self.0.refresh().await
    }

    /// The same, when the active key has signed for `every` and its successor is old enough. Of several nodes that find it due, one
    /// does it.
    ///
    /// # Errors
    /// Nothing was rotated then.
    pub async fn rotate_when_due(&self, every: Seconds, longest: Seconds) -> Result<(), SigningKeysError> {
        if self.0.maker.rotate_when_due(every, longest).await? { self.0.refresh().await } else { Ok(()) }
    }

    /// Reads the keys again, as every node does once a minute.
    ///
    /// # Errors
    /// The keys held so far stay in use then.
    pub async fn refresh(&self) -> Result<(), SigningKeysError> {
        self.0.refresh().await
    }
}

impl Inner {
    fn current(&self) -> Arc<KeySet> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn refresh(&self) -> Result<(), SigningKeysError> {
        let set = KeySet::new(&self.maker.published().await?, &self.maker.keys, Some(&self.current()))?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
        Ok(())
    }
}

/// Ends when nobody holds the keys any more. A failure leaves the old keys in use: their public halves are still valid.
async fn keep_fresh(keys: Weak<Inner>) {
    loop {
        tokio::time::sleep(REFRESHED_EVERY).await;
        let Some(keys) = keys.upgrade() else { return };
        if let Err(error) = keys.refresh().await {
            tracing::warn!(%error, "signing keys were not refreshed");
        }
    }
}
