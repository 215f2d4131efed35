//! `GET /audit/v1/entries`: the audit trail, for holders of `viewAuditTrail`, page by page in log order.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, OAuthForm, Reply},
    read,
};
use aggregates::values::Timestamp;
use axum::{extract::State, http::Uri};
use projections::audit::{self, AuditRow, Filter, Page, Visible};
use serde_json::json;

const MOST: i64 = 1000;

/// Which entries.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct AuditQuery {
    /// A user's name or UUID.
    user: Option<String>,
    /// A client's short name or UUID.
    client: Option<String>,
    /// An action, for example `token.issued`.
    action: Option<String>,
    /// `granted`, `refused`, `revoked` or `done`.
    outcome: Option<String>,
    /// Not before, in milliseconds.
    #[param(minimum = 0)]
    since: Option<i64>,
    /// The cursor: what `metaData.next` of the page before said.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// The most on a page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
}

/// Query: `user`, `client`, `action`, `outcome`, `since` (milliseconds), `after` (cursor), `limit` (1 to 1000, 100 by default). The
/// cursor of the next page is `metaData.next`. Who holds the function for some customers sees just those customers' entries.
///
/// # Errors
/// 401, 403, 412.
#[utoipa::path(get, path = "/audit/v1/entries", params(AuditQuery),
    responses((status = 200, description = "A page of the trail.", body = Envelope<Vec<AuditRow>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let visible = read!(idp.database.connections(), |c| Visible::to(c, &caller.rights, caller.domain))?;
    let visible = visible.ok_or(ArgusError::Denied)?;
    let query =
        OAuthForm::parse(uri.query().unwrap_or_default()).map_err(|_| ArgusError::field("query", "cannot be read"))?;
    let page =
        Page { after: number(&query, "after", 0, 0..=i64::MAX)?, limit: number(&query, "limit", 100, 1..=MOST)? };
    let since = query.get("since").map(|_| number(&query, "since", 0, 0..=i64::MAX)).transpose()?;
    let text = |name| query.get(name).map(str::to_owned);
    let filter = Filter {
        user: text("user"),
        client: text("client"),
        action: text("action"),
        outcome: text("outcome"),
        since: since.map(Timestamp::from_millis),
    };
    let entries = read!(idp.database.connections(), |c| audit::list(c, &filter, &visible, page))?;
    let next = entries.last().map_or(page.after, |entry| entry.position);
    Ok(Reply::ok(json!(entries)).with_meta(json!({ "next": next })))
}

fn number(
    query: &OAuthForm,
    name: &'static str,
    otherwise: i64,
    range: std::ops::RangeInclusive<i64>,
) -> Result<i64, ArgusError> {
    let Some(text) = query.get(name) else { return Ok(otherwise) };
    let digits = text.bytes().all(|c| c.is_ascii_digit());
    let number = text.parse().ok().filter(|number| digits && range.contains(number));
    number.ok_or_else(|| ArgusError::field(name, "must be a whole number in range"))
}
