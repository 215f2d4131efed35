//! What may be asked: read models, their tables and their queries.

pub mod master_key_fingerprint;
pub mod personal_keys;
pub mod signing_keys;
