//! `POST /customeradmin/v2/customer/search`: find customers.

use super::{
    authority::viewed,
    described::CustomerSearch,
    search_input::{answer, of_search},
};
use crate::http::{ArgusError, Asking, Envelope, Idp, JsonBody, Reply};
use axum::extract::State;
use projections::customers::CustomerView;

/// Searches for customers.
///
/// # Errors
/// 401; 403 for a caller who may not view customers; 412.
#[utoipa::path(post, path = "/customeradmin/v2/customer/search", request_body = CustomerSearch,
    responses((status = 200, description = "A page of customers.", body = Envelope<Vec<CustomerView>>), ArgusError))]
pub async fn post(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    let viewed = viewed(&idp, &caller).await?;
    answer(&idp, &viewed, &of_search(body.fields())?).await
}
