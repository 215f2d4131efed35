//! A grant's life: how it began, what came of it, and what ended it. All of it is in the trail; what ends by itself is told from
//! the time.

use super::{
    Asked, AuditEntry, AuditRow, Page, Visible,
    row::SELECT,
    show::{explained, find_all},
};
use aggregates::{ids::GrantId, values::Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, QueryBuilder, types::Json};
use std::collections::HashMap;
use utoipa::ToSchema;

/// A grant, from its beginning to its end.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantRow {
    /// The grant.
    #[schema(value_type = String)]
    pub id: GrantId,
    /// The entry with which it began: an authorization, or a script's token.
    pub opening: AuditRow,
    /// How many times tokens were issued.
    pub issues: i64,
    /// When that was the last time.
    #[schema(value_type = Option<i64>)]
    pub last_issued_at: Option<Timestamp>,
    /// Until when something of it can be used, unless it is ended earlier.
    #[schema(value_type = i64)]
    pub valid_until: Timestamp,
    /// What ended it; none while it lives.
    pub end: Option<GrantEnd>,
}

/// What ended a grant.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantEnd {
    /// When.
    #[schema(value_type = i64)]
    pub at: Timestamp,
    /// What: the action of an entry, such as `token.revoked`, `session.ended`, `user.blocked` or `client.disabled`; or `expired`.
    pub action: String,
    /// Why: that entry's reason, such as `refresh_reused`, `by_administrator` or `signed_out`; of `expired`, whose time was up:
    /// `code`, `tokens`, `session` or `api_key`.
    pub reason: Option<String>,
    /// That entry, where the viewer may see it.
    pub entry: Option<AuditEntry>,
}

/// A grant with all that is on record of it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GrantLife {
    /// The grant.
    #[serde(flatten)]
    pub grant: GrantRow,
    /// A page of its entries in log order, refused uses among them.
    pub entries: Vec<AuditEntry>,
}

/// Entries with which grants begin.
const OPENING: &str = " AND a.action IN ('authorization.granted', 'token.issued_to_script')";

/// `$1` positions of openings. A grant ends with the first of: its own revocation; the end of its session, or of one that that was
/// narrowed from; whatever raises the epoch of its user or client; the revocation of its API key.
const COURSE: &str = "
SELECT o.position, jsonb_build_object('issues', issued.times, 'last_issued_at', issued.last, 'code', o.valid_until,
    'tokens', issued.valid_until, 'session', signed_in.valid_until, 'api_key', k.expires_at, 'end', to_jsonb(ended))
FROM audit o
LEFT JOIN sessions s ON s.id = o.session_id
LEFT JOIN api_keys k ON k.prefix = o.api_key
CROSS JOIN LATERAL (
    SELECT count(*) AS times, max(e.at) AS last, max(e.valid_until) AS valid_until FROM audit e
    WHERE e.grant_id = o.grant_id AND e.action IN ('token.issued', 'token.refreshed', 'token.issued_to_script')
) issued
LEFT JOIN LATERAL (
    SELECT e.valid_until FROM audit e WHERE e.session_id = o.session_id AND e.action IN ('sign_in.succeeded', 'sign_in.repeated')
    ORDER BY e.position DESC LIMIT 1
) signed_in ON true
LEFT JOIN LATERAL (
    SELECT e.position, e.at, e.action FROM (
        (SELECT * FROM audit WHERE grant_id = o.grant_id AND action = 'token.revoked' ORDER BY position LIMIT 1)
        UNION ALL
        (SELECT e.* FROM (
            SELECT o.session_id AS id UNION ALL SELECT ancestor::uuid FROM jsonb_array_elements_text(s.ancestors) ancestor
         ) w CROSS JOIN LATERAL (
            SELECT * FROM audit WHERE session_id = w.id AND action = 'session.ended' AND position > o.position
            ORDER BY position LIMIT 1
         ) e ORDER BY e.position LIMIT 1)
        UNION ALL
        (SELECT * FROM audit WHERE user_id = o.user_id AND position > o.position
            AND action IN ('user.password_set', 'user.blocked', 'user.sessions_ended', 'user.deleted', 'user.api_key_revoked')
            AND (action <> 'user.api_key_revoked' OR api_key = o.api_key)
         ORDER BY position LIMIT 1)
        UNION ALL
        (SELECT * FROM audit WHERE client_id = o.client_id AND position > o.position
            AND action IN ('client.authentication_changed', 'client.disabled', 'client.deleted')
         ORDER BY position LIMIT 1)
    ) e ORDER BY e.position LIMIT 1
) ended ON true
WHERE o.position = ANY($1)";

#[derive(Deserialize)]
struct Course {
    issues: i64,
    last_issued_at: Option<Timestamp>,
    code: Option<Timestamp>,
    tokens: Option<Timestamp>,
    session: Option<Timestamp>,
    api_key: Option<Timestamp>,
    end: Option<EndedBy>,
}

#[derive(Deserialize)]
struct EndedBy {
    position: i64,
    at: Timestamp,
    action: String,
}

impl Course {
    /// When it ends by itself, and whose time is up then.
    fn expiry(&self) -> (Timestamp, &'static str) {
        let own = self.tokens.map(|at| (at, "tokens")).or(self.code.map(|at| (at, "code")));
        let around = [self.session.map(|at| (at, "session")), self.api_key.map(|at| (at, "api_key"))];
        own.into_iter().chain(around.into_iter().flatten()).min().unwrap_or_default()
    }
}

/// A page of the grants that began with an entry that is asked for, as they stand at `now`; in log order of their beginnings.
///
/// # Errors
/// The database's.
pub async fn list_grants(
    c: &mut PgConnection,
    asked: &Asked,
    page: Page,
    now: Timestamp,
) -> Result<Vec<GrantRow>, sqlx::Error> {
    let openings = asked.page_of(&mut *c, page, OPENING).await?;
    grants(c, openings, asked.visible(), now).await
}

/// A grant that began with an entry that the viewer may see, as it stands at `now`, with a page of its entries.
///
/// # Errors
/// The database's.
pub async fn find_grant(
    c: &mut PgConnection,
    (id, page): (GrantId, Page),
    visible: &Visible,
    now: Timestamp,
) -> Result<Option<GrantLife>, sqlx::Error> {
    let one = Page { after: 0, limit: 1 };
    let opening = entries(&mut *c, (id, one, OPENING), visible).await?;
    let Some(grant) = grants(&mut *c, opening, visible, now).await?.into_iter().next() else { return Ok(None) };
    let rows = entries(&mut *c, (id, page, ""), visible).await?;
    Ok(Some(GrantLife { grant, entries: explained(c, rows).await? }))
}

async fn entries(
    c: &mut PgConnection,
    (id, page, condition): (GrantId, Page, &str),
    visible: &Visible,
) -> Result<Vec<AuditRow>, sqlx::Error> {
    let mut sql = QueryBuilder::new(SELECT);
    sql.push(" WHERE a.grant_id = ").push_bind(id.uuid()).push(" AND a.position > ").push_bind(page.after);
    sql.push(condition);
    visible.narrow(&mut sql);
    sql.push(" ORDER BY a.position LIMIT ").push_bind(page.limit);
    let rows: Vec<Json<AuditRow>> = sql.build_query_scalar().fetch_all(c).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

async fn grants(
    c: &mut PgConnection,
    openings: Vec<AuditRow>,
    visible: &Visible,
    now: Timestamp,
) -> Result<Vec<GrantRow>, sqlx::Error> {
    let positions: Vec<i64> = openings.iter().map(|row| row.position).collect();
    let courses: Vec<(i64, Json<Course>)> = sqlx::query_as(COURSE).bind(positions).fetch_all(&mut *c).await?;
    let ends: Vec<i64> = courses.iter().filter_map(|(_, Json(course))| Some(course.end.as_ref()?.position)).collect();
    let ends = find_all(c, &ends, visible).await?.into_iter().map(|entry| (entry.row.position, entry)).collect();
    let mut courses: HashMap<i64, Course> = courses.into_iter().map(|(at, Json(course))| (at, course)).collect();
    let grant = |opening: AuditRow| {
        let (id, course) = (opening.grant_id?, courses.remove(&opening.position)?);
        let valid_until = course.expiry().0;
        let end = ended(&course, &ends, now);
        let Course { issues, last_issued_at, .. } = course;
        Some(GrantRow { id, opening, issues, last_issued_at, valid_until, end })
    };
    Ok(openings.into_iter().filter_map(grant).collect())
}

/// What came first, by the clock that decided.
fn ended(course: &Course, ends: &HashMap<i64, AuditEntry>, now: Timestamp) -> Option<GrantEnd> {
    let (expiry, whose) = course.expiry();
    match &course.end {
        Some(end) if end.at < expiry => {
            let entry = ends.get(&end.position).cloned();
            let reason = entry.as_ref().and_then(|entry| entry.row.reason.clone());
            Some(GrantEnd { at: end.at, action: end.action.clone(), reason, entry })
        }
        _ if expiry <= now => {
            Some(GrantEnd { at: expiry, action: "expired".to_owned(), reason: Some(whose.to_owned()), entry: None })
        }
        _ => None,
    }
}
