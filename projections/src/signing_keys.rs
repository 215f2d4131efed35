//! The signing keys, inline: a node that starts or rotates must see what the others have done.

use crate::{Mode, ProjectionError, ReadModel, Recorded};
use aggregates::{
    ids::SigningKeyId,
    signing_key::SigningKeyEvent,
    values::{PublicJwk, SealedPrivateKey, Timestamp},
};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};
use uuid::Uuid;

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "signing_keys",
    version: 1,
    ddl: include_str!("../../migrations/0013_signing_keys.sql"),
    tables: &["signing_keys"],
    feeds: &["signing_key"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, _| {
        Box::pin(async move {
            for event in events {
                apply(c, event).await?;
            }
            Ok(())
        })
    },
};

/// One signing key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyRow {
    /// Its text is the `kid`.
    pub id: SigningKeyId,
    /// The `alg`, for example `RS256`.
    pub algorithm: String,
    /// `successor`, `active` or `retired`.
    pub status: String,
    /// What verifies.
    pub public_jwk: PublicJwk,
    /// What signs, encrypted.
    pub sealed_private: SealedPrivateKey,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when it signs.
    pub activated_at: Option<Timestamp>,
    /// Since when it signs no more.
    pub retired_at: Option<Timestamp>,
    /// Until when a retired key is published.
    pub published_until: Option<Timestamp>,
}

impl FromRow<'_, PgRow> for SigningKeyRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let time = |column| row.try_get::<Option<i64>, _>(column).map(|at| at.map(Timestamp::from_millis));
        Ok(Self {
            id: SigningKeyId::new(row.try_get("id")?),
            algorithm: row.try_get("algorithm")?,
            status: row.try_get("status")?,
            public_jwk: row.try_get::<Json<PublicJwk>, _>("public_jwk")?.0,
            sealed_private: SealedPrivateKey::new(row.try_get("sealed_private")?),
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
            activated_at: time("activated_at")?,
            retired_at: time("retired_at")?,
            published_until: time("published_until")?,
        })
    }
}

/// Every key that there ever was, oldest first.
pub async fn list(c: &mut PgConnection) -> Result<Vec<SigningKeyRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM signing_keys ORDER BY created_at, id").fetch_all(c).await
}

/// The keys whose signatures verify at `now`, oldest first: the successor, the active one, and those retired not long ago.
pub async fn list_published(c: &mut PgConnection, now: Timestamp) -> Result<Vec<SigningKeyRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT * FROM signing_keys WHERE status <> 'retired' OR published_until > $1 ORDER BY created_at, id",
    )
    .bind(now.millis())
    .fetch_all(c)
    .await
}

const GENERATED: &str = "
    INSERT INTO signing_keys (id, algorithm, status, public_jwk, sealed_private, created_at, sequence)
    VALUES ($1, $2, 'successor', $3, $4, $5, $6)
    ON CONFLICT (id) DO NOTHING";
const ACTIVATED: &str = "
    UPDATE signing_keys SET status = 'active', activated_at = $2, sequence = $3 WHERE id = $1 AND sequence < $3";
const RETIRED: &str = "
    UPDATE signing_keys SET status = 'retired', retired_at = $2, sequence = $3, published_until = $4
    WHERE id = $1 AND sequence < $3";

async fn apply(c: &mut PgConnection, recorded: &Recorded) -> Result<(), ProjectionError> {
    let id: Uuid = recorded.id::<SigningKeyId>()?.uuid();
    let query = match recorded.decode()? {
        SigningKeyEvent::Generated { algorithm, public_jwk, sealed_private, at } => sqlx::query(GENERATED)
            .bind(id)
            .bind(algorithm.name())
            .bind(Json(public_jwk))
            .bind(sealed_private.as_str().to_owned())
            .bind(at.millis())
            .bind(recorded.sequence),
        SigningKeyEvent::Activated { at } => sqlx::query(ACTIVATED).bind(id).bind(at.millis()).bind(recorded.sequence),
        SigningKeyEvent::Retired { at, published_until } => {
            sqlx::query(RETIRED).bind(id).bind(at.millis()).bind(recorded.sequence).bind(published_until.millis())
        }
    };
    query.execute(c).await?;
    Ok(())
}
