//! `/useradmin/v2/function/{functionNameOrID}`: show, change or delete one function.

use super::{
    authority::{Administrator, find_viewed},
    described::FunctionChange,
    fields::FunctionFields,
};
use crate::{
    directory::functions,
    http::{ArgusError, Asking, Changing, Envelope, Idp, JsonBody, Reference, Reply},
    read,
};
use aggregates::function::FunctionCommand;
use axum::extract::State;
use projections::functions::{FunctionView, find_view, list_parents};

/// Shows a function; a deleted one is only listed.
///
/// # Errors
/// 401; 403 for a caller who may not view functions; 404.
#[utoipa::path(get, path = "/useradmin/v2/function/{functionNameOrID}",
    params(("functionNameOrID" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "The function.", body = Envelope<FunctionView>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
) -> Result<Reply, ArgusError> {
    let row = find_viewed(&idp, &caller, &reference).await?;
    let view = read!(idp.database.connections(), |c| find_view(c, row.id))?;
    Ok(Reply::ok(view.ok_or(ArgusError::NotFound)?))
}

/// Changes the given fields: 200, or 220 when all of them are so already, with the function.
///
/// # Errors
/// 401; 403 for a caller who may not manage functions; 404; 412, also for another name of a built-in function; 503.
#[utoipa::path(put, path = "/useradmin/v2/function/{functionNameOrID}", request_body = FunctionChange,
    params(("functionNameOrID" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "The function.", body = Envelope<FunctionView>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<FunctionView>), ArgusError))]
pub async fn put(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let mut administrator = Administrator::open(&idp, &caller).await?;
    let row = administrator.find(&reference).await?;
    let mut fields = body.fields();
    let FunctionFields { short_name, name, description, role } = FunctionFields::read(&mut fields);
    fields.finish()?;
    let mut changed = false;
    if let Some(short_name) = short_name {
        administrator.require_own(row.id).await?;
        let rename = functions::rename(&mut administrator.desk, &row, short_name).await?;
        changed |= administrator.tell(row.id, rename).await?;
    }
    if let Some(role) = role {
        changed |= administrator.tell(row.id, FunctionCommand::MarkRole { role }).await?;
    }
    let name = name.or_else(|| row.name.parse().ok()).ok_or(ArgusError::NotFound)?;
    let description = description.or_else(|| row.description.parse().ok()).unwrap_or_default();
    changed |= administrator.tell(row.id, FunctionCommand::Describe { name, description }).await?;
    let view = administrator.close(row.id).await?;
    Ok(if changed { Reply::ok(view) } else { Reply::unchanged(view) })
}

/// Deletes a function, after taking it out of what implies it; its name is free then. 200 with the function, now flagged `deleted`.
///
/// # Errors
/// 401; 403 for a caller who may not manage functions, or does not hold what implies it everywhere; 404; 412 for a built-in
/// function, or one that a permission or a client refers to; 503.
#[utoipa::path(delete, path = "/useradmin/v2/function/{functionNameOrID}",
    params(("functionNameOrID" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "The function.", body = Envelope<FunctionView>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
) -> Result<Reply, ArgusError> {
    let mut administrator = Administrator::open(&idp, &caller).await?;
    let row = administrator.find(&reference).await?;
    for parent in list_parents(administrator.desk.lane().connection(), row.id).await? {
        administrator.require_own(parent.id).await?;
    }
    functions::delete(&mut administrator.desk, &row).await?;
    Ok(Reply::ok(administrator.close(row.id).await?))
}
