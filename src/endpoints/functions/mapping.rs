//! `/useradmin/v2/functionmapping` and `…/search`: which function implies which, edge by edge. Of what was taken back the audit
//! trail tells, so `includeDeleted` may only be false.

use super::{
    authority::require_view,
    described::{MappingQuery, MappingSearchFields},
    search_input::MAPPING_ORDERS,
};
use crate::{
    http::{
        ArgusError, Asking, Envelope, Fields, Idp, JsonBody, Page, Reply, common_fields::without_ended, query_fields,
        search_fields,
    },
    read,
};
use axum::{extract::State, http::Uri};
use projections::functions::{Mapping, MappingCriteria, MappingSearch, search_mappings};

/// Lists them.
///
/// # Errors
/// 401; 403 for a caller who may not view functions; 412.
#[utoipa::path(get, path = "/useradmin/v2/functionmapping", params(MappingQuery, search_fields::PageQuery),
    responses((status = 200, description = "A page of mappings.", body = Envelope<Vec<Mapping>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &["parent", "child", "sortBy"])?;
    let ended = query.switch("includeDeleted");
    without_ended(&mut query, ended);
    answer(&idp, query).await
}

/// Searches for them.
///
/// # Errors
/// 401; 403 for a caller who may not view functions; 412.
#[utoipa::path(post, path = "/useradmin/v2/functionmapping/search", request_body = MappingSearchFields,
    responses((status = 200, description = "A page of mappings.", body = Envelope<Vec<Mapping>>), ArgusError))]
pub async fn search(State(idp): State<Idp>, Asking(caller): Asking, body: JsonBody) -> Result<Reply, ArgusError> {
    require_view(&idp, &caller).await?;
    let mut fields = body.fields();
    let ended = fields.flag("includeDeleted");
    without_ended(&mut fields, ended);
    answer(&idp, fields).await
}

async fn answer(idp: &Idp, mut fields: Fields) -> Result<Reply, ArgusError> {
    let search: MappingSearch = search_fields::list(&mut fields, MAPPING_ORDERS, |fields| MappingCriteria {
        parents: search_fields::few(fields, "parent"),
        children: search_fields::few(fields, "child"),
    });
    fields.finish()?;
    let found = search_fields::found(read!(idp.database.searches(), |c| search_mappings(c, &search)))?;
    Ok(Reply::list(&found.rows, Page { limit: search.limit, offset: search.offset, count: found.count }))
}
