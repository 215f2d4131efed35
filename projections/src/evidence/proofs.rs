//! Roots and proofs (RFC 9162 §2.1.3, §2.1.4) of the tree at any of its sizes. Which nodes a proof is made of, `ct-merkle` says.

use super::{
    apply::stored,
    tree::{Frontier, Hash, joined},
};
use ct_merkle::{indices_for_consistency_proof, indices_for_inclusion_proof};
use sqlx::PgConnection;

/// A stored level is that many levels of the tree above the one before.
const STEP: u32 = 8;

/// The root of the tree of the first `size` leaves, which must be there.
///
/// # Errors
/// The database's.
pub async fn root(c: &mut PgConnection, size: i64) -> Result<Hash, sqlx::Error> {
    range(c, (0, size.unsigned_abs())).await
}

/// The audit path of a leaf in the tree of the first `size` leaves, the nearest first; none when the tree does not hold it.
///
/// # Errors
/// The database's.
pub async fn inclusion(c: &mut PgConnection, number: i64, size: i64) -> Result<Option<Vec<Hash>>, sqlx::Error> {
    let (Ok(number), Ok(size)) = (u64::try_from(number), u64::try_from(size)) else { return Ok(None) };
    match number < size {
        true => path(c, &indices_for_inclusion_proof(size, number), size).await.map(Some),
        false => Ok(None),
    }
}

/// The proof that the tree of the first `to` leaves begins with that of the first `from`; none unless `0 < from <= to`.
///
/// # Errors
/// The database's.
pub async fn consistency(c: &mut PgConnection, from: i64, to: i64) -> Result<Option<Vec<Hash>>, sqlx::Error> {
    let (Ok(from), Ok(to)) = (u64::try_from(from), u64::try_from(to)) else { return Ok(None) };
    match to.checked_sub(from) {
        Some(added) if from > 0 => path(c, &indices_for_consistency_proof(from, added), to).await.map(Some),
        _ => Ok(None),
    }
}

async fn path(c: &mut PgConnection, nodes: &[u64], size: u64) -> Result<Vec<Hash>, sqlx::Error> {
    let mut path = Vec::with_capacity(nodes.len());
    for node in nodes {
        path.push(range(c, span(*node, size)).await?);
    }
    Ok(path)
}

/// The leaves under a node, which is numbered as in an array-based tree (RFC 9420, appendix C).
const fn span(node: u64, size: u64) -> (u64, u64) {
    let height = node.trailing_ones();
    let first = (node >> (height + 1)) << height;
    let end = first + (1 << height);
    (first, if end < size { end } else { size })
}

/// The hash of the leaves from `first` to before `end`, where `first` begins a subtree that is no smaller.
async fn range(c: &mut PgConnection, (first, end): (u64, u64)) -> Result<Hash, sqlx::Error> {
    let (mut subtrees, mut at) = (Vec::new(), first);
    while let Some(height) = end.saturating_sub(at).checked_ilog2() {
        subtrees.push(full(c, height, at >> height).await?);
        at += 1 << height;
    }
    Ok(joined(&subtrees))
}

/// The hash of a full subtree: made of at most 128 stored nodes.
async fn full(c: &mut PgConnection, height: u32, number: u64) -> Result<Hash, sqlx::Error> {
    let (level, above) = (height / STEP, height % STEP);
    let first = i64::try_from(number << above).unwrap_or(i64::MAX);
    let mut subtree = Frontier::default();
    let nodes = stored(c, i32::try_from(level).unwrap_or(i32::MAX), first, 1 << above).await?;
    nodes.into_iter().for_each(|node| subtree.push(node));
    Ok(subtree.root())
}
