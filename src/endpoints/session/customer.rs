//! `GET /authentication/v1/session/customer`: the customers for which the caller holds some function.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply},
    read,
};
use axum::extract::State;
use projections::{infos::CustomerInfo, rights};

/// All of them, in the order of numbers.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/authentication/v1/session/customer",
    responses((status = 200, description = "The customers.", body = Envelope<Vec<CustomerInfo>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking) -> Result<Reply, ArgusError> {
    let customers = read!(idp.database.connections(), |c| rights::list_customers(c, &caller.rights))?;
    Ok(Reply::list(&customers, Page::whole(customers.len())))
}
