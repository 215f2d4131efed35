//! `POST /authentication/v1/oauth/client/search`: find clients among those that one may use.

use super::{described::ClientCriteria, rights::require_view, search_input};
use crate::directory::clients::ClientObject;
use crate::http::{ArgusError, Asking, Envelope, Idp, JsonBody, Reply, described_search::SearchOf};
use axum::extract::State;

/// Searches.
///
/// # Errors
/// 401; 403 for a caller who may not view clients of anybody; 412.
#[utoipa::path(post, path = "/authentication/v1/oauth/client/search", request_body = SearchOf<ClientCriteria>,
    responses((status = 200, description = "Those that the caller may use.", body = Envelope<Vec<ClientObject>>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    let search = search_input::of_search(body.fields())?;
    search_input::answer(&idp, &caller, &search).await
}
