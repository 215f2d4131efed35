//! `/audit/v1`: the audit trail, for holders of `viewAuditTrail`. Who holds it for some customers sees just those customers' entries.

pub mod entries;
pub mod entry;
pub mod export;

use crate::{
    http::{ArgusError, Fields, Idp},
    read,
};
use projections::audit::{Asked, Filter, Visible};

/// Takes the filter out of the query.
fn filter(idp: &Idp, query: &mut Fields) -> Filter {
    // A text that looks like a number is one in a query string, and no filter.
    let text = query.reference("query").unwrap_or_default();
    Filter::parse(&text, idp.now()).map_err(|error| query.refuse("query", error)).unwrap_or_default()
}

async fn asked(idp: &Idp, filter: &Filter, visible: &Visible) -> Result<Asked, ArgusError> {
    Ok(read!(idp.database.connections(), |c| Asked::so_far(c, filter, visible))?)
}
