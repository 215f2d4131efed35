//! `GET /audit/v1/entries`: the audit trail, for holders of `viewAuditTrail`, page by page in log order.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page as ReplyPage, Reply, query_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::audit::{self, AuditRow, Filter, Page, Visible};
use serde_json::json;

const MOST: i64 = 1000;

/// Which entries.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct AuditQuery {
    /// Which ones: `actor:alice client:myclient action:token.* outcome:refused ip:10.0.0.0/8 after:7d -action:token.refreshed`.
    query: Option<String>,
    /// The cursor: what `metaData.next` of the page before said.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// The most on a page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
}

/// Query: `query` (see the audit filter), `after` (cursor), `limit` (1 to 1000, 100 by default). The
/// cursor of the next page is `metaData.next`. Who holds the function for some customers sees just those customers' entries.
///
/// # Errors
/// 401, 403, 412.
#[utoipa::path(get, path = "/audit/v1/entries", params(AuditQuery),
    responses((status = 200, description = "A page of the trail.", body = Envelope<Vec<AuditRow>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let visible = read!(idp.database.connections(), |c| Visible::to(c, &caller.rights, caller.domain))?;
    let visible = visible.ok_or(ArgusError::Denied)?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let after = query.integer("after", 0..=i64::MAX).unwrap_or(0);
    let limit = query.integer("limit", 1..=MOST).unwrap_or(100);
    let text = query.text("query").unwrap_or_default();
    let filter = Filter::parse(&text, idp.now()).map_err(|error| query.refuse("query", error));
    query.finish()?;
    let (filter, page) = (filter.unwrap_or_default(), Page { after, limit });
    let entries = read!(idp.database.connections(), |c| audit::list(c, &filter, &visible, page))?;
    let next = entries.last().map_or(page.after, |entry| entry.position);
    let shown = ReplyPage { limit, ..ReplyPage::whole(entries.len()) };
    Ok(Reply::list(&entries, shown).with_meta(json!({ "next": next })))
}
