//! `GET /audit/v1/consistency`: that a tree begins with an earlier one (RFC 9162 §2.1.4).

use super::{base64, newest};
use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Reply, query_fields},
    read,
};
use axum::{extract::State, http::Uri};
use projections::evidence;
use serde::Serialize;

/// A consistency proof.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConsistencyView {
    /// The size of the earlier tree.
    from: i64,
    /// The size of the later one.
    to: i64,
    /// The hashes, in base64.
    path: Vec<String>,
}

/// Which trees.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct ConsistencyQuery {
    /// The size of the earlier tree.
    #[param(minimum = 1)]
    from: i64,
    /// The size of the later one; that of the newest checkpoint unless given.
    #[param(minimum = 1)]
    to: Option<i64>,
}

/// The proof that the tree of size `to` begins with that of size `from`. For whoever may see any part of the audit trail.
///
/// # Errors
/// 401; 403; 404 before the first checkpoint; 412 for sizes that no checkpoint has come to.
#[utoipa::path(get, path = "/audit/v1/consistency", params(ConsistencyQuery),
    responses((status = 200, description = "The proof.", body = Envelope<ConsistencyView>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    caller.visible_entries(&idp).await?;
    let newest = newest(&idp).await?.tree_size;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let to = query.integer("to", 1..=newest).unwrap_or(newest);
    let from = query.integer("from", 1..=to);
    query.finish()?;
    let from = from.ok_or_else(|| ArgusError::field("from", "must be given"))?;
    let path = read!(idp.database.connections(), |c| evidence::consistency(c, from, to))?;
    let path = path.ok_or(ArgusError::NotFound)?.iter().map(base64).collect();
    Ok(Reply::ok(ConsistencyView { from, to, path }))
}
