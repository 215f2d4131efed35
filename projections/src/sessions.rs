//! Sessions: who is signed in, and until when. Inline, so that ending one is seen by the next request on every instance.
//!
//! The row has two writers that must agree: [`row`] is what the batching appender writes in its own statement, from the
//! aggregate's state; [`apply`] is what a rebuild writes, from the events. The rebuild test compares them.

use crate::{Mode, ProjectionError, ReadModel, Recorded, Unseal, personal_keys};
use aggregates::{
    ids::{SessionId, UserId},
    session::{AuthenticationMethod, EndReason, Session, SessionEvent, Stage},
    values::{Constraints, Sealed, Timestamp, TokenHash},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query, types::Json};

/// The read model's line in the table of all.
pub const MODEL: ReadModel = ReadModel {
    name: "sessions",
    version: 1,
    ddl: include_str!("../../migrations/0012_sessions.sql"),
    tables: &["sessions"],
    feeds: &["session"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, unseal| Box::pin(apply(c, events, unseal)),
};

/// A row of `sessions`; times in milliseconds since the epoch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    /// The session.
    pub id: SessionId,
    /// The sequence of its latest event.
    pub sequence: i64,
    /// Who is signed in.
    pub user_id: UserId,
    /// The user's epoch that it was started under; it is over when that rises.
    pub user_epoch: i64,
    /// How the user last proved who they are.
    pub method: AuthenticationMethod,
    /// When.
    pub authenticated_at: Timestamp,
    /// SHA-256 of the session token's secret.
    pub token: TokenHash,
    /// The session token's generation.
    pub generation: u32,
    /// The address that it is bound to.
    pub address: Sealed,
    /// The user may do nothing but choose a new password.
    pub must_change_password: bool,
    /// When it started.
    pub started_at: Timestamp,
    /// When it ends by itself.
    pub valid_until: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
    /// By what.
    pub end_reason: Option<EndReason>,
    /// The sessions that it was narrowed from, the nearest first; it is over when one of them is.
    pub ancestors: Vec<SessionId>,
    /// What narrows it.
    pub bounds: Vec<Constraints>,
}

impl SessionRow {
    /// Whether it is neither ended nor past its time. Its user's epoch is for the caller to compare.
    #[must_use]
    pub fn alive_at(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.valid_until
    }
}

/// The row of a session in this state, as JSON with the table's column names; none for a refused sign-in.
#[must_use]
pub fn row(id: SessionId, sequence: i64, session: &Session) -> Option<Value> {
    let (ended_at, end_reason) = match session.stage {
        Stage::NotStarted | Stage::Refused => return None,
        Stage::Alive => (None, None),
        Stage::Ended(reason, at) => (Some(at), Some(reason)),
    };
    let row = SessionRow {
        id,
        sequence,
        user_id: session.user,
        user_epoch: session.user_epoch,
        method: session.method,
        authenticated_at: session.authenticated_at,
        token: session.token.clone()?,
        generation: session.generation,
        address: session.address.clone(),
        must_change_password: session.must_change_password,
        started_at: session.started_at,
        valid_until: session.valid_until,
        ended_at,
        end_reason,
        ancestors: session.ancestors.clone(),
        bounds: session.bounds.clone(),
    };
    serde_json::to_value(row).ok()
}

async fn apply(c: &mut PgConnection, events: &[Recorded], _: &dyn Unseal) -> Result<(), ProjectionError> {
    for recorded in events {
        let id: SessionId = recorded.id()?;
        match recorded.decode::<SessionEvent>()? {
            event @ SessionEvent::Started { .. } => started(c, id, recorded.sequence, event).await?,
            SessionEvent::SignInRefused { .. } | SessionEvent::CallRefused { .. } => {}
            event => changed(event, id, recorded.sequence).execute(&mut *c).await.map(drop)?,
        }
    }
    Ok(())
}

fn changed(event: SessionEvent, id: SessionId, sequence: i64) -> Query<'static, Postgres, PgArguments> {
    let update = |sql: &'static str| sqlx::query(sql).bind(id.uuid()).bind(sequence);
    match event {
        SessionEvent::FactorVerified { method, token, at, valid_until } => update(
            "UPDATE sessions SET sequence = $2, method = $3, token = $4, generation = generation + 1, authenticated_at = $5,
                valid_until = $6
             WHERE id = $1 AND sequence < $2",
        )
        .bind(text(&method))
        .bind(text(&token))
        .bind(at.millis())
        .bind(valid_until.millis()),
        SessionEvent::Constrained { ancestors, bounds, authenticated_at } => update(
            "UPDATE sessions SET sequence = $2, ancestors = $3, bounds = $4, authenticated_at = $5
             WHERE id = $1 AND sequence < $2",
        )
        .bind(Json(ancestors))
        .bind(Json(bounds))
        .bind(authenticated_at.millis()),
        SessionEvent::Ended { reason, at } => {
            update("UPDATE sessions SET sequence = $2, ended_at = $3, end_reason = $4 WHERE id = $1 AND sequence < $2")
                .bind(at.millis())
                .bind(text(&reason))
        }
        SessionEvent::Started { .. } | SessionEvent::SignInRefused { .. } | SessionEvent::CallRefused { .. } => {
            update("UPDATE sessions SET sequence = $2 WHERE id = $1 AND sequence < $2")
        }
    }
}

async fn started(
    c: &mut PgConnection,
    id: SessionId,
    sequence: i64,
    event: SessionEvent,
) -> Result<(), ProjectionError> {
    let mut session = Session::default();
    cqrs_es::Aggregate::apply(&mut session, event);
    sqlx::query(
        "INSERT INTO sessions SELECT * FROM jsonb_populate_record(NULL::sessions, $1) ON CONFLICT (id) DO NOTHING",
    )
    .bind(row(id, sequence, &session))
    .execute(c)
    .await?;
    Ok(())
}

/// The sessions of a user that are alive at `now`, the latest first, with the user's wrapped data key, which opens their addresses.
pub async fn list_alive(
    c: &mut PgConnection,
    user: UserId,
    now: Timestamp,
) -> Result<(Vec<SessionRow>, Option<Vec<u8>>), sqlx::Error> {
    let rows: Vec<Json<SessionRow>> = sqlx::query_scalar(
        "SELECT to_jsonb(s) FROM sessions s JOIN users u ON u.id = s.user_id AND u.epoch = s.user_epoch
         WHERE s.user_id = $1 AND s.ended_at IS NULL AND s.valid_until > $2 AND NOT EXISTS (
            SELECT FROM jsonb_array_elements_text(s.ancestors) ancestor JOIN sessions a ON a.id = ancestor::uuid
            WHERE a.ended_at IS NOT NULL)
         ORDER BY s.started_at DESC, s.id DESC",
    )
    .bind(user.uuid())
    .bind(now.millis())
    .fetch_all(&mut *c)
    .await?;
    let key = personal_keys::find_by_subject(c, user.uuid()).await?;
    Ok((rows.into_iter().map(|Json(row)| row).collect(), key))
}

/// Removes the sessions among `ids`, a query, that are over at `now`; but none that a session which is not was narrowed from.
pub async fn forget(c: &mut PgConnection, ids: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = format!(
        "DELETE FROM sessions WHERE valid_until <= $1 AND id IN ({ids}) AND id NOT IN (
            SELECT ancestor::uuid FROM sessions s CROSS JOIN jsonb_array_elements_text(s.ancestors) AS ancestor
            WHERE s.valid_until > $1)"
    );
    sqlx::query(&sql).bind(now.millis()).execute(c).await.map(drop)
}

/// The stored word of a method or reason. All of them are words; a column that is NOT NULL would refuse anything else.
fn text<T: Serialize>(value: &T) -> Option<String> {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned))
}
