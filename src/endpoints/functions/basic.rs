//! `/users/v2/function…`: functions as everybody sees them who has signed in.

use super::{
    described::{FunctionCriteria, FunctionQuery},
    search_input::{answer, of_list, of_search},
};
use crate::{
    http::{
        ArgusError, Asking, Envelope, Idp, JsonBody, Reference, Reply, described_search::SearchOf,
        search_fields::PageQuery,
    },
    read,
};
use axum::{extract::State, http::Uri};
use projections::{
    functions::{BasicFunction, find_view},
    lookup,
};

/// Lists functions.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/users/v2/function", params(FunctionQuery, PageQuery),
    responses((status = 200, description = "A page of functions.", body = Envelope<Vec<BasicFunction>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    answer(&idp, &caller, &of_list(&uri)?, |view| view.basic).await
}

/// Searches for functions.
///
/// # Errors
/// 401; 412.
#[utoipa::path(post, path = "/users/v2/function/search", request_body = SearchOf<FunctionCriteria>,
    responses((status = 200, description = "A page of functions.", body = Envelope<Vec<BasicFunction>>), ArgusError))]
pub async fn search(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    answer(&idp, &caller, &of_search(body.fields())?, |view| view.basic).await
}

/// Shows a function.
///
/// # Errors
/// 401; 404.
#[utoipa::path(get, path = "/users/v2/function/{idOrShortname}",
    params(("idOrShortname" = String, Path, description = "Id or name.")),
    responses((status = 200, description = "The function.", body = Envelope<BasicFunction>), ArgusError))]
pub async fn one(
    State(idp): State<Idp>,
    Asking(_caller): Asking,
    Reference(reference): Reference,
) -> Result<Reply, ArgusError> {
    let connections = idp.database.connections();
    let row = read!(connections, |c| lookup::function(c, &reference))?.ok_or(ArgusError::NotFound)?;
    let view = read!(connections, |c| find_view(c, row.id))?.ok_or(ArgusError::NotFound)?;
    Ok(Reply::ok(view.basic))
}
