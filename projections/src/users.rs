//! Users, inline and in clear. The profile of an event is opened with its subject's key; when that was destroyed the person is
//! erased and the row says nothing.

use crate::{Mode, ProjectionError, ReadModel, Recorded, Unseal, api_keys, personal_keys};
use aggregates::{
    ids::{CustomerId, DomainId, UserId},
    user::{NewApiKey, UserEvent},
    values::{Profile, Sealed, Timestamp, UserName},
};
use sqlx::{
    FromRow, PgConnection, Postgres, Row,
    postgres::{PgArguments, PgRow},
    query::Query,
};
use uuid::Uuid;

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "users",
    version: 1,
    ddl: include_str!("../../migrations/0007_users.sql"),
    tables: &["users", "api_keys"],
    feeds: &["user"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, unseal| {
        Box::pin(async move {
            for event in events {
                apply(c, event, unseal).await?;
            }
            Ok(())
        })
    },
};

/// One user. `Debug` is left out: this is personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The user's id: the `sub` claim.
    pub id: UserId,
    /// The integer id.
    pub number: i64,
    /// The domain.
    pub domain: DomainId,
    /// The customer that the user belongs to.
    pub customer: CustomerId,
    /// The name to sign in with; none once erased.
    pub user_name: Option<String>,
    /// The name to show.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the address was shown to be the user's.
    pub email_verified: bool,
    /// The telephone number.
    pub phone: Option<String>,
    /// Who the person is, in words.
    pub description: String,
    /// Whether no person stands behind the account.
    pub daemon: bool,
    /// `active`, `blocked` or `deleted`.
    pub status: String,
    /// What was decided at an older one is void.
    pub epoch: i32,
    /// The argon2id PHC string; none: no password.
    pub password_hash: Option<String>,
    /// Whether the password must be changed at the next sign-in.
    pub must_change_password: bool,
    /// When the user began.
    pub created_at: Timestamp,
}

impl FromRow<'_, PgRow> for UserRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: UserId::new(row.try_get("id")?),
            number: row.try_get("number")?,
            domain: DomainId::new(row.try_get("domain_id")?),
            customer: CustomerId::new(row.try_get("customer_id")?),
            user_name: row.try_get("user_name")?,
            name: row.try_get("name")?,
            email: row.try_get("email")?,
            email_verified: row.try_get("email_verified")?,
            phone: row.try_get("phone")?,
            description: row.try_get("description")?,
            daemon: row.try_get("daemon")?,
            status: row.try_get("status")?,
            epoch: row.try_get("epoch")?,
            password_hash: row.try_get("password_hash")?,
            must_change_password: row.try_get("must_change_password")?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
        })
    }
}

async fn apply(c: &mut PgConnection, event: &Recorded, unseal: &dyn Unseal) -> Result<(), ProjectionError> {
    let id = event.id::<UserId>()?.uuid();
    let query = match event.decode()? {
        UserEvent::Created { number, domain, customer, profile } => {
            let profile = open(c, id, &profile, unseal).await?;
            created(event, id, &profile).bind(number).bind(domain.uuid()).bind(customer.uuid())
        }
        UserEvent::ProfileChanged { profile, email_changed } => {
            let profile = open(c, id, &profile, unseal).await?;
            profile_changed(event, id, &profile).bind(email_changed)
        }
        UserEvent::ApiKeyIssued { prefix, secret_hash, sources, description, constraints, expires_at } => {
            let key = NewApiKey { prefix, secret_hash, sources, description, constraints, expires_at };
            api_keys::issued(id, event, key)
        }
        UserEvent::ApiKeyRenewed { prefix, expires_at } => api_keys::renewed(id, event, prefix, expires_at),
        UserEvent::ApiKeyRevoked { prefix } => api_keys::revoked(id, event, prefix),
        UserEvent::PermissionGranted { .. } | UserEvent::PermissionRevoked { .. } => return Ok(()),
        other => status_changed(event, id, other),
    };
    query.execute(c).await?;
    Ok(())
}

/// The profile in clear; `None` when the subject's key was destroyed.
async fn open(
    c: &mut PgConnection,
    user: Uuid,
    sealed: &Sealed,
    unseal: &dyn Unseal,
) -> Result<Option<Profile>, sqlx::Error> {
    let key = personal_keys::find_by_subject(c, user).await?;
    let clear = key.and_then(|key| unseal.open(&key, sealed));
    Ok(clear.and_then(|json| serde_json::from_str(&json).ok()))
}

type Statement = Query<'static, Postgres, PgArguments>;

/// `UPDATE users SET …` of a change, which has `$1` the id, `$2` the sequence, `$3` when and `$4` by whom.
macro_rules! update {
    ($set:literal) => {
        concat!(
            "UPDATE users SET sequence = $2, updated_at = $3, updated_by = $4",
            $set,
            " WHERE id = $1 AND sequence < $2"
        )
    };
}

/// A statement with `$1` to `$4` as in a change.
fn statement(sql: &'static str, event: &Recorded, id: Uuid) -> Statement {
    sqlx::query(sql).bind(id).bind(event.sequence).bind(event.at().millis()).bind(event.actor().to_owned())
}

/// The same with `$5` to `$9` the profile.
fn with_profile(sql: &'static str, event: &Recorded, id: Uuid, profile: Option<&Profile>) -> Statement {
    let text = |value: fn(&Profile) -> Option<String>| profile.and_then(value);
    statement(sql, event, id)
        .bind(text(|profile| Some(profile.user_name.to_string())))
        .bind(text(|profile| Some(profile.name.to_string())))
        .bind(text(|profile| profile.email.as_ref().map(ToString::to_string)))
        .bind(text(|profile| profile.phone.as_ref().map(ToString::to_string)))
        .bind(text(|profile| Some(profile.description.to_string())).unwrap_or_default())
}

fn created(event: &Recorded, id: Uuid, profile: &Option<Profile>) -> Statement {
    with_profile(
        "INSERT INTO users (id, sequence, created_at, created_by, user_name, name, email, phone, description, number, domain_id,
            customer_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING",
        event,
        id,
        profile.as_ref(),
    )
}

fn profile_changed(event: &Recorded, id: Uuid, profile: &Option<Profile>) -> Statement {
    let sql = update!(
        ", user_name = $5, name = $6, email = $7, phone = $8, description = $9, email_verified = email_verified AND NOT $10"
    );
    with_profile(sql, event, id, profile.as_ref())
}

fn status_changed(event: &Recorded, id: Uuid, change: UserEvent) -> Statement {
    let changed = |sql: &'static str| statement(sql, event, id);
    match change {
        UserEvent::PasswordSet { hash, must_change } => {
            changed(update!(", epoch = epoch + 1, password_hash = $5, must_change_password = $6"))
                .bind(hash.as_str().to_owned())
                .bind(must_change)
        }
        UserEvent::Blocked {} => changed(update!(", epoch = epoch + 1, status = 'blocked'")),
        UserEvent::SessionsEnded {} => changed(update!(", epoch = epoch + 1")),
        UserEvent::Deleted {} => changed(concat!(
            "WITH u AS (",
            update!(", epoch = epoch + 1, status = 'deleted', password_hash = NULL, deleted_at = $3, deleted_by = $4"),
            " RETURNING id) UPDATE api_keys k SET revoked = true FROM u WHERE k.user_id = u.id"
        )),
        UserEvent::Erased {} => changed(concat!(
            "WITH u AS (",
            update!(
                ", user_name = NULL, name = NULL, email = NULL, phone = NULL, description = '', email_verified = false"
            ),
            " RETURNING id) DELETE FROM api_keys k USING u WHERE k.user_id = u.id"
        )),
        UserEvent::EmailVerified {} => changed(update!(", email_verified = true")),
        UserEvent::Moved { customer } => changed(update!(", customer_id = $5")).bind(customer.uuid()),
        UserEvent::DaemonMarked { daemon } => changed(update!(", daemon = $5")).bind(daemon),
        UserEvent::PictureChanged {} => changed(update!("")),
        _ => changed(update!(", status = 'active', deleted_at = NULL, deleted_by = NULL")),
    }
}

/// The user with this id, also when deleted.
pub async fn find_by_id(c: &mut PgConnection, id: UserId) -> Result<Option<UserRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM users WHERE id = $1").bind(id.uuid()).fetch_optional(c).await
}

/// The user with this integer id, also when deleted.
pub async fn find_by_number(c: &mut PgConnection, number: i64) -> Result<Option<UserRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM users WHERE number = $1").bind(number).fetch_optional(c).await
}

/// The user of a domain with this user name, unless deleted.
pub async fn find_by_user_name(
    c: &mut PgConnection,
    domain: DomainId,
    user_name: &UserName,
) -> Result<Option<UserRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM users WHERE domain_id = $1 AND user_name = $2 AND status <> 'deleted'")
        .bind(domain.uuid())
        .bind(user_name.as_str())
        .fetch_optional(c)
        .await
}

/// The users of a domain, except deleted ones, in the order of numbers.
pub async fn list(c: &mut PgConnection, domain: DomainId) -> Result<Vec<UserRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM users WHERE domain_id = $1 AND status <> 'deleted' ORDER BY number")
        .bind(domain.uuid())
        .fetch_all(c)
        .await
}
