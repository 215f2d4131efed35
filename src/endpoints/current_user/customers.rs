//! `GET /currentuser/v1/customers`: the customers for which the caller holds something.

use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply, query_fields, search_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::{
    current_user::{self, CustomerQuery},
    infos::CustomerInfo,
};

/// Which customers.
#[derive(utoipa::IntoParams)]
#[into_params(rename_all = "camelCase", parameter_in = Query)]
#[expect(dead_code, reason = "describes the query that `get` reads")]
pub struct OwnCustomers {
    /// Words that short name or name must hold, every one of them.
    #[param(max_items = 10)]
    keywords: Option<Vec<String>>,
    /// Functions that must be held there, every one of them, by id or name.
    #[param(max_items = 50)]
    required_function: Option<Vec<String>>,
}

/// `keywords` and `requiredFunction`, both repeatable, `limit`, `offset`.
///
/// # Errors
/// 401; 412.
#[utoipa::path(get, path = "/currentuser/v1/customers", params(OwnCustomers, search_fields::PageQuery),
    responses((status = 200, description = "The customers.", body = Envelope<Vec<CustomerInfo>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    let mut query = query_fields(uri.query().unwrap_or_default(), &["keywords", "requiredFunction"])?;
    let keywords = search_fields::few(&mut query, "keywords").unwrap_or_default();
    let functions = search_fields::few(&mut query, "requiredFunction").unwrap_or_default();
    let (limit, offset) = search_fields::page(&mut query);
    query.finish()?;
    let asked = CustomerQuery { keywords, functions, window: (limit, offset) };
    let rights = &caller.rights;
    let (customers, count) = read!(idp.database.connections(), |c| current_user::list_customers(c, rights, &asked))?;
    Ok(Reply::list(&customers, Page { limit, offset, count }))
}
