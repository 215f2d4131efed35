//! Groups, inline, and who is in them.

use crate::{Mode, ProjectionError, ReadModel, Recorded};
use aggregates::{
    group::{GroupEvent, Member},
    ids::{CustomerId, DomainId, GroupId, SubjectId, UserId},
    values::{ShortName, Timestamp},
};
use sqlx::{
    FromRow, PgConnection, Postgres, Row,
    postgres::{PgArguments, PgRow},
    query::Query,
};
use uuid::Uuid;

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "groups",
    version: 1,
    ddl: include_str!("../../migrations/0006_groups.sql"),
    tables: &["groups", "group_members"],
    feeds: &["group"],
    mode: Mode::Inline,
    kept: None,
    apply: |c, events, _| {
        Box::pin(async move {
            for event in events {
                if let Some(query) = change(event)? {
                    query.execute(&mut *c).await?;
                }
            }
            Ok(())
        })
    },
};

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Its id.
    pub id: GroupId,
    /// Its integer id.
    pub number: i64,
    /// Its domain.
    pub domain: DomainId,
    /// The customer that it belongs to.
    pub customer: CustomerId,
    /// Its name in references and in the `groups` claim.
    pub short_name: String,
    /// Its name to show.
    pub name: String,
    /// What it is for, in words.
    pub description: String,
    /// When it began.
    pub created_at: Timestamp,
    /// Whether it has ended.
    pub deleted: bool,
}

impl FromRow<'_, PgRow> for GroupRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: GroupId::new(row.try_get("id")?),
            number: row.try_get("number")?,
            domain: DomainId::new(row.try_get("domain_id")?),
            customer: CustomerId::new(row.try_get("customer_id")?),
            short_name: row.try_get("short_name")?,
            name: row.try_get("name")?,
            description: row.try_get("description")?,
            created_at: Timestamp::from_millis(row.try_get("created_at")?),
            deleted: row.try_get("deleted")?,
        })
    }
}

/// `UPDATE groups SET …` of a change, which has `$1` the id, `$2` the sequence, `$3` when and `$4` by whom.
macro_rules! update {
    ($set:literal) => {
        concat!(
            "UPDATE groups SET sequence = $2, updated_at = $3, updated_by = $4",
            $set,
            " WHERE id = $1 AND sequence < $2"
        )
    };
}

/// The statement that an event amounts to; none for permissions, which have a table of their own.
fn change(event: &Recorded) -> Result<Option<Query<'static, Postgres, PgArguments>>, ProjectionError> {
    let id = event.id::<GroupId>()?.uuid();
    let changed = |sql: &'static str| {
        let (at, actor) = (event.at().millis(), event.actor().to_owned());
        sqlx::query(sql).bind(id).bind(event.sequence).bind(at).bind(actor)
    };
    Ok(Some(match event.decode()? {
        GroupEvent::Created { number, domain, customer, short_name, name, description } => changed(
            "INSERT INTO groups (id, sequence, created_at, created_by, number, domain_id, customer_id, short_name, name,
                description)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING",
        )
        .bind(number)
        .bind(domain.uuid())
        .bind(customer.uuid())
        .bind(String::from(short_name))
        .bind(String::from(name))
        .bind(String::from(description)),
        GroupEvent::Described { name, description } => {
            changed(update!(", name = $5, description = $6")).bind(String::from(name)).bind(String::from(description))
        }
        GroupEvent::Renamed { short_name } => changed(update!(", short_name = $5")).bind(String::from(short_name)),
        GroupEvent::Moved { customer } => changed(update!(", customer_id = $5")).bind(customer.uuid()),
        GroupEvent::MemberAdded { member } => member_added(changed, event, member),
        GroupEvent::MemberRemoved { member } => changed(concat!(
            "WITH g AS (",
            update!(""),
            " RETURNING id) DELETE FROM group_members m USING g WHERE m.group_id = g.id AND m.member_id = $5"
        ))
        .bind(member.subject().uuid()),
        GroupEvent::Deleted {} => changed(update!(", deleted = true, deleted_at = $3, deleted_by = $4")),
        GroupEvent::Reenabled {} => changed(update!(", deleted = false, deleted_at = NULL, deleted_by = NULL")),
        GroupEvent::PermissionGranted { .. } | GroupEvent::PermissionRevoked { .. } => return Ok(None),
    }))
}

fn member_added(
    changed: impl Fn(&'static str) -> Query<'static, Postgres, PgArguments>,
    event: &Recorded,
    member: Member,
) -> Query<'static, Postgres, PgArguments> {
    changed(concat!(
        "WITH g AS (",
        update!(""),
        " RETURNING id)
         INSERT INTO group_members (group_id, member_id, member_type, comment, added_at, added_by)
         SELECT id, $5, $6, $7, $3, $4 FROM g ON CONFLICT DO NOTHING"
    ))
    .bind(member.subject().uuid())
    .bind(member.kind())
    .bind(event.metadata.get("reason").cloned())
}

/// The group with this id, unless deleted.
pub async fn find_by_id(c: &mut PgConnection, id: GroupId) -> Result<Option<GroupRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM groups WHERE id = $1 AND NOT deleted").bind(id.uuid()).fetch_optional(c).await
}

/// The group with this id, also when deleted.
pub async fn find_by_id_ever(c: &mut PgConnection, id: GroupId) -> Result<Option<GroupRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM groups WHERE id = $1").bind(id.uuid()).fetch_optional(c).await
}

/// The group with this integer id, also when deleted.
pub async fn find_by_number(c: &mut PgConnection, number: i64) -> Result<Option<GroupRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM groups WHERE number = $1").bind(number).fetch_optional(c).await
}

/// The group of a domain with this short name, in any case, unless deleted.
pub async fn find_by_short_name(
    c: &mut PgConnection,
    domain: DomainId,
    name: &ShortName,
) -> Result<Option<GroupRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM groups WHERE domain_id = $1 AND lower(short_name) = $2 AND NOT deleted")
        .bind(domain.uuid())
        .bind(name.folded())
        .fetch_optional(c)
        .await
}

/// The groups of a domain, in the order of numbers.
pub async fn list(c: &mut PgConnection, domain: DomainId) -> Result<Vec<GroupRow>, sqlx::Error> {
    sqlx::query_as("SELECT * FROM groups WHERE domain_id = $1 AND NOT deleted ORDER BY number")
        .bind(domain.uuid())
        .fetch_all(c)
        .await
}

/// Who is in a group directly.
pub async fn list_members(c: &mut PgConnection, group: GroupId) -> Result<Vec<Member>, sqlx::Error> {
    let sql = "SELECT member_id, member_type = 'user' FROM group_members WHERE group_id = $1 ORDER BY member_id";
    let rows: Vec<(Uuid, bool)> = sqlx::query_as(sql).bind(group.uuid()).fetch_all(c).await?;
    let member = |(id, user)| if user { Member::User(UserId::new(id)) } else { Member::Group(GroupId::new(id)) };
    Ok(rows.into_iter().map(member).collect())
}

/// The groups that a user or a group is in directly, in the order of numbers.
pub async fn list_by_member(c: &mut PgConnection, member: SubjectId) -> Result<Vec<GroupRow>, sqlx::Error> {
    sqlx::query_as(
        "SELECT g.* FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.member_id = $1 AND NOT g.deleted
         ORDER BY g.number",
    )
    .bind(member.uuid())
    .fetch_all(c)
    .await
}

/// Whether a group is `outer` or is in it, directly or not.
pub async fn is_within(c: &mut PgConnection, id: GroupId, outer: GroupId) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "WITH RECURSIVE around (id) AS (
            SELECT $1::uuid UNION SELECT m.group_id FROM around a JOIN group_members m ON m.member_id = a.id)
         SELECT $2 IN (SELECT id FROM around)",
    )
    .bind(id.uuid())
    .bind(outer.uuid())
    .fetch_one(c)
    .await
}
