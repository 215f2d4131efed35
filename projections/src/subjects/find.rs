//! Users and groups, searched and looked up, within what a caller sees.

use super::{
    criteria::{Criteria, Flag, SortKey},
    sight::Sight,
    view::{Subject, columns},
};
use crate::{
    infos::SubjectType,
    search::{self, Found, Query},
};
use aggregates::ids::{DomainId, SubjectId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A search for users and groups.
pub type Search = search::Search<Criteria, SortKey>;

/// How a subject is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Number, UUID or short name.
    pub reference: &'a str,
    /// The domain in which a short name means something.
    pub domain: DomainId,
    /// Whether a short name also means those that were deleted, as numbers and UUIDs do.
    pub deleted: bool,
    /// What it must be; `None`: either.
    pub kind: Option<SubjectType>,
}

/// The subjects in sight that meet the search. Deleted ones are left out unless the main conditions let them in.
///
/// # Errors
/// When the database cannot answer.
pub async fn search(c: &mut PgConnection, sight: &Sight, search: &Search) -> Result<Found<Subject>, sqlx::Error> {
    let deleted = search.criteria.deleted || search.criteria.include.contains(&Flag::Deleted);
    let statement = |columns: &str| {
        let mut q = sight.begin();
        q.push("SELECT ").push(columns).push(" FROM s WHERE TRUE");
        if !deleted {
            q.push(" AND NOT s.deleted");
        }
        q
    };
    search.fetch(c, statement, (&columns(), "s.number")).await
}

/// The subjects in sight that are meant, those that are not deleted first. A short name may mean several: a user, a group, and
/// whoever had it before.
///
/// # Errors
/// When the database cannot answer.
pub async fn find(c: &mut PgConnection, sight: &Sight, known: Known<'_>) -> Result<Vec<Subject>, sqlx::Error> {
    let Known { reference, domain, deleted, kind } = known;
    let mut q = shown(sight);
    if let Some(number) = reference.parse::<i64>().ok().filter(|number| number.to_string() == reference) {
        q.push("s.number = ").push_bind(number);
    } else if let Ok(id) = reference.parse::<SubjectId>() {
        q.push("s.id = ").push_bind(id.uuid());
    } else {
        q.push(if deleted { "" } else { "NOT s.deleted AND " });
        q.push("s.domain_id = ").push_bind(domain.uuid());
        q.push(" AND s.folded = ").push_bind(reference.to_ascii_lowercase());
    }
    match kind {
        Some(SubjectType::User) => q.push(" AND s.type = 'user'"),
        Some(SubjectType::Group) => q.push(" AND s.type = 'group'"),
        None => &mut q,
    };
    q.push(" ORDER BY s.deleted, s.number");
    q.build_query_as().fetch_all(c).await
}

/// One subject in sight, also when deleted.
///
/// # Errors
/// When the database cannot answer.
pub async fn show(
    c: &mut PgConnection,
    sight: &Sight,
    id: impl Into<SubjectId>,
) -> Result<Option<Subject>, sqlx::Error> {
    let mut q = shown(sight);
    q.push("s.id = ").push_bind(id.into().uuid());
    q.build_query_as().fetch_optional(c).await
}

/// The subjects in sight that are in a group directly and not deleted, in the order of numbers.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_members(c: &mut PgConnection, sight: &Sight, group: SubjectId) -> Result<Vec<Subject>, sqlx::Error> {
    let mut q = shown(sight);
    q.push("NOT s.deleted AND s.id IN (SELECT m.member_id FROM group_members m WHERE m.group_id = ");
    q.push_bind(group.uuid()).push(") ORDER BY s.number");
    q.build_query_as().fetch_all(c).await
}

/// The groups in sight that a subject is in: directly, or through other groups as well, in the order of numbers.
///
/// # Errors
/// When the database cannot answer.
pub async fn list_groups_around(
    c: &mut PgConnection,
    sight: &Sight,
    (subject, inherited): (SubjectId, bool),
    (limit, offset): (i64, i64),
) -> Result<Found<Subject>, sqlx::Error> {
    let of = |columns: &str| around(sight, columns, subject.uuid(), inherited);
    let count = of("count(*)").build_query_scalar().fetch_one(&mut *c).await?;
    let mut page = of(&columns());
    page.push(" ORDER BY s.number LIMIT ").push_bind(limit).push(" OFFSET ").push_bind(offset);
    Ok(Found { rows: page.build_query_as().fetch_all(c).await?, count })
}

fn shown<'q>(sight: &Sight) -> Query<'q> {
    let mut q = sight.begin();
    q.push("SELECT ").push(columns()).push(" FROM s WHERE ");
    q
}

fn around<'q>(sight: &Sight, columns: &str, subject: Uuid, inherited: bool) -> Query<'q> {
    let mut q = sight.begin();
    q.push("SELECT ").push(columns).push(" FROM s WHERE NOT s.deleted AND s.id IN (");
    if inherited {
        q.push("SELECT x.subject_id FROM memberships_of(").push_bind(subject).push(") x WHERE x.subject_id <> ");
    } else {
        q.push("SELECT m.group_id FROM group_members m WHERE m.member_id = ");
    }
    q.push_bind(subject).push(")");
    q
}
