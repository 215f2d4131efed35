//! Other systems are told what happens: each kind of sink against something that speaks its protocol.

mod jsonl;
mod nats;
pub(crate) mod nats_server;
pub(crate) mod receiver;
pub(crate) mod support;
mod webhook;
