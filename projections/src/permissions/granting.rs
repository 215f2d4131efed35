//! Whether a caller may grant permissions: many at once, in one statement.

use crate::rights::Rights;
use aggregates::{
    ids::{DomainId, SubjectId},
    values::Permission,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// The functions that it takes to grant: for the permission's customer, and to see whom it is granted to.
#[derive(Debug, Clone, Copy)]
pub struct ToGrant {
    /// To manage permissions.
    pub permissions: &'static str,
    /// To see a user.
    pub users: &'static str,
    /// To see a group.
    pub groups: &'static str,
}

/// Whether the caller may grant all of this: manages permissions of each customer, holds each function for it, and sees each subject.
///
/// # Errors
/// When the database cannot answer.
pub async fn may_grant(
    c: &mut PgConnection,
    rights: &Rights,
    needed: ToGrant,
    granted: &[(SubjectId, Permission)],
    domain: DomainId,
) -> Result<bool, sqlx::Error> {
    let ids = |id: fn(&(SubjectId, Permission)) -> Uuid| granted.iter().map(id).collect::<Vec<_>>();
    sqlx::query_scalar(
        "SELECT NOT EXISTS (
            SELECT FROM unnest($4::uuid[], $5::uuid[], $6::uuid[]) g (subject, wanted, place)
            WHERE NOT EXISTS (SELECT FROM holds($1, $2, g.wanted, g.place, $3))
               OR NOT EXISTS (SELECT FROM functions f CROSS JOIN LATERAL holds($1, $2, f.id, g.place, $3)
                    WHERE lower(f.short_name) = lower($7) AND NOT f.deleted)
               OR NOT EXISTS (SELECT FROM functions f JOIN users u ON u.id = g.subject
                    CROSS JOIN LATERAL holds($1, $2, f.id, u.customer_id, $3)
                    WHERE lower(f.short_name) = lower($8) AND NOT f.deleted)
              AND NOT EXISTS (SELECT FROM functions f JOIN groups k ON k.id = g.subject
                    CROSS JOIN LATERAL holds($1, $2, f.id, k.customer_id, $3)
                    WHERE lower(f.short_name) = lower($9) AND NOT f.deleted))",
    )
    .bind(rights.user.uuid())
    .bind(rights.as_json())
    .bind(domain.uuid())
    .bind(ids(|(subject, _)| subject.uuid()))
    .bind(ids(|(_, permission)| permission.function.uuid()))
    .bind(ids(|(_, permission)| permission.customer.uuid()))
    .bind(needed.permissions)
    .bind(needed.users)
    .bind(needed.groups)
    .fetch_one(c)
    .await
}
