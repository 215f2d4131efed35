//! From events to rows. The fields of a change are fields of the definition, so one statement serves them all: the tests
//! compare the row with the aggregate after every event.

use crate::{ProjectionError, Recorded};
use aggregates::{
    client::{ClientAuthentication, ClientEvent},
    ids::ClientId,
    values::SecretHash,
};
use serde_json::{Value, json};
use sqlx::PgConnection;

/// Applies events of clients, in order.
pub(super) async fn apply(c: &mut PgConnection, events: &[Recorded]) -> Result<(), ProjectionError> {
    for event in events.iter().filter(|event| event.aggregate_type == "client") {
        match event.decode()? {
            ClientEvent::Defined { .. } => defined(c, event).await?,
            ClientEvent::SecretRotated { secret } => changed(c, event, &rotated(secret), false).await?,
            ClientEvent::AuthenticationChanged { .. } => changed(c, event, fields(event), true).await?,
            ClientEvent::Restored { .. } => changed(c, event, &json!({}), false).await?,
            ClientEvent::Disabled {} => changed(c, event, &json!({ "disabled": true }), true).await?,
            ClientEvent::Enabled {} => changed(c, event, &json!({ "disabled": false }), false).await?,
            ClientEvent::Deleted {} => deleted(c, event).await?,
            _ => changed(c, event, fields(event), false).await?,
        }
    }
    Ok(())
}

/// The part of the definition that a change names: what stands under the event's one key.
fn fields(event: &Recorded) -> &Value {
    event.payload.as_object().and_then(|variants| variants.values().next()).unwrap_or(&Value::Null)
}

fn rotated(secret: SecretHash) -> Value {
    json!({ "authentication": ClientAuthentication::Password { secret } })
}

async fn defined(c: &mut PgConnection, event: &Recorded) -> Result<(), ProjectionError> {
    let id: ClientId = event.id()?;
    let definition = fields(event).get("definition").unwrap_or(&Value::Null);
    sqlx::query(
        "INSERT INTO clients (id, sequence, definition, created_at, created_by, updated_at, updated_by)
         VALUES ($1, $2, $3, $4, $5, $4, $5) ON CONFLICT (id) DO NOTHING",
    )
    .bind(id.uuid())
    .bind(event.sequence)
    .bind(definition)
    .bind(event.at().millis())
    .bind(event.actor())
    .execute(c)
    .await?;
    Ok(())
}

async fn changed(
    c: &mut PgConnection,
    event: &Recorded,
    fields: &Value,
    new_epoch: bool,
) -> Result<(), ProjectionError> {
    let id: ClientId = event.id()?;
    sqlx::query(
        "UPDATE clients SET sequence = $2, updated_at = $3, updated_by = $4, definition = definition || $5,
                            epoch = epoch + $6::boolean::integer
         WHERE id = $1 AND sequence < $2",
    )
    .bind(id.uuid())
    .bind(event.sequence)
    .bind(event.at().millis())
    .bind(event.actor())
    .bind(fields)
    .bind(new_epoch)
    .execute(c)
    .await?;
    Ok(())
}

async fn deleted(c: &mut PgConnection, event: &Recorded) -> Result<(), ProjectionError> {
    let id: ClientId = event.id()?;
    sqlx::query(
        "UPDATE clients SET sequence = $2, updated_at = $3, updated_by = $4, deleted = true, epoch = epoch + 1
         WHERE id = $1 AND sequence < $2",
    )
    .bind(id.uuid())
    .bind(event.sequence)
    .bind(event.at().millis())
    .bind(event.actor())
    .execute(c)
    .await?;
    Ok(())
}
