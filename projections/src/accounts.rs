//! Accounts, as a sign-in or an API key finds them: the user with what proves who they are. One statement each.

use crate::standing::StandingApiKey;
use aggregates::ids::{CustomerId, DomainId, UserId};
use serde::Deserialize;
use sqlx::{PgConnection, Row, postgres::PgRow, types::Json};

/// What is known of the account that a sign-in named.
#[derive(Debug, Default)]
pub struct SignInAccount {
    /// The domain that was meant.
    pub domain: Option<DomainId>,
    /// The account, when there is one.
    pub account: Option<Account>,
    /// The account's wrapped data key; nobody's when there is no account.
    pub personal_key: Option<Vec<u8>>,
}

/// An account.
#[derive(Debug, Deserialize)]
pub struct Account {
    /// The user.
    pub id: UserId,
    /// The user's domain.
    pub domain_id: DomainId,
    /// The user's customer.
    pub customer_id: CustomerId,
    /// The name to sign in with.
    pub user_name: String,
    /// Neither blocked nor deleted.
    pub active: bool,
    /// Rises when the user's sessions and tokens must die.
    pub epoch: i64,
    /// The argon2id PHC string.
    pub password_hash: Option<String>,
    /// Somebody else set the password.
    pub must_change_password: bool,
}

const ACCOUNT: &str = "jsonb_build_object('id', u.id, 'domain_id', u.domain_id, 'customer_id', u.customer_id, 'user_name', u.user_name,
    'active', u.status = 'active' AND NOT EXISTS (
        SELECT FROM customers_above(u.customer_id) a JOIN customers x ON x.id = a.customer_id WHERE x.disabled), 'epoch', u.epoch, 'password_hash', u.password_hash, 'must_change_password', u.must_change_password)";

/// Finds the account for a sign-in. `domain` is a short name; where the installation has one domain only, that one is meant
/// whatever was said. `user_name` is in its folded form.
///
/// # Errors
/// The database's.
pub async fn find_for_sign_in(
    c: &mut PgConnection,
    domain: &str,
    user_name: &str,
) -> Result<SignInAccount, sqlx::Error> {
    let sql = format!(
        "WITH meant AS MATERIALIZED (
            SELECT id FROM domains WHERE lower(short_name) = lower($1) OR (SELECT count(*) FROM domains) = 1
        ), u AS MATERIALIZED (
            SELECT users.* FROM users JOIN meant ON users.domain_id = meant.id WHERE user_name = $2 AND status <> 'deleted'
        )
        SELECT (SELECT id FROM meant) AS domain, (SELECT {ACCOUNT} FROM u) AS account,
            (SELECT wrapped FROM personal_keys
                WHERE subject_id = COALESCE((SELECT id FROM u), '00000000-0000-0000-0000-000000000000')) AS personal_key"
    );
    read(&sqlx::query(&sql).bind(domain).bind(user_name).fetch_one(c).await?)
}

/// Finds the account of a user who is known.
///
/// # Errors
/// The database's.
pub async fn find_by_user(c: &mut PgConnection, user: UserId) -> Result<SignInAccount, sqlx::Error> {
    let sql = format!(
        "SELECT u.domain_id AS domain, {ACCOUNT} AS account, p.wrapped AS personal_key
         FROM users u LEFT JOIN personal_keys p ON p.subject_id = u.id WHERE u.id = $1 AND u.user_name IS NOT NULL"
    );
    sqlx::query(&sql)
        .bind(user.uuid())
        .fetch_optional(c)
        .await?
        .map_or_else(|| Ok(SignInAccount::default()), |row| read(&row))
}

fn read(row: &PgRow) -> Result<SignInAccount, sqlx::Error> {
    Ok(SignInAccount {
        domain: row.try_get::<Option<uuid::Uuid>, _>("domain")?.map(DomainId::new),
        account: row.try_get::<Option<Json<_>>, _>("account")?.map(|json| json.0),
        personal_key: row.try_get("personal_key")?,
    })
}

/// An API key with its owner.
#[derive(Debug)]
pub struct KeyOwner {
    /// The owner.
    pub account: Account,
    /// The key.
    pub key: StandingApiKey,
    /// The owner's wrapped data key.
    pub personal_key: Option<Vec<u8>>,
}

/// Finds an API key by its prefix (`1ab/2c`).
///
/// # Errors
/// The database's.
pub async fn find_by_api_key(c: &mut PgConnection, prefix: &str) -> Result<Option<KeyOwner>, sqlx::Error> {
    let sql = format!(
        "SELECT {ACCOUNT} AS account, to_jsonb(k) AS key, p.wrapped
         FROM api_keys k JOIN users u ON u.id = k.user_id LEFT JOIN personal_keys p ON p.subject_id = u.id
         WHERE k.prefix = $1 AND u.user_name IS NOT NULL"
    );
    let Some(row) = sqlx::query(&sql).bind(prefix).fetch_optional(c).await? else { return Ok(None) };
    Ok(Some(KeyOwner {
        account: row.try_get::<Json<_>, _>("account")?.0,
        key: row.try_get::<Json<_>, _>("key")?.0,
        personal_key: row.try_get("wrapped")?,
    }))
}
