//! Everything about one subject in one statement.

use super::{
    Standing, Subject,
    moving::{AS_OF, AsOf},
};
use aggregates::{
    grant::HeldBy,
    ids::{ClientId, CustomerId, FunctionId, SessionId},
};
use serde::Deserialize;
use sqlx::{PgConnection, Row, types::Json};
use std::sync::LazyLock;

#[derive(Deserialize)]
struct HeldRow {
    subject_id: aggregates::ids::SubjectId,
    function_id: FunctionId,
    customer_id: CustomerId,
}

/// $1 client id, $2 client short name, $3 session, $4 grant, $5 whether claims are wanted, $6 domain of the short name, $7 API key.
const SQL: &str = r"
WITH stream AS MATERIALIZED (
    SELECT sequence, event_type, event_version, payload FROM events
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
    (SELECT array_agg(f.number) FROM client CROSS JOIN person CROSS JOIN narrowed CROSS JOIN LATERAL functions_held(
        person.id, narrowed.bounds, client.permission_scope_id, client.customer_id, client.domain_id) h
        JOIN functions f ON f.id = h.function_id) AS functions,
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

static STATEMENT: LazyLock<String> = LazyLock::new(|| format!("{SQL}, {}", *AS_OF));

/// Reads how things stand. One statement.
///
/// # Errors
/// The database's, or a row that does not have the form that this code writes.
pub async fn find(c: &mut PgConnection, subject: Subject<'_>) -> Result<Standing, sqlx::Error> {
    let client_id = subject.client.and_then(|client| client.text.parse::<ClientId>().ok()).map(ClientId::uuid);
    let row = sqlx::query(&STATEMENT)
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
        functions: row.try_get::<Option<Vec<i64>>, _>("functions")?.into_iter().flatten().collect(),
        personal_key: row.try_get("personal_key")?,
        stream: row.try_get::<Option<Json<_>>, _>("stream")?.map(|json| json.0).unwrap_or_default(),
        claims: row.try_get::<Option<Json<_>>, _>("claims")?.map(|json| json.0),
        as_of: AsOf::read(&row)?,
    })
}
