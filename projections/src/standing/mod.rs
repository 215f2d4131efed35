//! How things stand: everything that decides whether somebody may authorize a client, or whether a token works. It is read from
//! inline read models and the grant's own stream, so the answer is true on every instance at that moment.
//!
//! [`find`] reads all of it. [`list_moving`] reads, for many at once, what changes with traffic, and with it which state the
//! definitions are in: whoever kept what is defined as of that very state need not read it again (decision 0011).

mod find;
mod moving;

pub use find::find;
pub use moving::{AsOf, Moved, Moving, list_moving};

use crate::{rights::Rights, sessions::SessionRow};
use aggregates::{
    client::Definition,
    grant::HeldBy,
    ids::{ClientId, DomainId, FunctionId, GrantId, SessionId, UserId},
    values::{ApiKeyPrefix, Constraints, FunctionNumbers, Timestamp},
};
use ipnet::IpNet;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::net::IpAddr;

/// What to look at. A grant brings its own session or API key, and its own client unless one is named.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subject<'a> {
    /// The client that was named.
    pub client: Option<NamedClient<'a>>,
    /// The session.
    pub session: Option<SessionId>,
    /// The grant.
    pub grant: Option<GrantId>,
    /// The prefix of an API key.
    pub api_key: Option<&'a str>,
    /// Also read what claims are made of.
    pub claims: bool,
}

/// A client as a request names it.
#[derive(Debug, Clone, Copy)]
pub struct NamedClient<'a> {
    /// Its id, or its short name as it was defined, letter for letter.
    pub text: &'a str,
    /// The short name of the domain whose short names are meant.
    pub domain: &'a str,
}

/// How things stand.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// The client, deleted or not.
    pub client: Option<StandingClient>,
    /// The session, over or not.
    pub session: Option<SessionRow>,
    /// The API key, usable or not.
    pub api_key: Option<StandingApiKey>,
    /// The user of the session or the API key, active or not.
    pub user: Option<StandingUser>,
    /// The permission by which the user holds the client's required function, within what narrows the session or the API key.
    pub held_by: Option<HeldBy>,
    /// What the client may do for the user, as [`aggregates::grant::Basis::functions`].
    pub functions: FunctionNumbers,
    /// The user's wrapped data key, or nobody's when there is no user. None when it was destroyed.
    pub personal_key: Option<Vec<u8>>,
    /// The grant's stored events in order.
    pub stream: Vec<StreamRow>,
    /// What claims are made of.
    pub claims: Option<ClaimSources>,
    /// The state of all definitions, when this was read.
    pub as_of: AsOf,
}

/// One stored event of the grant.
#[derive(Debug, Clone, Deserialize)]
pub struct StreamRow {
    /// From 1.
    pub sequence: i64,
    /// For example `grant.code_redeemed`.
    pub event_type: String,
    /// For example `1`.
    pub event_version: String,
    /// The event, as text until it is known what type it is of.
    pub payload: Box<RawValue>,
}

impl Standing {
    /// The user's rights within what narrows the session or the API key.
    #[must_use]
    pub fn rights_of(&self, user: UserId) -> Rights {
        let session = self.session.iter().flat_map(|session| session.bounds.clone());
        let key = self.api_key.iter().map(|key| key.constraints.clone());
        Rights { user, bounds: session.chain(key).collect() }
    }
}

/// A client as far as it decides.
#[derive(Debug, Clone, Deserialize)]
pub struct StandingClient {
    /// Its id.
    pub id: ClientId,
    /// Its version: the sequence of its stream.
    pub version: i64,
    /// Rises when its tokens must die.
    pub epoch: i64,
    /// It was deleted.
    pub deleted: bool,
    /// Its definition.
    pub definition: Definition,
}

impl StandingClient {
    /// Whether it may be used.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        !self.deleted && !self.definition.disabled
    }
}

/// An API key as far as it decides.
#[derive(Debug, Clone, Deserialize)]
pub struct StandingApiKey {
    /// Its public part: `1ab/2c`.
    pub prefix: ApiKeyPrefix,
    /// SHA-256 of its secret, hexadecimal.
    pub secret_hash: String,
    /// From where it may be used; empty: from anywhere.
    pub sources: Vec<IpNet>,
    /// What narrows it.
    pub constraints: Constraints,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// It was revoked.
    pub revoked: bool,
}

impl StandingApiKey {
    /// Whether it is neither revoked nor past its time. Its user and its sources are for the caller to look at.
    #[must_use]
    pub fn alive_at(&self, now: Timestamp) -> bool {
        !self.revoked && now < self.expires_at
    }

    /// Whether it may be used from this address.
    #[must_use]
    pub fn admits(&self, address: IpAddr) -> bool {
        self.sources.is_empty() || self.sources.iter().any(|source| source.contains(&address))
    }
}

/// A user as far as it decides, and as claims say it.
#[derive(Debug, Clone, Deserialize)]
pub struct StandingUser {
    /// The `sub` claim.
    pub id: UserId,
    /// The user's domain.
    pub domain_id: DomainId,
    /// The name to sign in with; none once erased.
    pub user_name: Option<String>,
    /// The name to call the person by.
    pub name: Option<String>,
    /// The address for mail.
    pub email: Option<String>,
    /// The person proved that it is theirs.
    pub email_verified: bool,
    /// The telephone number.
    pub phone: Option<String>,
    /// Neither blocked nor deleted.
    pub active: bool,
    /// Rises when the user's sessions and tokens must die.
    pub epoch: i64,
}

/// What claims are made of, already narrowed to the client's customer.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ClaimSources {
    /// Short names of the user's groups, sorted.
    pub groups: Vec<String>,
    /// The user's customer, or the client's where the user's lies outside of it.
    pub customer: Option<NamedCustomer>,
    /// Those functions of the client's custom claims that the user holds.
    pub functions: Vec<FunctionId>,
}

/// A customer as the `customer` scope shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct NamedCustomer {
    /// `customer_id`.
    pub number: i64,
    /// `domain_id`.
    pub domain_number: i64,
    /// `customer_shortname`.
    pub short_name: String,
    /// `customer_name`.
    pub name: String,
}
