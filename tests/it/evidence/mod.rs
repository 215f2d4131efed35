//! Evidence that the log was not changed: leaves, checkpoints, proofs, tampering.

mod checkpoints;
mod erasure;
mod http;
mod leaves;
mod proofs;
mod retained;
pub(crate) mod support;
mod tampering;
