//! `GET /audit/v1/entries/{position}/proof`: that an entry is under the newest checkpoint (RFC 9162 §2.1.3).

use super::{base64, newest};
use crate::{
    http::{ArgusError, Asking, Envelope, Idp, Reference, Reply},
    read,
};
use axum::extract::State;
use projections::{audit, evidence};
use serde::Serialize;

/// An inclusion proof.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InclusionView {
    /// The number of the leaf, from 0.
    index: i64,
    /// How many leaves the tree has.
    tree_size: i64,
    /// SHA-256 of 0x00 and the event's canonical bytes, in base64.
    leaf_hash: String,
    /// The hashes beside the way to the root, the nearest first, in base64.
    audit_path: Vec<String>,
    /// The signed head with that root (C2SP signed-note).
    checkpoint: String,
}

/// The proof that an entry is under the newest checkpoint. For whoever may see that entry.
///
/// # Errors
/// 401; 403; 404 for an entry that the caller may not see, or that no checkpoint covers yet.
#[utoipa::path(get, path = "/audit/v1/entries/{position}/proof",
    params(("position" = String, Path, description = "The entry's position in the log.")),
    responses((status = 200, description = "The proof.", body = Envelope<InclusionView>), ArgusError))]
pub async fn get(
    State(idp): State<Idp>,
    Asking(caller): Asking,
    Reference(position): Reference,
) -> Result<Reply, ArgusError> {
    let visible = caller.visible_entries(&idp).await?;
    let position: i64 = position.parse().map_err(|_| ArgusError::NotFound)?;
    let connections = idp.database.connections();
    if !read!(connections, |c| audit::is_visible(c, position, &visible))? {
        return Err(ArgusError::NotFound);
    }
    let leaf = read!(connections, |c| evidence::find_by_position(c, position))?.ok_or(ArgusError::NotFound)?;
    let head = newest(&idp).await?;
    let path = read!(connections, |c| evidence::inclusion(c, leaf.number, head.tree_size))?;
    let audit_path = path.ok_or(ArgusError::NotFound)?.iter().map(base64).collect();
    let (tree_size, checkpoint, leaf_hash) = (head.tree_size, head.note, base64(&leaf.hash));
    Ok(Reply::ok(InclusionView { index: leaf.number, tree_size, leaf_hash, audit_path, checkpoint }))
}
