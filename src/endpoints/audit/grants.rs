//! `GET /audit/v1/grants`: what was granted to clients and scripts, page by page in log order, with what became of it.

use super::{asked, filter, page};
use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page as ReplyPage, Reply, query_fields, search_fields::found},
    read,
};
use axum::{extract::State, http::Uri};
use projections::audit::{GrantRow, list_grants};
use serde_json::json;

/// Which grants.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct GrantsQuery {
    /// Which ones, by the entry with which they began: `user:alice client:myclient after:7d`.
    query: Option<String>,
    /// The cursor: what `metaData.next` of the page before said.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// The most on a page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
}

/// Query: `query` (see the audit filter), `after` (cursor), `limit` (1 to 1000, 100 by default). The cursor of the next page is
/// `metaData.next`. Who holds the function for some customers sees just those customers' grants.
///
/// # Errors
/// 401, 403, 412; 429 when too many search at once, or this search takes too long.
#[utoipa::path(get, path = "/audit/v1/grants", params(GrantsQuery),
    responses((status = 200, description = "A page of grants.", body = Envelope<Vec<GrantRow>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let visible = caller.visible_entries(&idp).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let page = page(&mut query);
    let filter = filter(&idp, &mut query);
    query.finish()?;
    let asked = asked(&idp, &filter, &visible).await?;
    let now = idp.now();
    let grants = found(read!(idp.database.searches(), |c| list_grants(c, &asked, page, now)))?;
    let next = grants.last().map_or(page.after, |grant| grant.opening.position);
    let shown = ReplyPage { limit: page.limit, ..ReplyPage::whole(grants.len()) };
    Ok(Reply::list(&grants, shown).with_meta(json!({ "next": next })))
}
