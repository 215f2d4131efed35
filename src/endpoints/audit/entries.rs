//! `GET /audit/v1/entries`: the audit trail, page by page in log order.

use super::{asked, filter, page};
use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page as ReplyPage, Reply, query_fields, search_fields::found},
    read,
    trail::{Notation, Told},
};
use axum::{extract::State, http::Uri};
use serde_json::json;

/// Which entries.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct EntriesQuery {
    /// Which ones: `actor:alice client:myclient action:token.* outcome:refused ip:10.0.0.0/8 after:7d -action:token.refreshed`.
    query: Option<String>,
    /// The cursor: what `metaData.next` of the page before said.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// The most on a page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
    /// In whose words.
    #[param(inline)]
    format: Option<Notation>,
}

/// Query: `query` (see the audit filter), `after` (cursor), `limit` (1 to 1000, 100 by default), `format`. The cursor of the next
/// page is `metaData.next`. Who holds the function for some customers sees just those customers' entries.
///
/// # Errors
/// 401, 403, 412; 429 when too many search at once, or this search takes too long.
#[utoipa::path(get, path = "/audit/v1/entries", params(EntriesQuery),
    responses((status = 200, description = "A page of the trail.", body = Envelope<Vec<Told>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let visible = caller.visible_entries(&idp).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let page = page(&mut query);
    let notation: Notation = query.word("format", &Notation::WORDS).unwrap_or_default();
    let filter = filter(&idp, &mut query);
    query.finish()?;
    let asked = asked(&idp, &filter, &visible).await?;
    let entries = found(read!(idp.database.searches(), |c| asked.page(c, page)))?;
    let next = entries.last().map_or(page.after, |entry| entry.position);
    let told: Vec<Told> = entries.into_iter().map(|entry| notation.told(entry)).collect();
    let shown = ReplyPage { limit: page.limit, ..ReplyPage::whole(told.len()) };
    Ok(Reply::list(&told, shown).with_meta(json!({ "next": next })))
}
