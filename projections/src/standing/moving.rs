//! What changes with traffic, for many subjects in one statement: grants' streams and sessions.

use super::StreamRow;
use crate::sessions::SessionRow;
use aggregates::{
    DEFINITIONS,
    ids::{GrantId, SessionId, UserId},
    values::{Sealed, Timestamp},
};
use serde::{
    Deserialize,
    de::{IntoDeserializer, value::Error as Unknown},
};
use sqlx::{
    PgConnection, Row,
    postgres::PgRow,
    types::{Json, Uuid},
};
use std::sync::LazyLock;

/// Whose: a grant brings its own session, unless one is named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Moving {
    /// The grant.
    pub grant: Option<GrantId>,
    /// The session.
    pub session: Option<SessionId>,
}

/// What was read of one of them.
#[derive(Debug, Clone, Default)]
pub struct Moved {
    /// The grant's stored events in order.
    pub stream: Vec<StreamRow>,
    /// The session, over or not.
    pub session: Option<SessionRow>,
    /// The state of all definitions: the same for all that were read together.
    pub as_of: AsOf,
}

/// Names a state of all definitions as the read models show them; a later state is greater. They are appended one transaction at
/// a time, so the last position names what was said, and it is shown otherwise only after a rebuild.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct AsOf {
    /// The last position of the log of definitions.
    pub definitions: i64,
    /// How often a read model was rebuilt.
    pub rebuilds: i64,
}

impl AsOf {
    pub(super) fn read(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self { definitions: row.try_get("definitions")?, rebuilds: row.try_get("rebuilds")? })
    }
}

/// The columns of [`AsOf`].
pub(super) static AS_OF: LazyLock<String> = LazyLock::new(|| {
    let types = DEFINITIONS.join("', '");
    format!(
        "COALESCE((SELECT position FROM events WHERE aggregate_type IN ('{types}') ORDER BY position DESC LIMIT 1), 0)
            AS definitions,
        (SELECT COALESCE(sum(rebuilds), 0) FROM cursors) AS rebuilds"
    )
});

/// `$1` grants, `$2` sessions. `OFFSET 0` keeps the planner from turning one probe per stream into a scan.
const SQL: &str = "
SELECT asked.nth, stream.*, session.*, ended.ended_at AS above_ended_at, ended.end_reason AS above_end_reason
FROM unnest($1::text[], $2::uuid[]) WITH ORDINALITY AS asked (stream_of, session_of, nth)
CROSS JOIN LATERAL (
    SELECT array_agg(e.sequence) AS sequences, array_agg(e.event_type) AS types, array_agg(e.event_version) AS versions,
        array_agg(e.payload) AS payloads,
        max(e.payload #>> '{authorized,session}') FILTER (WHERE e.sequence = 1) AS session_id
    FROM (
        SELECT * FROM events WHERE aggregate_type = 'grant' AND aggregate_id = asked.stream_of OFFSET 0
    ) AS e
) AS stream
LEFT JOIN LATERAL (
    SELECT * FROM sessions WHERE id = COALESCE(asked.session_of, stream.session_id::uuid) OFFSET 0
) AS session ON true
LEFT JOIN LATERAL (
    SELECT a.ended_at, a.end_reason
    FROM jsonb_array_elements_text(session.ancestors) AS ancestor JOIN sessions AS a ON a.id = ancestor::uuid
    WHERE session.ancestors <> '[]' AND session.ended_at IS NULL AND a.ended_at IS NOT NULL
    ORDER BY a.ended_at LIMIT 1
) AS ended ON true";

static STATEMENT: LazyLock<String> =
    LazyLock::new(|| SQL.replacen("asked.nth,", &format!("asked.nth, {},", *AS_OF), 1));

/// Reads all of them, in the order in which they were asked for, and the state of the definitions.
///
/// # Errors
/// The database's, or a row that does not have the form that this code writes.
pub async fn list_moving(c: &mut PgConnection, asked: &[Moving]) -> Result<Vec<Moved>, sqlx::Error> {
    let grants: Vec<_> = asked.iter().map(|one| one.grant.map(|grant| grant.to_string())).collect();
    let sessions: Vec<_> = asked.iter().map(|one| one.session.map(SessionId::uuid)).collect();
    let rows = sqlx::query(&STATEMENT).bind(grants).bind(sessions).fetch_all(c).await?;
    let mut moved = vec![Moved::default(); asked.len()];
    for row in &rows {
        let nth: i64 = row.try_get("nth")?;
        let place = usize::try_from(nth - 1).ok().and_then(|nth| moved.get_mut(nth));
        *place.ok_or(sqlx::Error::RowNotFound)? = read(row)?;
    }
    Ok(moved)
}

fn read(row: &PgRow) -> Result<Moved, sqlx::Error> {
    Ok(Moved { stream: stream(row)?, session: session(row)?, as_of: AsOf::read(row)? })
}

fn stream(row: &PgRow) -> Result<Vec<StreamRow>, sqlx::Error> {
    let Some(sequences) = row.try_get::<Option<Vec<i64>>, _>("sequences")? else { return Ok(Vec::new()) };
    let types: Vec<String> = row.try_get("types")?;
    let versions: Vec<String> = row.try_get("versions")?;
    let payloads: Vec<Json<_>> = row.try_get("payloads")?;
    let mut stream: Vec<_> = sequences
        .into_iter()
        .zip(types)
        .zip(versions.into_iter().zip(payloads))
        .map(|((sequence, event_type), (event_version, Json(payload)))| StreamRow {
            sequence,
            event_type,
            event_version,
            payload,
        })
        .collect();
    stream.sort_unstable_by_key(|event| event.sequence);
    Ok(stream)
}

fn session(row: &PgRow) -> Result<Option<SessionRow>, sqlx::Error> {
    let Some(id) = row.try_get::<Option<Uuid>, _>("id")? else { return Ok(None) };
    let time = |name| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(name)?.map(Timestamp::from_millis));
    let (ended_at, end_reason) = match time("ended_at")? {
        None => (time("above_ended_at")?, word(row, "above_end_reason")?),
        own => (own, word(row, "end_reason")?),
    };
    Ok(Some(SessionRow {
        id: SessionId::new(id),
        sequence: row.try_get("sequence")?,
        user_id: UserId::new(row.try_get("user_id")?),
        user_epoch: row.try_get("user_epoch")?,
        method: word(row, "method")?.ok_or(sqlx::Error::RowNotFound)?,
        authenticated_at: Timestamp::from_millis(row.try_get("authenticated_at")?),
        token: word(row, "token")?.ok_or(sqlx::Error::RowNotFound)?,
        generation: u32::try_from(row.try_get::<i64, _>("generation")?).unwrap_or(u32::MAX),
        address: Sealed::new(row.try_get("address")?),
        must_change_password: row.try_get("must_change_password")?,
        started_at: Timestamp::from_millis(row.try_get("started_at")?),
        valid_until: Timestamp::from_millis(row.try_get("valid_until")?),
        ended_at,
        end_reason,
        ancestors: row.try_get::<Json<_>, _>("ancestors")?.0,
        bounds: row.try_get::<Json<_>, _>("bounds")?.0,
    }))
}

/// A column that holds the one word of an enumeration, or a value that is written as text.
fn word<'r, T: Deserialize<'r>>(row: &'r PgRow, name: &str) -> Result<Option<T>, sqlx::Error> {
    let text: Option<&str> = row.try_get(name)?;
    let read = text.map(|text| T::deserialize(IntoDeserializer::<Unknown>::into_deserializer(text)));
    read.transpose().map_err(|error| sqlx::Error::Decode(error.into()))
}
