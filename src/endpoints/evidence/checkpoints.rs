//! `GET /audit/v1/checkpoint`: the newest signed head, as text. `GET /audit/v1/checkpoints`: all of them, page by page.

use super::{base64, newest};
use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Page, Reply, query_fields},
    read,
};
use aggregates::values::Timestamp;
use axum::{
    extract::State,
    http::{Uri, header},
    response::IntoResponse,
};
use projections::evidence::{self, CheckpointRow};
use serde::Serialize;
use serde_json::json;

const MOST: i64 = 1000;

/// A signed head.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckpointView {
    /// How many entries are under it.
    tree_size: i64,
    /// The position of the last of them in the log.
    last_position: i64,
    /// The root hash, in base64.
    root: String,
    /// When it was signed.
    #[schema(value_type = i64)]
    signed_at: Timestamp,
    /// All of it, signed (C2SP signed-note).
    note: String,
}

impl From<CheckpointRow> for CheckpointView {
    fn from(row: CheckpointRow) -> Self {
        let CheckpointRow { tree_size, last_position, root, signed_at, note } = row;
        Self { tree_size, last_position, root: base64(&root), signed_at, note }
    }
}

/// Which ones.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes the query")]
pub struct CheckpointQuery {
    /// The cursor: what `metaData.next` of the page before said, a tree size.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// The most on a page.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    limit: Option<i64>,
}

/// The newest checkpoint, as C2SP tlog-checkpoint. For whoever may see any part of the audit trail.
///
/// # Errors
/// 401; 403; 404 before the first.
#[utoipa::path(get, path = "/audit/v1/checkpoint",
    responses((status = 200, description = "The note.", body = String, content_type = "text/plain"), ArgusError))]
pub async fn newest_note(State(idp): State<Idp>, Asking(caller): Asking) -> Result<impl IntoResponse, ArgusError> {
    caller.visible_entries(&idp).await?;
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, newest(&idp).await?.note))
}

/// Every checkpoint, the smallest first. For whoever may see any part of the audit trail.
///
/// # Errors
/// 401; 403; 412.
#[utoipa::path(get, path = "/audit/v1/checkpoints", params(CheckpointQuery),
    responses((status = 200, description = "A page.", body = Envelope<Vec<CheckpointView>>), ArgusError))]
pub async fn get(State(idp): State<Idp>, Asking(caller): Asking, uri: Uri) -> Result<Reply, ArgusError> {
    caller.visible_entries(&idp).await?;
    let mut query = query_fields(uri.query().unwrap_or_default(), &[])?;
    let after = query.integer("after", 0..=i64::MAX).unwrap_or(0);
    let limit = query.integer("limit", 1..=MOST).unwrap_or(100);
    query.finish()?;
    let rows = read!(idp.database.connections(), |c| evidence::list_checkpoints(c, after, limit))?;
    let next = rows.last().map_or(after, |row| row.tree_size);
    let views: Vec<CheckpointView> = rows.into_iter().map(CheckpointView::from).collect();
    let shown = Page { limit, ..Page::whole(views.len()) };
    Ok(Reply::list(&views, shown).with_meta(json!({ "next": next })))
}
