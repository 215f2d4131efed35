//! `GET /audit/v1/entries`: the audit trail, for holders of `viewAuditTrail`, page by page in log order.

use crate::{
    http::{ArgusError, Asking, Idp, OAuthForm, Reply},
    read,
};
use aggregates::values::Timestamp;
use axum::{extract::State, http::Uri};
use projections::{
    audit::{self, Filter, Page, Visible},
    rights,
};
use serde_json::json;

const FUNCTION: &str = "viewAuditTrail";
const MOST: i64 = 1000;

/// Query: `user`, `client`, `action`, `outcome`, `since` (milliseconds), `after` (cursor), `limit` (1 to 1000, 100 by default). The
/// cursor of the next page is `metaData.next`. Who holds the function for some customers sees just those customers' entries.
///
/// # Errors
/// 401, 403, 412.
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let everywhere =
        read!(idp.database.connections(), |c| rights::holds_everywhere(c, &caller.rights, FUNCTION, caller.domain))?;
    let visible = if everywhere {
        Visible::Domain(caller.domain)
    } else {
        Visible::Customers(read!(idp.database.connections(), |c| rights::customers_where(c, &caller.rights, FUNCTION))?)
    };
    if matches!(&visible, Visible::Customers(customers) if customers.is_empty()) {
        return Err(ArgusError::Denied);
    }
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
