//! `GET /authentication/v1/customer/events`: those of whole customers.

use super::event::{AuthenticationEvent, EventQuery, answer, wanted};
use crate::{
    http::{ArgusError, Asking, Envelope, Fields, Idp, Reply, query_fields, search_fields::PageQuery},
    read,
};
use aggregates::ids::CustomerId;
use axum::{extract::State, http::Uri};
use projections::{
    audit::{Visible, Wanted},
    lookup,
};

/// Whose.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct CustomerQuery {
    /// Customers, by number, UUID or short name, with those below them.
    customer: Option<Vec<String>>,
    /// The domain whose names are meant, the caller's own unless given.
    domain: Option<String>,
}

/// The authentication events of customers, the latest first: of those for which the caller holds `viewAuditTrail`.
///
/// # Errors
/// 401; 403 for a caller who may not view the trail of anybody; 412.
#[utoipa::path(get, path = "/authentication/v1/customer/events", params(CustomerQuery, EventQuery, PageQuery),
    responses((status = 200, description = "A page.", body = Envelope<Vec<AuthenticationEvent>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &["customer"])?;
    let (references, domain, wanted) = read_query(&mut query);
    query.finish()?;
    let connections = idp.database.connections();
    let domain = match domain {
        None => caller.domain,
        Some(domain) => {
            let found = read!(connections, |c| lookup::domain(c, &domain))?;
            found.ok_or_else(|| ArgusError::field("domain", "names nothing"))?.id
        }
    };
    let visible = read!(connections, |c| Visible::to(c, &caller.rights, domain))?.ok_or(ArgusError::Denied)?;
    let mut customers = references.as_ref().map(|_| Vec::<CustomerId>::new());
    for reference in references.iter().flatten() {
        // What names nothing has no events, like what the caller may not see.
        let found = read!(connections, |c| lookup::customer(c, domain, reference))?;
        customers.iter_mut().for_each(|customers| customers.extend(found.as_ref().map(|found| found.id)));
    }
    answer(&idp, &Wanted { customers, ..wanted }, &visible).await
}

fn read_query(query: &mut Fields) -> (Option<Vec<String>>, Option<String>, Wanted) {
    (query.references("customer"), query.reference("domain"), wanted(query))
}
