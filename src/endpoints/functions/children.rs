//! `/useradmin/v2/function/{functionNameOrID}/children`: what a function implies directly.

use super::{
    authority::{Administrator, find_viewed},
    described::{FormerChildren, NewChildren},
};
use crate::{
    directory::functions,
    http::{
        ArgusError, Asking, Changing, Envelope, Idp, JsonBody, Page, Reference, Reply,
        common_fields::required_references, query_fields,
    },
    read,
};
use aggregates::function::FunctionCommand;
use axum::{extract::State, http::Uri};
use projections::functions::{FunctionView, Relatives, list_relatives};

/// Lists them.
///
/// # Errors
/// 401; 403 for a caller who may not view functions; 404.
#[utoipa::path(get, path = "/useradmin/v2/function/{functionNameOrID}/children",
    params(("functionNameOrID" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "All of them.", body = Envelope<Vec<FunctionView>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
) -> Result<Reply, ArgusError> {
    let row = find_viewed(&idp, &caller, &reference).await?;
    let children = read!(idp.database.connections(), |c| list_relatives(c, row.id, Relatives::Children))?;
    Ok(Reply::list(&children, Page::whole(children.len())))
}

/// Makes a function imply others, which everybody gets who holds it: 200, or 220 when it does so already, with the function.
///
/// # Errors
/// 401; 403 for a caller who may not manage functions, or does not hold each of them everywhere; 404; 412, also for what leads
/// back to the function; 503.
#[utoipa::path(post, path = "/useradmin/v2/function/{functionNameOrID}/children", request_body = NewChildren,
    params(("functionNameOrID" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "The function.", body = Envelope<FunctionView>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<FunctionView>), ArgusError))]
pub async fn post(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    body: JsonBody,
) -> Result<Reply, ArgusError> {
    let mut administrator = Administrator::open_in_bulk(&idp, &caller).await?;
    let parent = administrator.find(&reference).await?.id;
    let mut fields = body.fields();
    let children = required_references(&mut fields, "children");
    fields.finish()?;
    administrator.require_own(parent).await?;
    let mut changed = false;
    for (at, child) in children.iter().enumerate() {
        let child = administrator.named(&format!("children[{at}]"), child).await?.id;
        administrator.require_own(child).await?;
        let command = functions::add_child(&mut administrator.desk, parent, child).await?;
        changed |= administrator.tell(parent, command).await?;
    }
    let view = administrator.close(parent).await?;
    Ok(if changed { Reply::ok(view) } else { Reply::unchanged(view) })
}

/// Makes a function imply others no longer: 200 with those that it still implies.
///
/// # Errors
/// 401; 403 for a caller who may not manage functions, or does not hold the function everywhere; 404; 412; 503.
#[utoipa::path(delete, path = "/useradmin/v2/function/{functionNameOrID}/children",
    params(("functionNameOrID" = String, Path, description = "Id or name."), FormerChildren),
    responses((status = 200, description = "Those that are left.", body = Envelope<Vec<FunctionView>>), ArgusError))]
pub async fn delete(
    State(idp): State<Idp>,
    Changing(caller): Changing,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let mut administrator = Administrator::open_in_bulk(&idp, &caller).await?;
    let parent = administrator.find(&reference).await?.id;
    let mut query = query_fields(uri.query().unwrap_or_default(), &["child"])?;
    let children = required_references(&mut query, "child");
    query.finish()?;
    administrator.require_own(parent).await?;
    for (at, child) in children.iter().enumerate() {
        let child = administrator.named(&format!("child[{at}]"), child).await?.id;
        administrator.tell(parent, FunctionCommand::RemoveChild { child }).await?;
    }
    let left = list_relatives(administrator.desk.lane().connection(), parent, Relatives::Children).await?;
    administrator.desk.commit().await?;
    Ok(Reply::list(&left, Page::whole(left.len())))
}
