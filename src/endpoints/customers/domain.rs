//! `GET /customeradmin/v2/domain`: the domains of the customers that one sees. Domains are made on the command line.

use super::authority::viewed;
use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::{domains, infos::DomainInfo};

/// Lists domains.
///
/// # Errors
/// 401; 403 for a caller who may not view customers; 412.
#[utoipa::path(get, path = "/customeradmin/v2/domain", params(search_fields::PageQuery),
    responses((status = 200, description = "A page of domains.", body = Envelope<Vec<DomainInfo>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let viewed = viewed(&idp, &caller).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let connections = idp.database.connections();
    let (domains, count) = read!(connections, |c| domains::list_of(c, &viewed, (limit, offset)))?;
    Ok(Reply::list(&domains, Page { limit, offset, count }))
}
