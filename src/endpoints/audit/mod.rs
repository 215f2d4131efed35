//! `/audit/v1`: the audit trail, for holders of `viewAuditTrail`. Who holds it for some customers sees just those customers' entries.

pub mod entries;
pub mod entry;
pub mod export;
pub mod grant;
pub mod grants;

use crate::{
    http::{ArgusError, Fields, Idp, search_fields::found},
    read,
};
use projections::audit::{Asked, Filter, Page, Visible};

/// The most on a page.
const MOST: i64 = 1000;

/// Takes the filter out of the query.
fn filter(idp: &Idp, query: &mut Fields) -> Filter {
    // A text that looks like a number is one in a query string, and no filter.
    let text = query.reference("query").unwrap_or_default();
    Filter::parse(&text, idp.now()).map_err(|error| query.refuse("query", error)).unwrap_or_default()
}

/// Takes the cursor and the size of a page out of the query.
fn page(query: &mut Fields) -> Page {
    let after = query.integer("after", 0..=i64::MAX).unwrap_or(0);
    Page { after, limit: query.integer("limit", 1..=MOST).unwrap_or(100) }
}

/// Looks up what a page needs to be read.
async fn asked(idp: &Idp, filter: &Filter, visible: &Visible) -> Result<Asked, ArgusError> {
    found(read!(idp.database.searches(), |c| Asked::so_far(c, filter, visible)))
}
