//! `GET /authentication/v1/events`: the caller's own.

use super::event::{AuthenticationEvent, EventQuery, answer, wanted};
use crate::http::{ArgusError, Asking, Envelope, Idp, Reply, query_fields, search_fields::PageQuery};
use axum::{extract::State, http::Uri};
use projections::audit::{Visible, Wanted};

/// The caller's authentication events, the latest first.
///
/// # Errors
/// 401; 403 for what was delegated or narrowed; 412.
#[utoipa::path(get, path = "/authentication/v1/events", params(EventQuery, PageQuery),
    responses((status = 200, description = "A page.", body = Envelope<Vec<AuthenticationEvent>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    caller.in_person()?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let wanted = Wanted { user: Some(caller.user), ..wanted(&mut query) };
    query.finish()?;
    answer(&idp, &wanted, &Visible::Domain(caller.domain)).await
}
