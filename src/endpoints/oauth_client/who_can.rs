//! `GET /authentication/v1/oauth/client/{idOrShortname}/who-can`: who may use a client, and by which permission.

use super::{
    described::ClientReference,
    moment,
    rights::{VIEW_USERS, find_detailed},
};
use crate::{
    directory::clients::who_could,
    http::{
        ArgusError, Asking, Envelope, Idp, Page, Reference, Reply, query_fields,
        search_fields::{self, PageQuery},
    },
    read,
};
use aggregates::values::Seconds;
use axum::{extract::State, http::Uri};
use projections::{
    clients::{self, Holder},
    rights,
};

/// When.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct MomentQuery {
    /// A version (`7`), a position of the log (`@4711`), a day (`2026-01-31`) or a time (`2026-01-31T12:00:00Z`); now unless given.
    at: Option<String>,
}

/// The users who hold the client's required function, by user name, each with the permission by which they do; of them those whom the
/// caller may view (`viewUsers`). At an earlier moment: by the directory as it was then. Query: `at`, `limit`, `offset`.
///
/// # Errors
/// 401; 403 for a caller who may not view clients or their details; 404 also when the client was not there then; 412; 429 while
/// another question about the past is being answered.
#[utoipa::path(get, path = "/authentication/v1/oauth/client/{idOrShortname}/who-can",
    params(ClientReference, MomentQuery, PageQuery),
    responses((status = 200, description = "Who may use it.", body = Envelope<Vec<Holder>>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(reference): Reference,
    uri: Uri,
) -> Result<Reply, ArgusError> {
    let client = find_detailed(&idp, &caller, &reference).await?;
    let mut fields = query_fields(uri.query().unwrap_or_default(), &[])?;
    let moment = moment::read(&mut fields, "at");
    let (limit, offset) = search_fields::page(&mut fields);
    fields.finish()?;
    let connections = idp.database.connections();
    let seen = read!(connections, |c| rights::customers_where(c, &caller.rights, VIEW_USERS))?;
    let holders = match moment {
        Some(moment) => {
            let _turn = idp.past.try_acquire().map_err(|_| ArgusError::TooManyRequests(Seconds(1)))?;
            who_could((&idp.database, &idp.keys), client.id, moment, Some(&seen)).await?
        }
        None => read!(connections, |c| clients::who_can(c, client.id, Some(&seen)))?,
    };
    Ok(Reply::list(
        search_fields::one_page(&holders, (limit, offset)),
        Page { limit, offset, ..Page::whole(holders.len()) },
    ))
}
