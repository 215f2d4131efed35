//! `POST /authentication/v1/oauth/client/search`: find clients among those that one may use.

use super::{rights::require_view, search_input};
use crate::http::{ArgusError, Asking, Idp, JsonBody, Reply};
use axum::extract::State;

/// Searches.
///
/// # Errors
/// 401; 403 for a caller who may not view clients of anybody; 412.
pub async fn post(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    let search = search_input::of_search(body.fields())?;
    search_input::answer(&idp, &caller, &search).await
}
