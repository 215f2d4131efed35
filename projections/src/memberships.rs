//! Who is in which group directly, as the API shows it: the memberships of which a caller sees both ends.

use crate::{
    infos::{SubjectInfo, actor_info, group_info, subject_info},
    search::{self, Column, Found, Period, Query, push_meant, push_period},
    subjects::Sight,
};
use aggregates::{
    group::Member,
    ids::{GroupId, SubjectId, UserId},
};
use serde::{Deserialize, Serialize};
use sqlx::{FromRow, PgConnection, Row, postgres::PgRow, types::Json};
use utoipa::ToSchema;
use uuid::Uuid;

/// A membership.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupMembership {
    /// Made of the group and the member, so that it is the same whenever they come together.
    #[schema(value_type = String, format = "uuid")]
    pub id: Uuid,
    /// The group.
    pub group: SubjectInfo,
    /// Who is in it.
    pub member: SubjectInfo,
    /// When it began, in milliseconds.
    pub added_timestamp: i64,
    /// By which user; null: by the command line.
    pub added_by_user: Option<SubjectInfo>,
    /// Why, in that user's words.
    pub add_comment: Option<String>,
    /// `deleted` in the answer that removes it.
    pub flags: Vec<String>,
}

/// A membership with what its ends are.
#[derive(Debug, Clone)]
pub struct MembershipRow {
    /// As it is shown.
    pub shown: GroupMembership,
    /// The group.
    pub group: GroupId,
    /// Who is in it.
    pub member: Member,
}

impl FromRow<'_, PgRow> for MembershipRow {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let Json(shown) = row.try_get("shown")?;
        let id: Uuid = row.try_get("member_id")?;
        let is_user = row.try_get("is_user")?;
        let member = if is_user { Member::User(UserId::new(id)) } else { Member::Group(GroupId::new(id)) };
        Ok(Self { shown, group: GroupId::new(row.try_get("group_id")?), member })
    }
}

/// Conditions that a membership must all meet.
#[derive(Debug, Clone, Default)]
pub struct Criteria {
    /// One of these is an end of it, or added it.
    pub subjects: Option<Vec<String>>,
    /// In which places these are looked for; empty: as group and as member.
    pub places: Vec<Place>,
    /// One of these customers has the group or the member.
    pub customers: Option<Vec<String>>,
    /// The domain in which short names of subjects and customers mean something.
    pub domain: Option<String>,
    /// When it began.
    pub period: Period<Added>,
}

impl search::Criteria for Criteria {
    fn push<'q>(&'q self, q: &mut Query<'q>) {
        if let Some(domain) = &self.domain {
            q.push(" AND g.domain_id IN (SELECT o.id FROM domains o WHERE ");
            push_meant(q, std::slice::from_ref(domain));
            q.push(")");
        }
        if let Some(subjects) = &self.subjects {
            let folded: Vec<_> = subjects.iter().map(|reference| reference.to_ascii_lowercase()).collect();
            let places = if self.places.is_empty() { &Place::ENDS[..] } else { &self.places };
            q.push(" AND (FALSE");
            for place in places {
                q.push(" OR ").push(place.sql()).push(" && ").push_bind(folded.clone());
            }
            q.push(")");
        }
        if let Some(customers) = &self.customers {
            q.push(" AND EXISTS (SELECT FROM customers o WHERE o.id IN (g.customer_id, k.customer_id) AND ");
            push_meant(q, customers);
            q.push(")");
        }
        push_period(q, &self.period, &[Added]);
    }
}

/// A place in which a subject can stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The group.
    Group,
    /// Who is in it.
    Member,
    /// The user who added it.
    AddedBy,
}

impl Place {
    const ENDS: [Self; 2] = [Self::Group, Self::Member];
}

impl Column for Place {
    fn sql(self) -> &'static str {
        match self {
            Self::Group => "ARRAY[g.id::text, g.number::text, g.folded]",
            Self::Member => "ARRAY[k.id::text, k.number::text, k.folded]",
            Self::AddedBy => {
                "(SELECT ARRAY[a.id::text, a.number::text, a.folded] FROM s a WHERE m.added_by = 'user:' || a.id)"
            }
        }
    }
}

/// That it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added;

impl Column for Added {
    fn sql(self) -> &'static str {
        "m.added_at"
    }
}

/// What results can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortKey {
    /// The id.
    Id,
    /// When it began.
    Added,
}

impl Column for SortKey {
    fn sql(self) -> &'static str {
        match self {
            Self::Id => "m.id",
            Self::Added => Added.sql(),
        }
    }
}

/// A search for memberships.
pub type Search = search::Search<Criteria, SortKey>;

/// The memberships in sight that meet the search; by group and member unless another order is asked for.
///
/// # Errors
/// When the database cannot answer.
pub async fn search(c: &mut PgConnection, sight: &Sight, search: &Search) -> Result<Found<MembershipRow>, sqlx::Error> {
    search.fetch(c, |columns| statement(sight, columns), (&columns(), "g.number, k.number")).await
}

/// The memberships in sight with these ids.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_by_ids(c: &mut PgConnection, sight: &Sight, ids: &[Uuid]) -> Result<Vec<MembershipRow>, sqlx::Error> {
    let mut q = statement(sight, &columns());
    q.push(" AND m.id = ANY(").push_bind(ids).push(") ORDER BY g.number, k.number");
    q.build_query_as().fetch_all(c).await
}

/// The memberships in sight of one member, by group.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_of_member(
    c: &mut PgConnection,
    sight: &Sight,
    member: SubjectId,
) -> Result<Vec<GroupMembership>, sqlx::Error> {
    let mut q = statement(sight, &columns());
    q.push(" AND m.member_id = ").push_bind(member.uuid()).push(" ORDER BY g.number");
    let rows: Vec<MembershipRow> = q.build_query_as().fetch_all(c).await?;
    Ok(rows.into_iter().map(|row| row.shown).collect())
}

fn statement<'q>(sight: &Sight, columns: &str) -> Query<'q> {
    let mut q = sight.begin();
    q.push("SELECT ").push(columns);
    q.push(" FROM group_members m JOIN s g ON g.id = m.group_id JOIN s k ON k.id = m.member_id");
    q.push(" WHERE NOT g.deleted AND NOT k.deleted");
    q
}

fn columns() -> String {
    let (group, member, added_by) = (group_info("m.group_id"), subject_info("m.member_id"), actor_info("m.added_by"));
    format!(
        "m.group_id, m.member_id, m.member_type = 'user' AS is_user, jsonb_build_object('id', m.id, 'group', {group},
            'member', {member}, 'addedTimestamp', m.added_at, 'addedByUser', {added_by}, 'addComment', m.comment,
            'flags', '[]'::jsonb) AS shown"
    )
}
