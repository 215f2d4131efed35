//! What proves that the log was not changed: checkpoints, and proofs that lead to them. RFC 9162 §2.1, C2SP tlog-checkpoint.
//!
//! A checkpoint says nothing of what is in the log, so whoever may see any part of the trail may have it; the proof of an entry is for
//! whoever may see that entry.

pub mod checkpoints;
pub mod consistency;
pub mod proof;

use crate::{
    http::{ArgusError, Idp},
    read,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use projections::evidence::{self, CheckpointRow, Hash};

/// The newest checkpoint: none yet is 404.
async fn newest(idp: &Idp) -> Result<CheckpointRow, ArgusError> {
    read!(idp.database.connections(), |c| evidence::find_latest(c))?.ok_or(ArgusError::NotFound)
}

fn base64(hash: &Hash) -> String {
    STANDARD.encode(hash)
}
