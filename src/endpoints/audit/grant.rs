//! `GET /audit/v1/grants/{grantIdentifier}`: a grant's life, for whoever may see the entry with which it began. `DELETE`: its end, for
//! whoever may end its user's sessions.

use super::page;
use crate::{
    endpoints::whose::require_ending,
    http::{ArgusError, Asking, Changing, Envelope, Idp, Reference, Reply, query_fields},
    read,
};
use aggregates::{
    grant::{Grant, GrantCommand},
    ids::GrantId,
};
use axum::{extract::State, http::Uri};
use projections::audit::{GrantLife, find_grant};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

/// Which of its entries.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct LifeQuery {
    /// The cursor: what `metaData.next` of the page before said.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// The most entries on a page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
}

/// A grant that was revoked.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevokedGrant {
    /// It.
    #[schema(value_type = String)]
    id: GrantId,
}

/// The grant from its beginning to its end, with a page of its entries, each explained. The cursor of the next page is
/// `metaData.next`.
///
/// # Errors
/// 401, 403, 412; 404 for what is not there or is not the caller's to see.
#[utoipa::path(get, path = "/audit/v1/grants/{grantIdentifier}",
    params(LifeQuery, ("grantIdentifier" = String, Path, description = "The grant's id.")),
    responses((status = 200, description = "Its life.", body = Envelope<GrantLife>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(identifier): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let visible = caller.visible_entries(&idp).await?;
    let id: GrantId = identifier.parse().map_err(|_| ArgusError::NotFound)?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let page = page(&mut query);
    query.finish()?;
    let now = idp.now();
    let found = read!(idp.database.connections(), |c| find_grant(c, (id, page), &visible, now))?;
    let life = found.ok_or(ArgusError::NotFound)?;
    let next = life.entries.last().map_or(page.after, |entry| entry.row.position);
    Ok(Reply::ok(life).with_meta(json!({ "next": next })))
}

/// Revokes the grant: its code and its tokens work no more, from the next request on. One that was revoked already is not found; one
/// that ended otherwise is revoked all the same.
///
/// # Errors
/// 401, 403; 404 for a grant of a user whose sessions the caller may not end; 412 without a reason where one is required.
#[utoipa::path(delete, path = "/audit/v1/grants/{grantIdentifier}",
    params(("grantIdentifier" = String, Path, description = "The grant's id.")),
    responses((status = 200, description = "Revoked.", body = Envelope<RevokedGrant>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(identifier): Reference,
) -> Result<Reply, ArgusError> {
    let id: GrantId = identifier.parse().map_err(|_| ArgusError::NotFound)?;
    let owner = idp.store.load::<Grant>(id.uuid()).await?.aggregate.user;
    require_ending(&idp, &caller, owner).await?;
    let command = GrantCommand::End(idp.now());
    let done = idp.store.execute_explained::<Grant>(id.uuid(), command, &caller.context).await?;
    if done.events.is_empty() { Err(ArgusError::NotFound) } else { Ok(Reply::ok(RevokedGrant { id })) }
}
