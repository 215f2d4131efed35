//! `GET /useradmin/v2/function/{functionNameOrID}/parents`: what implies a function directly.

use super::authority::find_viewed;
use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reference, Reply},
    read,
};
use axum::extract::State;
use projections::functions::{FunctionView, Relatives, list_relatives};

/// Lists them.
///
/// # Errors
/// 401; 403 for a caller who may not view functions; 404.
#[utoipa::path(get, path = "/useradmin/v2/function/{functionNameOrID}/parents",
    params(("functionNameOrID" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "All of them.", body = Envelope<Vec<FunctionView>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
) -> Result<Reply, ArgusError> {
    let row = find_viewed(&idp, &caller, &reference).await?;
    let parents = read!(idp.database.connections(), |c| list_relatives(c, row.id, Relatives::Parents))?;
    Ok(Reply::list(&parents, Page::whole(parents.len())))
}
