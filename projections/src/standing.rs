//! How things stand, in one statement: everything that decides whether somebody may authorize a client, or whether a token
//! works. It reads inline read models and the grant's own stream, so the answer is true on every instance at that moment.

use crate::{rights::Rights, sessions::SessionRow};
use aggregates::{
    client::Definition,
    grant::HeldBy,
    ids::{ClientId, CustomerId, DomainId, FunctionId, GrantId, SessionId, UserId},
    values::{ApiKeyPrefix, Constraints, Timestamp},
};
use ipnet::IpNet;
use serde::Deserialize;
use serde_json::Value;
use sqlx::{PgConnection, Row, types::Json};
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
    /// The user's wrapped data key, or nobody's when there is no user. None when it was destroyed.
    pub personal_key: Option<Vec<u8>>,
    /// The grant's stored events in order.
    pub stream: Vec<Value>,
    /// What claims are made of.
    pub claims: Option<ClaimSources>,
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

#[derive(Deserialize)]
struct HeldRow {
    subject_id: aggregates::ids::SubjectId,
    function_id: FunctionId,
    customer_id: CustomerId,
}

/// $1 client id, $2 client short name, $3 session, $4 grant, $5 whether claims are wanted, $6 domain of the short name, $7 API key.
const SQL: &str = r"
WITH stream AS MATERIALIZED (
    SELECT sequence, event_type, event_version, payload, metadata FROM events
    WHERE aggregate_type = 'grant' AND aggregate_id = $4
), opening AS MATERIALIZED (
    SELECT COALESCE(payload #>> '{authorized,client}', payload #>> '{issued_to_script,client}')::uuid AS client_id,
        (payload #>> '{authorized,session}')::uuid AS session_id, payload #>> '{issued_to_script,api_key}' AS api_key
    FROM stream WHERE sequence = 1
), client AS MATERIALIZED (
    SELECT * FROM clients WHERE id = CASE
        WHEN $1::uuid IS NOT NULL THEN $1
        WHEN $2::text IS NOT NULL THEN
            (SELECT k.id FROM clients k JOIN domains d ON d.id = k.domain_id AND lower(d.short_name) = lower($6)
                WHERE lower(k.short_name) = lower($2) AND k.short_name = $2 AND NOT k.deleted)
        ELSE (SELECT client_id FROM opening) END
), session AS MATERIALIZED (
    SELECT * FROM sessions WHERE id = COALESCE($3::uuid, (SELECT session_id FROM opening))
), ended AS MATERIALIZED (
    SELECT a.ended_at, a.end_reason FROM session CROSS JOIN LATERAL jsonb_array_elements_text(session.ancestors) ancestor
    JOIN sessions a ON a.id = ancestor::uuid WHERE a.ended_at IS NOT NULL ORDER BY a.ended_at LIMIT 1
), api_key AS MATERIALIZED (
    SELECT * FROM api_keys WHERE prefix = COALESCE($7::text, (SELECT api_key FROM opening))
), person AS MATERIALIZED (
    SELECT * FROM users WHERE id = COALESCE((SELECT user_id FROM session), (SELECT user_id FROM api_key))
), narrowed AS MATERIALIZED (
    SELECT COALESCE((SELECT bounds FROM session), (SELECT jsonb_build_array(constraints) FROM api_key), '[]') AS bounds
), within AS MATERIALIZED (
    SELECT w.customer_id FROM client CROSS JOIN LATERAL customers_within(client.customer_id) AS w(customer_id)
    WHERE $5 AND client.customer_id IS NOT NULL
)
SELECT
    (SELECT jsonb_build_object('id', id, 'version', sequence, 'epoch', epoch, 'deleted', deleted, 'definition', definition)
        FROM client) AS client,
    (SELECT to_jsonb(session) || COALESCE((SELECT to_jsonb(ended) FROM ended WHERE session.ended_at IS NULL), '{}') FROM session)
        AS session,
    (SELECT to_jsonb(api_key) FROM api_key) AS api_key,
    (SELECT jsonb_build_object('id', id, 'domain_id', domain_id, 'user_name', user_name, 'name', name, 'email', email,
        'email_verified', email_verified, 'phone', phone, 'active', status = 'active' AND NOT EXISTS (
            SELECT FROM customers_above(person.customer_id) a JOIN customers x ON x.id = a.customer_id WHERE x.disabled),
        'epoch', epoch) FROM person) AS person,
    (SELECT to_jsonb(h) FROM client CROSS JOIN person CROSS JOIN narrowed CROSS JOIN LATERAL
        holds(person.id, narrowed.bounds, client.required_function_id, client.customer_id, client.domain_id) h) AS held_by,
    (SELECT wrapped FROM personal_keys
        WHERE subject_id = COALESCE((SELECT id FROM person), '00000000-0000-0000-0000-000000000000')) AS personal_key,
    (SELECT jsonb_agg(to_jsonb(stream) ORDER BY sequence) FROM stream) AS stream,
    CASE WHEN $5 THEN jsonb_build_object(
        'groups', (SELECT COALESCE(jsonb_agg(g.short_name ORDER BY g.short_name), '[]') FROM person
            CROSS JOIN LATERAL subjects_of(person.id) AS s(subject_id) JOIN groups g ON g.id = s.subject_id
            WHERE (SELECT customer_id FROM client) IS NULL OR g.customer_id IN (SELECT customer_id FROM within)),
        'customer', (SELECT jsonb_build_object('number', k.number, 'domain_number', d.number, 'short_name', k.short_name, 'name', k.name)
            FROM customers k JOIN domains d ON d.id = k.domain_id WHERE k.id = (
                SELECT CASE WHEN client.customer_id IS NULL OR person.customer_id IN (SELECT customer_id FROM within)
                    THEN person.customer_id ELSE client.customer_id END FROM person LEFT JOIN client ON true)),
        'functions', (SELECT COALESCE(jsonb_agg(f.id), '[]') FROM client CROSS JOIN person CROSS JOIN narrowed
            CROSS JOIN LATERAL (SELECT (claim #>> '{from,function}')::uuid AS id
                FROM jsonb_array_elements(client.definition -> 'custom_claims') claim WHERE claim -> 'from' ? 'function') f
            WHERE EXISTS (SELECT FROM holds(person.id, narrowed.bounds, f.id, client.customer_id, client.domain_id)))
    ) END AS claims";

/// Reads how things stand. One statement.
///
/// # Errors
/// The database's, or a row that does not have the form that this code writes.
pub async fn find(c: &mut PgConnection, subject: Subject<'_>) -> Result<Standing, sqlx::Error> {
    let client_id = subject.client.and_then(|client| client.text.parse::<ClientId>().ok()).map(ClientId::uuid);
    let row = sqlx::query(SQL)
        .bind(client_id)
        .bind(subject.client.filter(|_| client_id.is_none()).map(|client| client.text))
        .bind(subject.session.map(SessionId::uuid))
        .bind(subject.grant.map(|grant| grant.to_string()))
        .bind(subject.claims)
        .bind(subject.client.map(|client| client.domain))
        .bind(subject.api_key)
        .fetch_one(c)
        .await?;
    Ok(Standing {
        client: row.try_get::<Option<Json<_>>, _>("client")?.map(|json| json.0),
        session: row.try_get::<Option<Json<_>>, _>("session")?.map(|json| json.0),
        api_key: row.try_get::<Option<Json<_>>, _>("api_key")?.map(|json| json.0),
        user: row.try_get::<Option<Json<_>>, _>("person")?.map(|json| json.0),
        held_by: row.try_get::<Option<Json<HeldRow>>, _>("held_by")?.map(|json| HeldBy {
            subject: json.subject_id,
            function: json.function_id,
            customer: json.customer_id,
        }),
        personal_key: row.try_get("personal_key")?,
        stream: row.try_get::<Option<Json<_>>, _>("stream")?.map(|json| json.0).unwrap_or_default(),
        claims: row.try_get::<Option<Json<_>>, _>("claims")?.map(|json| json.0),
    })
}
