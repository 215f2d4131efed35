//! `GET /authentication/v1/session/function`: the functions that the caller holds for some customer.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply},
    read,
};
use axum::extract::State;
use projections::functions::{self, HeldFunction};

/// All of them, in the order of numbers.
///
/// # Errors
/// 401.
#[utoipa::path(get, path = "/authentication/v1/session/function",
    responses((status = 200, description = "The functions.", body = Envelope<Vec<HeldFunction>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking) -> Result<Reply, ArgusError> {
    let held: Vec<HeldFunction> = read!(idp.database.connections(), |c| functions::list_held(c, &caller.rights))?;
    Ok(Reply::list(&held, Page::whole(held.len())))
}
