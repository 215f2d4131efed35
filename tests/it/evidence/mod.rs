//! Evidence that the log was not changed: leaves, checkpoints, proofs, tampering.

mod checkpoints;
mod leaves;
mod proofs;
mod support;
