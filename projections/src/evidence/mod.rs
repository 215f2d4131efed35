//! Evidence: what was recorded cannot be changed unnoticed.
//!
//! Every event is a leaf of a Merkle tree (RFC 9162 §2.1), numbered from 0 in the order of the log. The leaf is made of the event
//! as it was stored, before any upcaster sees it. Heads of the tree are signed from time to time: the checkpoints.

mod apply;
mod canonical;
mod checkpoints;
mod leaves;
mod log;
mod proofs;
mod tree;

pub use canonical::LoggedEvent;
pub use checkpoints::{CheckpointRow, find_latest, find_with_size, insert, list_checkpoints};
pub use leaves::{LeafRow, find_by_position, list_leaves, size};
pub use log::{LogPlace, list_dropped, list_events};
pub use proofs::{consistency, inclusion, root};
pub use tree::{Frontier, Hash};

use crate::{Mode, ReadModel};

/// The read model's line in the table of all.
pub const MODEL: ReadModel = ReadModel {
    name: "evidence",
    version: 1,
    ddl: include_str!("../../../migrations/0022_evidence.sql"),
    tables: &["evidence_leaves", "evidence_nodes"],
    feeds: &[
        "client",
        "user",
        "group",
        "customer",
        "domain",
        "function",
        "provider",
        "signing_key",
        "grant",
        "session",
    ],
    mode: Mode::Followed,
    kept: Some("it says what the log was when it was written, and must not be made to agree with what the log is now"),
    apply: |c, events, _| Box::pin(apply::apply(c, events)),
};
