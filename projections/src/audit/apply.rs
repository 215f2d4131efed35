//! Writing entries: one statement for a whole batch.

use super::entry::Entry;
use crate::{ProjectionError, Recorded, Unseal};
use aggregates::{ids::UserId, values::Sealed};
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

/// What the event does not say itself, the first entry of its grant or session does.
const OPENING: &str = "action IN ('authorization.granted', 'token.issued_to_script', 'sign_in.succeeded')";
/// Where a user or a group was at that time, which stands in for a missing customer, the last entry says that put it there.
const PLACING: &str = "action IN ('user.created', 'user.moved', 'group.created', 'group.moved')";

pub(super) async fn apply(
    c: &mut PgConnection,
    events: &[Recorded],
    unseal: &dyn Unseal,
) -> Result<(), ProjectionError> {
    let addresses = addresses(c, events, unseal).await?;
    let mut entries = events.iter().map(Entry::of).collect::<Result<Vec<_>, _>>()?;
    for (entry, address) in entries.iter_mut().zip(addresses) {
        (entry.ip_of, entry.ip) = address;
    }
    // A batch may hold both what says something and what relies on it.
    let (placing, entries) = split(entries, &["user.created", "user.moved", "group.created", "group.moved"]);
    let (opening, following) =
        split(entries, &["authorization.granted", "token.issued_to_script", "sign_in.succeeded"]);
    for entries in [placing, opening, following] {
        write(c, entries).await?;
    }
    forget(c, events).await
}

/// Takes the addresses out that were sealed under the keys of those who were erased, and where their API keys could be used from.
async fn forget(c: &mut PgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    let erased = events.iter().filter(|event| event.event_type == "user.erased");
    let erased = erased.map(Recorded::id::<UserId>).collect::<Result<Vec<_>, _>>()?;
    if !erased.is_empty() {
        let erased: Vec<Uuid> = erased.into_iter().map(UserId::uuid).collect();
        for sql in [
            "UPDATE audit SET ip = NULL WHERE ip IS NOT NULL AND ip_of = ANY ($1)",
            "UPDATE audit SET ip_range = NULL WHERE ip_range IS NOT NULL AND api_key IS NOT NULL AND user_id = ANY ($1)",
        ] {
            sqlx::query(sql).bind(&erased).execute(&mut *c).await?;
        }
    }
    Ok(())
}

/// Those of one of the actions, and the others.
fn split(entries: Vec<Entry>, actions: &[&str]) -> (Vec<Entry>, Vec<Entry>) {
    entries.into_iter().partition(|entry| actions.contains(&entry.action.as_str()))
}

async fn write(c: &mut PgConnection, entries: Vec<Entry>) -> Result<(), ProjectionError> {
    if entries.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "INSERT INTO audit (position, at, action, outcome, reason, missing, actor, user_id, session_id, api_key, grant_id, client_id, client_version,
            customer_id, domain_id, object_type, object_id, step, scopes_asked, scopes, functions, ip, ip_of, ip_range, required_function, required_for, held_by, method,
            authenticated_at, valid_until, count, request_id, note)
         SELECT e.position, e.at, e.action, e.outcome, e.reason, e.missing, e.actor, known.user_id,
            COALESCE(e.session_id, o.session_id), COALESCE(e.api_key, o.api_key), e.grant_id, known.client_id, COALESCE(e.client_version, o.client_version),
            COALESCE(e.customer_id, o.customer_id, p.customer_id, u.customer_id, k.customer_id,
                CASE WHEN e.object_type = 'customer' THEN e.object_id END,
                (SELECT g.customer_id FROM groups g WHERE g.id = e.object_id)),
            COALESCE(e.domain_id, u.domain_id, k.domain_id, CASE WHEN e.object_type = 'domain' THEN e.object_id END,
                (SELECT c.domain_id FROM customers c WHERE c.id = e.object_id),
                (SELECT g.domain_id FROM groups g WHERE g.id = e.object_id)),
            e.object_type, e.object_id,
            e.step, e.scopes_asked, CASE WHEN e.outcome <> 'refused' THEN COALESCE(e.scopes, o.scopes) END, e.functions, e.ip, e.ip_of, e.ip_range, COALESCE(e.required_function, o.required_function),
            CASE WHEN e.required_function IS NULL THEN o.required_for ELSE e.required_for END, e.held_by,
            COALESCE(e.method, o.method), COALESCE(e.authenticated_at, o.authenticated_at), e.valid_until, e.count, e.request_id, e.note
         FROM jsonb_populate_recordset(NULL::audit, $1) e
         LEFT JOIN LATERAL (
            (SELECT * FROM audit a WHERE a.grant_id = e.grant_id AND {OPENING} ORDER BY a.grant_id, a.position LIMIT 1)
            UNION ALL
            (SELECT * FROM audit a WHERE e.grant_id IS NULL AND a.session_id = e.session_id AND a.grant_id IS NULL AND {OPENING}
                ORDER BY a.session_id, a.position LIMIT 1)) o ON true
         CROSS JOIN LATERAL (SELECT COALESCE(e.user_id, o.user_id) AS user_id, COALESCE(e.client_id, o.client_id) AS client_id) known
         LEFT JOIN LATERAL (SELECT a.customer_id FROM audit a
            WHERE a.object_id = COALESCE(known.user_id, e.object_id) AND {PLACING} AND a.position < e.position
            ORDER BY a.position DESC LIMIT 1) p ON true
         LEFT JOIN users u ON u.id = known.user_id
         LEFT JOIN clients k ON k.id = known.client_id
         ON CONFLICT (position) DO NOTHING"
    );
    sqlx::query(&sql).bind(Json(entries)).execute(c).await?;
    Ok(())
}

/// The caller's address of each event and whose key sealed it; no address where that key was destroyed.
async fn addresses(
    c: &mut PgConnection,
    events: &[Recorded],
    unseal: &dyn Unseal,
) -> Result<Vec<(Option<Uuid>, Option<String>)>, ProjectionError> {
    let sealed: Vec<Option<Sealed>> =
        events.iter().map(|event| event.metadata.get("caller_ip").cloned().map(Sealed::new)).collect();
    let subjects: Vec<Uuid> = sealed.iter().flatten().filter_map(Sealed::subject).collect();
    let keys: HashMap<Uuid, Vec<u8>> =
        sqlx::query_as("SELECT subject_id, wrapped FROM personal_keys WHERE subject_id = ANY($1)")
            .bind(subjects)
            .fetch_all(c)
            .await?
            .into_iter()
            .collect();
    let open = |sealed: Option<Sealed>| {
        let subject = sealed.as_ref().and_then(Sealed::subject);
        let key = subject.and_then(|subject| keys.get(&subject));
        (subject, key.zip(sealed.as_ref()).and_then(|(key, sealed)| unseal.open(key, sealed)))
    };
    Ok(sealed.into_iter().map(open).collect())
}
