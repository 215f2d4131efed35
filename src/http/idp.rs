//! What every handler can reach.

use crate::{
    clock::Clock,
    config::Config,
    database::Database,
    directory::{Tools, api_keys::ApiKeyUses, passwords::Passwords},
    entropy::{Entropy, new_id},
    event_store::{Actor, Context, EventStore, Standings},
    keys::{Keys, SigningKeys},
    tokens::{TokenCodec, refusals::RefusalCounter},
};
use aggregates::{
    ids::UserId,
    values::{Sealed, Timestamp},
};
use std::{net::IpAddr, ops::Deref, sync::Arc};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{address::CallerIp, metrics::Metrics, refused_calls::CallCounter, request_id::RequestId};
use projections::standing::{NamedClient, Standing};

/// The running identity provider; cheap to clone.
#[derive(Clone)]
pub struct Idp(Arc<Parts>);

/// Its parts.
pub struct Parts {
    /// The settings.
    pub config: Config,
    /// The database.
    pub database: Database,
    /// The event store.
    pub store: EventStore,
    /// How things stand.
    pub standings: Standings,
    /// Sealing of personal data and short-lived state.
    pub keys: Keys,
    /// Codes, access, refresh and session tokens.
    pub tokens: TokenCodec,
    /// The keys that sign `id_token`s.
    pub signing: SigningKeys,
    /// The password check.
    pub passwords: Passwords,
    /// The check of client secrets that people made up: apart, so that clients cannot keep people from signing in.
    pub client_secrets: Passwords,
    /// Refusals that wait to be recorded together.
    pub refusals: RefusalCounter,
    /// The same of calls by real credentials.
    pub refused_calls: CallCounter,
    /// Uses of API keys that wait to be written down together.
    pub api_key_uses: ApiKeyUses,
    /// Whose turn it is to ask about the past: one at a time, as each question replays the directory.
    pub past: Semaphore,
    /// What is thrown away.
    pub metrics: Metrics,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

impl Deref for Idp {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl From<Parts> for Idp {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Idp {
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A fresh id.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        new_id(self.clock.as_ref(), self.entropy.as_ref())
    }

    /// The issuer identifier (RFC 8414 §2), without a trailing slash.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.config.issuer.as_str().trim_end_matches('/')
    }

    /// The absolute URL of a rooted path.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        self.config.url(path)
    }

    /// Whether browsers reach us over TLS: decides `Secure` cookies and HSTS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.issuer().starts_with("https:")
    }

    /// What changing the directory needs.
    #[must_use]
    pub fn tools(&self) -> Tools {
        Tools {
            keys: self.keys.clone(),
            passwords: self.passwords.clone(),
            clock: Arc::clone(&self.clock),
            entropy: Arc::clone(&self.entropy),
        }
    }

    /// Seals an address under its user's key, or under nobody's. Empty when the key was destroyed: better no address than a clear one.
    #[must_use]
    pub fn seal_address(&self, user: Option<UserId>, wrapped_key: Option<&[u8]>, address: IpAddr) -> Sealed {
        let subject = user.map_or(Uuid::nil(), UserId::uuid);
        wrapped_key
            .and_then(|key| self.keys.seal(subject, key, "address", &address.to_string()).ok())
            .unwrap_or_default()
    }

    /// What is recorded beside each event of a request about somebody's grant or session.
    #[must_use]
    pub fn context_of(&self, request: &RequestId, standing: &Standing, caller: CallerIp) -> Context {
        let user = standing.user.as_ref().map(|user| user.id);
        let address = self.seal_address(user, standing.personal_key.as_deref(), caller.0);
        self.context(request, user.map_or(Actor::Anonymous, Actor::User), address)
    }

    /// A client as a request names it.
    #[must_use]
    pub fn named<'a>(&'a self, text: &'a str) -> NamedClient<'a> {
        NamedClient { text, domain: self.config.domain_name() }
    }

    /// What is recorded beside each event of a request.
    #[must_use]
    pub fn context(&self, request: &RequestId, actor: Actor, caller_ip: Sealed) -> Context {
        Context { actor, caller_ip: Some(caller_ip), request_id: request.to_string(), causation: None, reason: None }
    }
}
