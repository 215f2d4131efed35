//! Evidence that the log was not changed: leaves, checkpoints, proofs, tampering, erasure.

mod checkpoints;
mod erasure;
mod growing;
mod hostile;
mod http;
mod leaves;
mod proofs;
mod retained;
mod scene;
pub(crate) mod support;
mod tampering;
