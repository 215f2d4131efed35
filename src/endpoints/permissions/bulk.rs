//! `POST /useradmin/v2/permission/bulk`: grant several permissions.

use super::{
    authority::{Administrator, Wanted, meant, viewed},
    described::NewPermissions,
};
use crate::http::{ArgusError, Changing, Envelope, Idp, JsonBody, Page, Reply};
use axum::extract::State;
use projections::permissions::PermissionView;

/// The most that are granted at once: others wait for it.
const MOST: usize = 50;

/// Grants permissions, at most 50, all of them or none: 200 with each, also those that were granted already.
///
/// # Errors
/// 401; 403 for a caller who may not manage permissions of a customer, or does not hold a function for it; 412; 503.
#[utoipa::path(post, path = "/useradmin/v2/permission/bulk", request_body = NewPermissions,
    responses((status = 200, description = "The permissions.", body = Envelope<Vec<PermissionView>>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Changing(caller): Changing, body: JsonBody) -> Result<Reply, ArgusError> {
    viewed(&idp, &caller).await?;
    let mut fields = body.fields();
    let given = fields.has("permissions");
    let wanted = fields.objects("permissions", Wanted::read);
    if !given || wanted.as_ref().is_some_and(Vec::is_empty) {
        fields.refuse("permissions", "is required");
    }
    if wanted.as_ref().is_some_and(|wanted| wanted.len() > MOST) {
        fields.refuse("permissions", format_args!("must be at most {MOST}"));
    }
    fields.finish()?;
    let wanted = wanted.unwrap_or_default().into_iter().enumerate();
    let wanted: Vec<_> = wanted.map(|(at, wanted)| (format!("permissions[{at}]."), wanted)).collect();
    let meant = meant(&idp, &caller, wanted).await?;
    let mut administrator = Administrator::open_in_bulk(&idp, &caller).await?;
    let (granted, _) = administrator.grant(&meant).await?;
    administrator.close().await?;
    Ok(Reply::list(&granted, Page::whole(granted.len())))
}
