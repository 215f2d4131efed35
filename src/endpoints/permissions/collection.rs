//! `/useradmin/v2/permission`: list, grant and revoke permissions.

use super::{
    authority::{Administrator, Wanted, meant, viewed},
    described::{NewPermission, PermissionQuery, RevokeManyQuery},
    search_input::{answer, of_list},
};
use crate::http::{
    ArgusError, Asking, Changing, Envelope, Fields, Idp, JsonBody, Page, Reply,
    common_fields::{comment, required_references},
    query_fields,
    search_fields::PageQuery,
};
use axum::{extract::State, http::Uri};
use projections::permissions::PermissionView;

/// Lists permissions.
///
/// # Errors
/// 401; 403 for a caller who may not view permissions of anybody; 412.
#[utoipa::path(get, path = "/useradmin/v2/permission", params(PermissionQuery, PageQuery),
    responses((status = 200, description = "A page of permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let viewed = viewed(&idp, &caller).await?;
    answer(&idp, &viewed, &of_list(&uri)?).await
}

/// Grants a function for a customer to a user or a group: 201, or 220 when it was granted already, with the permission.
///
/// # Errors
/// 401; 403 for a caller who may not manage permissions of the customer, or does not hold the function for it; 412; 503.
#[utoipa::path(post, path = "/useradmin/v2/permission", request_body = NewPermission,
    responses((status = 201, description = "The permission.", body = Envelope<PermissionView>),
        (status = 220, description = "Nothing had to be changed.", body = Envelope<PermissionView>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Changing(caller): Changing, body: JsonBody) -> Result<Reply, ArgusError> {
    viewed(&idp, &caller).await?;
    let mut fields = body.fields();
    let wanted = Wanted::read(&mut fields);
    fields.finish()?;
    let wanted = wanted.ok_or(ArgusError::NotJson)?;
    let meant = meant(&idp, &caller, vec![(String::new(), wanted)]).await?;
    let mut administrator = Administrator::open(&idp, &caller).await?;
    let (granted, changed) = administrator.grant(&meant).await?;
    administrator.close().await?;
    let view = granted.into_iter().next().ok_or(ArgusError::Unavailable)?;
    Ok(if changed { Reply::created(view) } else { Reply::unchanged(view) })
}

/// Revokes permissions, all of them or none: 200 with each as it was, now flagged `deleted`.
///
/// # Errors
/// 401; 403 for a caller who may not manage permissions of a customer, or does not hold the function for it; 404; 412; 503.
#[utoipa::path(delete, path = "/useradmin/v2/permission", params(RevokeManyQuery),
    responses((status = 200, description = "The permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn delete(State(idp): State<Idp>, Changing(caller): Changing, uri: Uri) -> Result<Reply, ArgusError> {
    viewed(&idp, &caller).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &["permission"])?;
    let numbers = numbers(&mut query);
    let comment = comment(&mut query);
    query.finish()?;
    let mut administrator = Administrator::open_in_bulk(&idp, &caller).await?;
    let mut revoked = Vec::new();
    for number in numbers {
        revoked.push(administrator.revoke(number, comment.clone()).await?);
    }
    administrator.close().await?;
    Ok(Reply::list(&revoked, Page::whole(revoked.len())))
}

/// Each number once.
fn numbers(query: &mut Fields) -> Vec<i64> {
    let mut numbers = Vec::new();
    for (at, text) in required_references(query, "permission").iter().enumerate() {
        match text.parse() {
            Ok(number) if !numbers.contains(&number) => numbers.push(number),
            Ok(_) => (),
            Err(_) => query.refuse(&format!("permission[{at}]"), "must be a number"),
        }
    }
    numbers
}
