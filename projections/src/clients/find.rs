//! Single clients, for decisions.

use aggregates::{
    client::Definition,
    ids::{ClientId, DomainId},
    values::ShortName,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// A client as decisions need it.
#[derive(Debug, Clone)]
pub struct ClientRow {
    /// The id.
    pub id: ClientId,
    /// The client's version: the sequence of its last event.
    pub sequence: i64,
    /// Grants of an earlier one are void.
    pub epoch: i32,
    /// Whether it has ended.
    pub deleted: bool,
    /// What it is, or was last.
    pub definition: Definition,
}

type Row = (Uuid, i64, i32, bool, Json<Definition>);

impl From<Row> for ClientRow {
    fn from((id, sequence, epoch, deleted, Json(definition)): Row) -> Self {
        Self { id: ClientId::new(id), sequence, epoch, deleted, definition }
    }
}

/// The client, also if it was deleted.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_by_id(c: &mut PgConnection, id: ClientId) -> Result<Option<ClientRow>, sqlx::Error> {
    let sql = "SELECT id, sequence, epoch, deleted, definition FROM clients WHERE id = $1";
    Ok(sqlx::query_as::<_, Row>(sql).bind(id.uuid()).fetch_optional(c).await?.map(ClientRow::from))
}

/// The live client of that short name, in any case.
///
/// # Errors
/// When the database cannot answer.
pub async fn find_by_short_name(
    c: &mut PgConnection,
    domain: DomainId,
    short_name: &ShortName,
) -> Result<Option<ClientRow>, sqlx::Error> {
    let sql = "SELECT id, sequence, epoch, deleted, definition FROM clients
               WHERE domain_id = $1 AND lower(short_name) = $2 AND NOT deleted";
    let query = sqlx::query_as::<_, Row>(sql).bind(domain.uuid()).bind(short_name.folded());
    Ok(query.fetch_optional(c).await?.map(ClientRow::from))
}

/// The clients of a domain, by short name; those that were deleted too if `deleted`.
///
/// # Errors
/// When the database cannot answer.
pub async fn list(c: &mut PgConnection, domain: DomainId, deleted: bool) -> Result<Vec<ClientRow>, sqlx::Error> {
    let sql = "SELECT id, sequence, epoch, deleted, definition FROM clients
               WHERE domain_id = $1 AND (NOT deleted OR $2) ORDER BY lower(short_name), id";
    let rows = sqlx::query_as::<_, Row>(sql).bind(domain.uuid()).bind(deleted).fetch_all(c).await?;
    Ok(rows.into_iter().map(ClientRow::from).collect())
}

/// Whether a live client of the domain other than `except` has the short name.
///
/// # Errors
/// When the database cannot answer.
pub async fn short_name_taken(
    c: &mut PgConnection,
    domain: DomainId,
    short_name: &ShortName,
    except: ClientId,
) -> Result<bool, sqlx::Error> {
    Ok(find_by_short_name(c, domain, short_name).await?.is_some_and(|other| other.id != except))
}
