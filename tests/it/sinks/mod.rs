//! Other systems are told what happens: each kind of sink against something that speaks its protocol.

#[cfg(feature = "eventstore")]
mod eventstore;
mod jsonl;
mod nats;
pub(crate) mod nats_server;
pub(crate) mod receiver;
#[cfg(feature = "eventstore")]
mod stream_server;
pub(crate) mod support;
mod webhook;
