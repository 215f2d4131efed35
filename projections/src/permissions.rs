//! Permissions as they were granted, inline. What follows from them is in [`crate::rights`].

use crate::{Mode, ProjectionError, ReadModel, Recorded};
use aggregates::{
    group::GroupEvent,
    ids::{CustomerId, FunctionId, SubjectId},
    user::UserEvent,
    values::Permission,
};
use sqlx::PgConnection;
use uuid::Uuid;

/// The read model.
pub const MODEL: ReadModel = ReadModel {
    name: "permissions",
    version: 1,
    ddl: include_str!("../../migrations/0008_permissions.sql"),
    tables: &["permissions"],
    feeds: &["group", "user"],
    mode: Mode::Inline,
    apply: |c, events, _| {
        Box::pin(async move {
            for event in events {
                apply(c, event).await?;
            }
            Ok(())
        })
    },
};

enum Change {
    Granted(Permission),
    Revoked(Permission),
    SubjectGone,
}

fn of_user(event: &UserEvent) -> Option<Change> {
    match *event {
        UserEvent::PermissionGranted { function, customer } => Some(Change::Granted(Permission { function, customer })),
        UserEvent::PermissionRevoked { function, customer } => Some(Change::Revoked(Permission { function, customer })),
        UserEvent::Deleted {} => Some(Change::SubjectGone),
        _ => None,
    }
}

fn of_group(event: &GroupEvent) -> Option<Change> {
    match *event {
        GroupEvent::PermissionGranted { function, customer } => {
            Some(Change::Granted(Permission { function, customer }))
        }
        GroupEvent::PermissionRevoked { function, customer } => {
            Some(Change::Revoked(Permission { function, customer }))
        }
        GroupEvent::Deleted {} => Some(Change::SubjectGone),
        _ => None,
    }
}

async fn apply(c: &mut PgConnection, event: &Recorded) -> Result<(), ProjectionError> {
    let subject = event.id::<SubjectId>()?.uuid();
    let change = if event.aggregate_type == "user" { of_user(&event.decode()?) } else { of_group(&event.decode()?) };
    let of = |sql: &'static str, permission: Permission| {
        sqlx::query(sql).bind(subject).bind(permission.function.uuid()).bind(permission.customer.uuid())
    };
    let query = match change {
        None => return Ok(()),
        Some(Change::Granted(permission)) => of(
            "INSERT INTO permissions (subject_id, function_id, customer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            permission,
        ),
        Some(Change::Revoked(permission)) => {
            of("DELETE FROM permissions WHERE subject_id = $1 AND function_id = $2 AND customer_id = $3", permission)
        }
        Some(Change::SubjectGone) => sqlx::query("DELETE FROM permissions WHERE subject_id = $1").bind(subject),
    };
    query.execute(c).await?;
    Ok(())
}

/// What was granted to a subject itself.
pub async fn list_by_subject(c: &mut PgConnection, subject: SubjectId) -> Result<Vec<Permission>, sqlx::Error> {
    let sql =
        "SELECT function_id, customer_id FROM permissions WHERE subject_id = $1 ORDER BY function_id, customer_id";
    let rows: Vec<(Uuid, Uuid)> = sqlx::query_as(sql).bind(subject.uuid()).fetch_all(c).await?;
    let permission =
        |(function, customer)| Permission { function: FunctionId::new(function), customer: CustomerId::new(customer) };
    Ok(rows.into_iter().map(permission).collect())
}
