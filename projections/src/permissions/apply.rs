//! From events to rows.

use crate::{ProjectionError, Recorded};
use aggregates::{group::GroupEvent, ids::SubjectId, user::UserEvent, values::Permission};
use sqlx::PgConnection;

/// Applies events of users and groups, in order.
pub(super) async fn apply(c: &mut PgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    for event in events {
        change(c, event).await?;
    }
    Ok(())
}

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

async fn change(c: &mut PgConnection, event: &Recorded) -> Result<(), ProjectionError> {
    let subject = event.id::<SubjectId>()?.uuid();
    let change = if event.aggregate_type == "user" { of_user(&event.decode()?) } else { of_group(&event.decode()?) };
    let of = |sql: &'static str, permission: Permission| {
        sqlx::query(sql).bind(subject).bind(permission.function.uuid()).bind(permission.customer.uuid())
    };
    let query = match change {
        None => return Ok(()),
        Some(Change::Granted(permission)) => of(
            "INSERT INTO permissions (subject_id, function_id, customer_id, number, granted_at, granted_by, comment)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            permission,
        )
        .bind(event.position)
        .bind(event.at().millis())
        .bind(event.actor().to_owned())
        .bind(event.metadata.get("reason").cloned()),
        Some(Change::Revoked(permission)) => {
            of("DELETE FROM permissions WHERE subject_id = $1 AND function_id = $2 AND customer_id = $3", permission)
        }
        Some(Change::SubjectGone) => sqlx::query("DELETE FROM permissions WHERE subject_id = $1").bind(subject),
    };
    query.execute(c).await?;
    Ok(())
}
