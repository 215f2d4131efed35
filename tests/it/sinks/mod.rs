//! Other systems are told what happens: each kind of sink against something that speaks its protocol.

mod jsonl;
mod support;
